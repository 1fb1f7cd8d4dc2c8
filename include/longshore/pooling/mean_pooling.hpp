// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_step_weights.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/window_weights.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// `MeanPooling` has nothing to set.
struct MeanPoolingSettings {};

/// Averages the steps of each window.
///
///   z_w = 1 / length_w  sum over rows of w  x
///
/// Models: Pooling. State: none. Cost: O((N + pairs) D).
/// Source: Covington et al. 2016. Differs from PyTorch's EmbeddingBag(mode="mean") on given vectors: nothing.
template <class Real, class Space>
struct MeanPooling {
  static constexpr std::string_view block_name = "MeanPooling";
  MeanPoolingSettings settings;

  MeanPooling() = default;
  explicit MeanPooling(const MeanPoolingSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {}

  /// @param windowed  (N, D) steps and W windows; an empty window gives zeros
  /// @return          (W, D)
  /// @throws ShapeError if the arrays of the windows do not fit each other
  /// @throws DataError  on a host, if windows are out of order or not among the steps; see `check_windows`
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed) const {
    check_values("MeanPooling", context, windowed);
    check_windows("MeanPooling", windowed.windows, windowed.steps.extent(0));
    const auto& [x, windows] = windowed;
    const auto z = make_value<Real>(context, windows.count(), 1, x.extent(1));  // (W, 1, D)
    window_sums_forward<Real, Space>(context.executor(), x.data, windows, Weighting::mean, {}, z.data);
    context.record(z, [x = x, windows = windows, z](auto& c) {
      window_sums_backward_steps<Real, Space>(c.executor(), c.gradient_of(z), windows, Weighting::mean, {}, {},
                                              c.gradient_to(x));
    });
    return reshape(z, windows.count(), x.extent(1));
  }

  /// The same with a weight for each step.
  ///
  ///   z_w = sum over rows of w  a x / sum over rows of w  a
  ///
  /// A window whose weights are all 0 gives zeros, as an empty one does; in PyTorch (a x).sum() / a.sum() is NaN.
  ///
  /// @param step_weights  (N) finite and at least 0, without gradient
  /// @return              (W, D)
  /// @throws ShapeError if there are not as many weights as steps, too
  /// @throws DataError  on a host, if a weight is below 0, infinite or not a number, too
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed,
                                 const View<const float, 1, Space>& step_weights) const {
    return weighted(context, windowed, step_weights);
  }
  /// The same with the logarithms of weights, as the column "decay" has them. A mean needs no common scale: the result
  /// is that of the weights themselves, whatever the logarithms count from.
  ///
  /// @param step_weights  (N) finite, or minus infinity for a weight of 0; without gradient
  /// @return              (W, D)
  /// @throws ShapeError if there are not as many weights as steps, too
  /// @throws DataError  on a host, if one is plus infinity or not a number, too
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed,
                                 const View<const LogWeight, 1, Space>& step_weights) const {
    return weighted(context, windowed, step_weights);
  }
  void operator()(auto&, ...) const = delete;  // MeanPooling: give Windowed or Sequences, and a weight a step or none

  void visit(auto&& visitor) { visitor("settings", settings); }

 private:
  template <class Weight>
  Matrix<Real, Space> weighted(auto& context, const Windowed<Real, Space>& windowed,
                               const View<const Weight, 1, Space>& step_weights) const {
    check_values("MeanPooling", context, windowed);
    check_windows("MeanPooling", windowed.windows, windowed.steps.extent(0));
    const auto& [x, windows] = windowed;
    check_step_weights("MeanPooling", step_weights, x.extent(0));
    const auto weights = scratch<Real>(context, windows.pair_count);            // (pairs)
    const auto z = make_value<Real>(context, windows.count(), 1, x.extent(1));  // (W, 1, D)
    window_weights<Real, Space>(context.executor(), windows, true, step_weights, weights);
    window_sums_forward<Real, Space>(context.executor(), x.data, windows, Weighting::given, weights, z.data);
    context.record(z, [x = x, windows = windows, z, weights](auto& c) {
      window_sums_backward_steps<Real, Space>(c.executor(), c.gradient_of(z), windows, Weighting::given, weights, {},
                                              c.gradient_to(x));
    });
    return reshape(z, windows.count(), x.extent(1));
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
