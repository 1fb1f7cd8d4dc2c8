// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How `normalise_values` changes the values of a log.
struct Normalisation {
  /// Over which events the mean, the deviation or the ends are taken.
  enum class Scope { user, global };

  /// What they are used for.
  enum class Kind {
    mean_zero,   ///< value - mean
    z_score,     ///< (value - mean) / deviation, the deviation over all events (not one fewer)
    unit_range,  ///< (value - least) / (greatest - least)
  };

  Scope scope = Scope::user;
  Kind kind = Kind::mean_zero;
};

/// The way back from normalised values: original = normalised * factor + offset.
struct ValueScale {
  std::vector<float> offsets;  // (U)
  std::vector<float> factors;  // (U)

  /// The original value that a normalised one, a prediction say, stands for.
  ///
  /// @throws DataError if the user is outside the log that was normalised
  float original(Id user, float normalised) const {
    expects<DataError>(user >= 0 && static_cast<std::size_t>(user) < factors.size(),
                       "ValueScale::original: the table of users has ", factors.size(), ", got the id ", user);
    return normalised * factors[static_cast<std::size_t>(user)] + offsets[static_cast<std::size_t>(user)];
  }
};

/// Normalises the values of a log in place.
///
/// Statistics come from the given events only, so that those of a test part do not leak into training; all events are
/// changed by them. Users without a given event use the statistics of all given events. Where all values are equal the
/// factor is 1. Sums are taken in double, in the order of the rows.
///
/// Cost: O(N + U), the rows twice; memory four numbers and a count a user.
///
/// @param rows  the events that the statistics are taken from, the rows of a split's training part say
/// @return      what leads back to the original values
/// @throws DataError if there are no rows, a row is outside the log, or the log's values did not come with the events
/// @throws ShapeError, DataError as `check_log`
inline ValueScale normalise_values(InteractionLog& log, const Normalisation& normalisation,
                                   std::span<const std::size_t> rows) {
  struct Statistics {
    double sum = 0, squares = 0, least = std::numeric_limits<double>::max(),
           greatest = std::numeric_limits<double>::lowest();
    std::size_t count = 0;
  };
  check_log(log);
  expects<DataError>(log.has_values, "normalise_values: expected a log with values, got one whose events have none");
  expects<DataError>(!rows.empty(), "normalise_values: expected rows to take the statistics from, got none");
  const auto users = static_cast<std::size_t>(log.user_count());
  std::vector<Statistics> statistics(users + 1);  // the last entry is that of all users
  const auto each = [&](auto&& visit) {
    for (const std::size_t row : rows) {
      visit(statistics[static_cast<std::size_t>(log.users.data()[row])], double{log.values.data()[row]});
      visit(statistics[users], double{log.values.data()[row]});
    }
  };
  for (const std::size_t row : rows)
    expects<DataError>(row < log.size(), "normalise_values: expected rows below ", log.size(), ", got ", row);
  each([](Statistics& of, double value) {
    of.sum += value;
    of.least = std::min(of.least, value);
    of.greatest = std::max(of.greatest, value);
    ++of.count;
  });
  // In a second pass, from the mean: one pass would lose the digits of values far from 0.
  each([](Statistics& of, double value) {
    const double distance = value - of.sum / static_cast<double>(of.count);
    of.squares += distance * distance;
  });

  ValueScale scale{std::vector<float>(users), std::vector<float>(users, 1.0f)};
  for (std::size_t user = 0; user < users; ++user) {
    const bool own = normalisation.scope == Normalisation::Scope::user && statistics[user].count > 0;
    const Statistics& of = statistics[own ? user : users];
    const double count = static_cast<double>(of.count);
    const bool ranges = normalisation.kind == Normalisation::Kind::unit_range;
    scale.offsets[user] = static_cast<float>(ranges ? of.least : of.sum / count);
    if (of.greatest == of.least || normalisation.kind == Normalisation::Kind::mean_zero) continue;
    scale.factors[user] = static_cast<float>(ranges ? of.greatest - of.least : std::sqrt(of.squares / count));
  }
  for (std::size_t row = 0; row < log.size(); ++row) {
    const auto user = static_cast<std::size_t>(log.users.data()[row]);
    float& value = log.values.data()[row];
    value = (value - scale.offsets[user]) / scale.factors[user];
  }
  return scale;
}

/// The same with statistics from all events.
inline ValueScale normalise_values(InteractionLog& log, const Normalisation& normalisation = {}) {
  std::vector<std::size_t> rows(log.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return normalise_values(log, normalisation, rows);
}

}  // namespace longshore::inline LONGSHORE_ABI
