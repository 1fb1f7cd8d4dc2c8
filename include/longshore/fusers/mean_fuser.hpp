// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/mix_parts.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A `MeanFuser` has nothing to set.
struct MeanFuserSettings {};

/// Takes the mean of the interests, one to eight.
///
///   y = (x_1 + ... + x_n) / n
///
/// Models: Fuser. State: none. Cost: O(B C n D). `weights` are 1 / n.
/// Source: elementary; as PyTorch's mean over stacked interests.
template <class Real, class Space>
struct MeanFuser {
  static constexpr std::string_view block_name = "MeanFuser";
  MeanFuserSettings settings;

  MeanFuser() = default;
  explicit MeanFuser(const MeanFuserSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {}

  bool sees_candidates() const { return false; }

  /// Does not look at the candidates, the second argument, which may be `{}`.
  ///
  /// @param interests   n of them, (B, 1 or C, D)
  /// @return            (B, C, D); C is 1 where every interest is one for all candidates
  /// @throws ShapeError if the extents of the interests do not fit
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>&,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike("MeanFuser", interests);
    check_values("MeanFuser", context, list);
    const auto parts = parts_of(list);
    const auto equal = equal_weights<Real>(list.count);
    const auto y = make_value<Real>(context, list.users, list.candidates, list[0].features());  // (B, C, D)
    mix_parts_forward<Real, Space>(context.executor(), parts, equal, y.data);
    context.record(y, [list, parts, equal, y](auto& c) {
      mix_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, equal, part_targets<Real, Space>(c, list),
                                      {});
    });
    return Cube<Real, Space>(y);
  }
  void operator()(auto&, ...) const = delete;  // MeanFuser: give candidates or {}, then {interests} of its Real

  /// @return  (B, C, n) 1 / n everywhere
  View<Real, 3, Space> weights(auto& context, const Interest<Real, Space>&,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike("MeanFuser", interests);
    check_values("MeanFuser", context, list);
    const auto result = scratch<Real>(context, list.users, list.candidates, list.count);  // (B, C, n)
    spread_weights<Real, Space>(context.executor(), parts_of(list), equal_weights<Real>(list.count), result);
    return result;
  }

  void visit(auto&& visitor) { visitor("settings", settings); }
};

}  // namespace longshore::inline LONGSHORE_ABI
