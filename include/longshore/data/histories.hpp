// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/columns.hpp>
#include <longshore/data/interaction_log.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which of two events of a user comes first when both have the same time stamp. Results depend on it: in MovieLens
/// 100K half of all neighbouring events share their second, and so do the last two of 415 of 943 users.
enum class Ties {
  file_order,          ///< as in the log
  item_ascending,      ///< by item id, equal ones as in the log
  reverse_file_order,  ///< the later row first
};

/// The events of each user in the order of time. Those of user u are the entries offsets[u] to offsets[u+1]-1.
///
/// Cost: memory 24 bytes an event and 8 a user, beside the further columns; every question O(1).
struct Histories {
  std::vector<std::size_t> offsets = {0};  // (U+1)
  std::vector<Id> items;                   // (N)
  std::vector<Seconds> times;              // (N) never descending within a user
  std::vector<float> values;               // (N)
  std::vector<std::size_t> rows;           // (N) where in the log the event is
  Columns columns;                         // (N) the further columns of the log, in the same order
  bool has_times = true;                   // whether the times are time stamps

  /// The number of events, N.
  std::size_t size() const { return items.size(); }

  /// The number of users U, those without events included.
  Id user_count() const { return static_cast<Id>(offsets.size() - 1); }

  /// The number of events of a user.
  ///
  /// @throws DataError if the user is outside
  std::size_t length(Id user) const {
    expects<DataError>(user >= 0 && user < user_count(), "Histories::length: user ", user, " is outside the ",
                       user_count(), " users");
    return offsets[static_cast<std::size_t>(user) + 1] - offsets[static_cast<std::size_t>(user)];
  }

  /// Refuses offsets and times that do not belong to the items, values, rows and columns that are there and do not, and
  /// times that descend within a user.
  ///
  /// Cost: O(N + U).
  ///
  /// @param function  who asks, for the text of the error
  /// @throws ShapeError if they do not belong to the items
  /// @throws DataError  if a user's times descend
  void check(const char* function) const {
    check_offsets(function);
    check_count(function, times.size(), "times");
    if (!values.empty()) check_count(function, values.size(), "values");
    if (!rows.empty()) check_count(function, rows.size(), "rows");
    if (columns.count() > 0) check_count(function, columns.size(), "entries in each further column");
    for (std::size_t u = 0; u + 1 < offsets.size(); ++u)
      for (std::size_t n = offsets[u] + 1; n < offsets[u + 1]; ++n)
        expects<DataError>(times[n - 1] <= times[n], function, ": the histories' times must not descend, event ",
                           n - offsets[u], " of user ", u, " is at ", times[n], ", the one before at ", times[n - 1]);
  }

  /// The same of offsets and rows, for those who need to know where in the log the events are.
  ///
  /// @throws ShapeError if they do not belong to the items
  void check_rows(const char* function) const {
    check_offsets(function);
    check_count(function, rows.size(), "rows");
  }

 private:
  void check_offsets(const char* function) const {
    expects(!offsets.empty() && offsets.front() == 0 && offsets.back() == size() && std::ranges::is_sorted(offsets),
            function, ": the offsets of the histories must ascend from 0 to ", size(), ", the number of events");
  }
  void check_count(const char* function, std::size_t count, const char* what) const {
    expects(count == size(), function, ": the histories have ", count, " ", what, " for ", size(), " events");
  }
};

/// Brings some events of a log, a part of a split say, into the order of user and time.
///
/// Users and items keep their ids; users without events get an empty history. Deterministic.
/// Cost: O(N + U) where each user's events are in order already, O(N log N) at most.
///
/// @param rows  which events of the log, each at most once, in any order
/// @param ties  the order of events of a user with the same time stamp
/// @throws ShapeError if the columns of the log differ in length
/// @throws DataError  if a row is outside the log or comes twice, or the log holds an id outside its table
inline Histories histories(const InteractionLog& log, std::span<const std::size_t> rows, Ties ties = Ties::file_order) {
  check_log(log);
  std::vector<bool> wanted(log.size(), false);
  Histories result;
  result.offsets.assign(static_cast<std::size_t>(log.user_count()) + 1, 0);
  for (const std::size_t row : rows) {
    expects<DataError>(row < log.size(), "histories: expected rows below ", log.size(), ", got ", row);
    expects<DataError>(!wanted[row], "histories: the row ", row, " comes twice");
    wanted[row] = true;
    ++result.offsets[static_cast<std::size_t>(log.users.data()[row]) + 1];
  }
  std::partial_sum(result.offsets.begin(), result.offsets.end(), result.offsets.begin());

  std::vector<std::size_t> next(result.offsets.begin(), result.offsets.end() - 1);
  result.rows.resize(rows.size());
  for (std::size_t row = 0; row < log.size(); ++row)
    if (wanted[row]) result.rows[next[static_cast<std::size_t>(log.users.data()[row])]++] = row;

  const auto before = [&](std::size_t a, std::size_t b) {
    if (log.times.data()[a] != log.times.data()[b]) return log.times.data()[a] < log.times.data()[b];
    const Id item_a = log.items.data()[a], item_b = log.items.data()[b];
    if (ties == Ties::item_ascending && item_a != item_b) return item_a < item_b;
    return ties == Ties::reverse_file_order ? a > b : a < b;
  };
  for (std::size_t user = 0; user + 1 < result.offsets.size(); ++user) {
    const auto begin = result.rows.begin() + static_cast<std::ptrdiff_t>(result.offsets[user]);
    const auto end = result.rows.begin() + static_cast<std::ptrdiff_t>(result.offsets[user + 1]);
    if (!std::is_sorted(begin, end, before)) std::sort(begin, end, before);
  }

  result.items.reserve(rows.size());
  result.times.reserve(rows.size());
  result.values.reserve(rows.size());
  for (const std::size_t row : result.rows) {
    result.items.push_back(log.items.data()[row]);
    result.times.push_back(log.times.data()[row]);
    result.values.push_back(log.values.data()[row]);
  }
  result.columns = log.columns.select(result.rows);
  result.has_times = log.has_times;
  return result;
}

/// Brings all events of a log into the order of user and time.
inline Histories histories(const InteractionLog& log, Ties ties = Ties::file_order) {
  std::vector<std::size_t> rows(log.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return histories(log, rows, ties);
}

}  // namespace longshore::inline LONGSHORE_ABI
