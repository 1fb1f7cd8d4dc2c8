// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/mix_parts.hpp>
#include <longshore/kernels/multiply_parts.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A `ProductFuser` has nothing to set.
struct ProductFuserSettings {};

/// Multiplies the interests feature by feature, one to eight of them.
///
///   y_d = x_1d x_2d ... x_nd
///
/// Models: Fuser. State: none. Cost: O(B C n D); backward O(B C n^2 D) above two. `weights` are 1 / n: in a product
/// every factor counts alike. Source: STAMP's trilinear composition (Liu et al. 2018) with a dot product behind it.
template <class Real, class Space>
struct ProductFuser {
  static constexpr std::string_view block_name = "ProductFuser";
  ProductFuserSettings settings;

  ProductFuser() = default;
  explicit ProductFuser(const ProductFuserSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {}

  bool sees_candidates() const { return false; }

  /// Does not look at the candidates, the second argument, which may be `{}`.
  ///
  /// @param interests   n of them, (B, 1 or C, D)
  /// @return            (B, C, D); C is 1 where every interest is one for all candidates
  /// @throws ShapeError if the extents of the interests do not fit
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>&,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike("ProductFuser", interests);
    check_values("ProductFuser", context, list);
    const auto parts = parts_of(list);
    const auto y = make_value<Real>(context, list.users, list.candidates, list[0].features());  // (B, C, D)
    multiply_parts_forward<Real, Space>(context.executor(), parts, y.data);
    context.record(y, [list, parts, y](auto& c) {
      multiply_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, part_targets<Real, Space>(c, list));
    });
    return Cube<Real, Space>(y);
  }
  void operator()(auto&, ...) const = delete;  // ProductFuser: give candidates or {}, then {interests} of its Real

  /// @return  (B, C, n) 1 / n everywhere
  View<Real, 3, Space> weights(auto& context, const Interest<Real, Space>&,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike("ProductFuser", interests);
    check_values("ProductFuser", context, list);
    const auto result = scratch<Real>(context, list.users, list.candidates, list.count);  // (B, C, n)
    spread_weights<Real, Space>(context.executor(), parts_of(list), equal_weights<Real>(list.count), result);
    return result;
  }

  void visit(auto&& visitor) { visitor("settings", settings); }
};

}  // namespace longshore::inline LONGSHORE_ABI
