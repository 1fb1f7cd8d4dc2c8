// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <longshore/core/check_finite.hpp>
#include <longshore/factorization/interactions.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses sizes that no factorisation has.
///
/// Cost: O(1).
///
/// @param model  its name, for the text of the error
/// @throws ShapeError if there are no users, items or features, or a row of features + 2 numbers is too long
inline void check_factors(std::string_view model, Index users, Index items, Index features) {
  expects(users > 0 && items > 0 && features > 0 && features < (Index{1} << 24), model,
          ": users and items are at least 1, features 1 to 2^24, they are ", users, ", ", items, " and ", features);
}

/// Refuses a rate or a regularisation that is negative or not finite.
///
/// Cost: O(1).
///
/// @throws ShapeError naming model and setting
inline void check_setting(std::string_view model, const char* setting, double value) {
  check_finite(model, setting, value);
  expects(value >= 0, model, ": ", setting, " is at least 0, it is ", value);
}

/// Refuses interactions that an epoch of a model cannot be made of.
///
/// Cost: O(1).
///
/// @throws ShapeError if they are of other users or items, or the number of the epoch is negative
/// @throws DataError  if there are none
template <class Real, class Space>
void check_epoch(std::string_view model, const Interactions<Real, Space>& interactions, Index users, Index items,
                 std::int64_t epoch) {
  expects(interactions.users() == users && interactions.items() == items, model, ": expected interactions of ", users,
          " users with ", items, " items, got ", interactions.users(), " and ", interactions.items());
  expects(epoch >= 0, model, ": epochs are numbered from 0, got ", epoch);
  expects<DataError>(interactions.entries() > 0, model, ": there are no interactions to learn from");
}

/// Refuses what an epoch came to when it is no number: the descent left every bound.
///
/// Cost: O(1).
///
/// @return the objective
/// @throws DataError naming the epoch and the rate
inline double check_objective(std::string_view model, double objective, std::int64_t epoch, double rate) {
  expects<DataError>(math::is_finite(objective), model, ": the objective of epoch ", epoch, " is ", objective,
                     ": lower the rate, which is ", rate);
  return objective;
}

}  // namespace longshore::inline LONGSHORE_ABI
