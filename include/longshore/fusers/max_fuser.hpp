// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/max_parts.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A `MaxFuser` has nothing to set.
struct MaxFuserSettings {};

/// Takes the greatest number of each feature over the interests, one to eight.
///
///   y_d = max over k of x_kd
///
/// Models: Fuser. State: none. Cost: O(B C n D). `weights` are the shares of features that each interest won. Of equal
/// numbers the first wins, and gets the whole gradient. Not-a-number wins over numbers.
/// Source: Goodfellow et al. 2013 (maxout), over interests in the place of linear pieces.
/// Differs from PyTorch: torch.maximum halves the gradient between equal numbers.
template <class Real, class Space>
struct MaxFuser {
  static constexpr std::string_view block_name = "MaxFuser";
  MaxFuserSettings settings;

  MaxFuser() = default;
  explicit MaxFuser(const MaxFuserSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {}

  bool sees_candidates() const { return false; }

  /// Does not look at the candidates, the second argument, which may be `{}`.
  ///
  /// @param interests   n of them, (B, 1 or C, D)
  /// @return            (B, C, D); C is 1 where every interest is one for all candidates
  /// @throws ShapeError if the extents of the interests do not fit
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>&,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike("MaxFuser", interests);
    check_values("MaxFuser", context, list);
    const auto parts = parts_of(list);
    const auto y = make_value<Real>(context, list.users, list.candidates, list[0].features());  // (B, C, D)
    max_parts_forward<Real, Space>(context.executor(), parts, y.data);
    context.record(y, [list, parts, y](auto& c) {
      max_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, y.data,
                                      part_targets<Real, Space>(c, list));
    });
    return Cube<Real, Space>(y);
  }
  void operator()(auto&, ...) const = delete;  // MaxFuser: give candidates or {}, then {interests} of its Real

  /// @return  (B, C, n) the share of the D features that each interest won
  View<Real, 3, Space> weights(auto& context, const Interest<Real, Space>&,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike("MaxFuser", interests);
    check_values("MaxFuser", context, list);
    const auto result = scratch<Real>(context, list.users, list.candidates, list.count);  // (B, C, n)
    max_parts_shares<Real, Space>(context.executor(), parts_of(list), result);
    return result;
  }

  void visit(auto&& visitor) { visitor("settings", settings); }
};

}  // namespace longshore::inline LONGSHORE_ABI
