// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/kernels/concat_parts.hpp>
#include <longshore/layers/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `ConcatFuser`.
struct ConcatFuserSettings {
  Index in = 0;   // features of all interests together; needed with `out` only
  Index out = 0;  // features of a linear layer behind the joined vector; 0: none
};

/// Joins the interests end to end, one to eight, with a linear layer behind them if wanted.
///
///   y = [x_1, ..., x_n]   or   y = W [x_1, ..., x_n] + b
///
/// Models: Fuser. State: project (out, in) and (out) if `out` is set. Cost: O(B C n D), with the layer
/// O(B C in out); an interest that is one for all candidates is multiplied once a user.
/// `weights` are the shares of the interests in the squared norm of what they bring: of x_k, or of W_k x_k with the
/// layer; equal where all are zero. Interests may differ in width.
/// Source: An et al. 2019 (LSTUR-con), without the layer; Microsoft recommenders' LSTUR has it.
template <class Real, class Space>
struct ConcatFuser {
  static constexpr std::string_view block_name = "ConcatFuser";
  ConcatFuserSettings settings;
  Linear<Real, Space> project;

  ConcatFuser() = default;

  /// @throws ShapeError if `out` is set and `in` is below 1, or if one is negative
  explicit ConcatFuser(const ConcatFuserSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings) {
    expects(settings.in >= 0 && settings.out >= 0 && (settings.out == 0 || settings.in > 0),
            "ConcatFuser: with out, the features of all interests together are needed; in is ", settings.in,
            ", out is ", settings.out);
    if (settings.out > 0)
      project = Linear<Real, Space>({.in = settings.in, .out = settings.out}, random.stream("project"));
  }

  bool sees_candidates() const { return false; }

  /// Does not look at the candidates, the second argument, which may be `{}`.
  ///
  /// @param interests   n of them, (B, 1 or C, D_k)
  /// @return            (B, C, sum of D_k) or (B, C, out); C is 1 where every interest is one for all candidates
  /// @throws ShapeError if the extents of the interests do not fit each other or the layer
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>&,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = checked(interests);
    check_values("ConcatFuser", context, list);
    if (settings.out > 0) return project(context, list);
    const auto parts = parts_of(list);
    const auto y = make_value<Real>(context, list.users, list.candidates, list.features);  // (B, C, sum of D_k)
    concat_parts_forward<Real, Space>(context.executor(), parts, y.data);
    context.record(y, [list, parts, y](auto& c) {
      concat_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, part_targets<Real, Space>(c, list));
    });
    return Cube<Real, Space>(y);
  }
  void operator()(auto&, ...) const = delete;  // ConcatFuser: give candidates or {}, then {interests} of its Real

  /// @return  (B, C, n) the share of each interest in the squared norm
  View<Real, 3, Space> weights(auto& context, const Interest<Real, Space>&,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = checked(interests);
    check_values("ConcatFuser", context, list);
    const auto result = scratch<Real>(context, list.users, list.candidates, list.count);  // (B, C, n)
    auto brought = parts_of(list);
    if (settings.out > 0)
      for (int k = 0, first = 0; k < list.count; first += list[k++].features()) {
        const auto& x = list[k].vectors.data;
        const Index rows = x.extent(0) * x.extent(1), features = x.extent(2), out = settings.out;
        const auto product = scratch<Real>(context, rows, out);  // W_k x_k
        gemm_nt<Real, Space>(context.executor(), rows, out, features, {x.data(), features},
                             {project.weights.view().data() + first, settings.in}, {product.data(), out}, Update::write,
                             nullptr, scratch<Real>(context, gemm_nt_workspace(out, features)).data());
        brought.part[k].data = product.data();
        brought.part[k].features = out;
      }
    norm_shares<Real, Space>(context.executor(), brought, result);
    return result;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("project", project);
  }

 private:
  InterestList<Real, Space> checked(std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::of_users("ConcatFuser", interests);
    expects(settings.out == 0 || list.features == settings.in, "ConcatFuser: the ", list.count, " interests have ",
            list.features, " features together, the layer expects ", settings.in);
    return list;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
