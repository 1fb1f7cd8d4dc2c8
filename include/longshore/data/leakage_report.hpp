// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <ios>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/core/text_of.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/split.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What one part of a split (the former) may know of another that is evaluated on (the latter).
struct Leakage {
  std::size_t shared_rows = 0;    ///< events that are in both parts: always a mistake
  std::size_t later_in_user = 0;  ///< events of the former later than the earliest event of their user in the latter
  std::optional<std::size_t>
      later_overall;               ///< ... later than the earliest event of the latter; not without time stamps
  std::size_t repeated_pairs = 0;  ///< events of the latter whose user and item are an event of the former too
  std::size_t unknown_users = 0;   ///< users of the latter without an event in the former
  std::size_t unknown_items = 0;   ///< items of the latter without an event in the former
};

/// What the parts of a split may know of each other, in numbers; `<<` writes it as a table.
///
/// Cost: a few numbers.
struct LeakageReport {
  std::size_t train = 0, validation = 0, test = 0;  ///< events in each part
  std::size_t unused = 0;                           ///< events in no part
  Leakage train_validation, train_test, validation_test;

  friend std::ostream& operator<<(std::ostream& stream, const LeakageReport& report) {
    const std::ios_base::fmtflags flags = stream.flags();
    const auto line = [&](const char* what, auto count) {
      stream << std::left << std::setw(48) << what << std::right;
      for (const Leakage* pair : {&report.train_validation, &report.train_test, &report.validation_test})
        stream << std::setw(18) << text_of(count(*pair));  // whatever the locale
      stream << '\n';
    };
    stream << text_of("events: train ", report.train, ", validation ", report.validation, ", test ", report.test,
                      ", in no part ", report.unused, '\n')
           << std::left << std::setw(48) << "former / latter" << std::right << std::setw(18) << "train/validation"
           << std::setw(18) << "train/test" << std::setw(18) << "validation/test" << '\n';
    line("events in both", [](const Leakage& pair) { return pair.shared_rows; });
    line("former later than the user's first of the latter", [](const Leakage& pair) { return pair.later_in_user; });
    line("former later than the first of the latter", [](const Leakage& pair) {
      return pair.later_overall ? std::to_string(*pair.later_overall) : std::string("no times");
    });
    line("events of the latter with a pair of the former", [](const Leakage& pair) { return pair.repeated_pairs; });
    line("users of the latter unknown to the former", [](const Leakage& pair) { return pair.unknown_users; });
    line("items of the latter unknown to the former", [](const Leakage& pair) { return pair.unknown_items; });
    stream.flags(flags);
    return stream;
  }
};

/// Counts what the parts of a split may know of each other. Cost: O(N log N).
///
/// @throws DataError if a row of the split is outside the log
/// @throws ShapeError, DataError as `check_log`
inline LeakageReport leakage_report(const InteractionLog& log, const Split& split) {
  check_log(log);
  std::vector<bool> used(log.size(), false);
  for (const auto* part : {&split.train, &split.validation, &split.test})
    for (const std::size_t row : *part) {
      expects<DataError>(row < log.size(), "leakage_report: expected rows below ", log.size(), ", got ", row);
      used[row] = true;
    }

  const auto pair_of = [&](std::size_t row) {
    return (static_cast<std::uint64_t>(log.users.data()[row]) << 32) |
           static_cast<std::uint64_t>(log.items.data()[row]);
  };
  const auto between = [&](const std::vector<std::size_t>& former, const std::vector<std::size_t>& latter) {
    Leakage leakage;
    if (log.has_times) leakage.later_overall = 0;
    constexpr Seconds never = std::numeric_limits<Seconds>::max();
    std::vector<Seconds> first(static_cast<std::size_t>(log.user_count()), never);
    Seconds first_of_all = never;
    std::vector<bool> knows_user(static_cast<std::size_t>(log.user_count()), false);
    std::vector<bool> knows_item(static_cast<std::size_t>(log.item_count()), false), is_former(log.size(), false);
    std::vector<std::uint64_t> pairs;
    for (const std::size_t row : latter) {
      Seconds& earliest = first[static_cast<std::size_t>(log.users.data()[row])];
      earliest = std::min(earliest, log.times.data()[row]);
      first_of_all = std::min(first_of_all, log.times.data()[row]);
    }
    for (const std::size_t row : former) {
      const auto user = static_cast<std::size_t>(log.users.data()[row]);
      if (log.times.data()[row] > first[user]) ++leakage.later_in_user;
      if (leakage.later_overall && log.times.data()[row] > first_of_all) ++*leakage.later_overall;
      knows_user[user] = true;
      knows_item[static_cast<std::size_t>(log.items.data()[row])] = true;
      is_former[row] = true;
      pairs.push_back(pair_of(row));
    }
    std::ranges::sort(pairs);
    for (const std::size_t row : latter) {
      if (is_former[row]) ++leakage.shared_rows;
      if (std::ranges::binary_search(pairs, pair_of(row))) ++leakage.repeated_pairs;
      const auto user = static_cast<std::size_t>(log.users.data()[row]);
      const auto item = static_cast<std::size_t>(log.items.data()[row]);
      if (!knows_user[user]) ++leakage.unknown_users;
      if (!knows_item[item]) ++leakage.unknown_items;
      knows_user[user] = knows_item[item] = true;  // counted once
    }
    return leakage;
  };
  return {split.train.size(),
          split.validation.size(),
          split.test.size(),
          static_cast<std::size_t>(std::ranges::count(used, false)),
          between(split.train, split.validation),
          between(split.train, split.test),
          between(split.validation, split.test)};
}

}  // namespace longshore::inline LONGSHORE_ABI
