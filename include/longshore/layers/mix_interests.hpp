// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/interest_list.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/mix_parts.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adds up interests, each times a weight of its own for each user and candidate: y = sum over k of w_k x_k.
///
/// Models: none (a function without parameters). Cost: O(B C n D).
///
/// @param list     n interests that are alike, (B, 1 or C, D)
/// @param weights  (B, C, n), of the list's B and C
/// @return         (B, C, D)
/// @throws ShapeError if there are more or fewer weights, or if the interests differ in users or features
template <class Real, class Space>
Interest<Real, Space> mix_interests(auto& context, const InterestList<Real, Space>& list,
                                    const Cube<Real, Space>& weights) {
  check_values("mix_interests", context, list, weights);
  expects(weights.extent(0) == list.users && weights.extent(1) == list.candidates && weights.extent(2) == list.count,
          "mix_interests: the weights are (", weights.extent(0), ", ", weights.extent(1), ", ", weights.extent(2),
          "), expected are (", list.users, ", ", list.candidates, ", ", list.count, ")");
  for (int k = 0; k < list.count; ++k)
    expects(list[k].users() == list.users && list[k].features() == list[0].features(), "mix_interests: interest ",
            k + 1, " has ", list[k].users(), " users and ", list[k].features(), " features, expected are ", list.users,
            " and ", list[0].features());
  const auto parts = parts_of(list);
  const auto given = mix_weights<Real, Space>(weights.data);
  const auto y = make_value<Real>(context, list.users, list.candidates, list[0].features());  // (B, C, D)
  mix_parts_forward<Real, Space>(context.executor(), parts, given, y.data);
  context.record(y, [list, parts, given, weights, y](auto& c) {
    const auto targets = part_targets<Real, Space>(c, list);
    const auto dweights = c.gradient_to(weights);
    mix_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, given, targets, dweights.view);
  });
  return Cube<Real, Space>(y);
}

}  // namespace longshore::inline LONGSHORE_ABI
