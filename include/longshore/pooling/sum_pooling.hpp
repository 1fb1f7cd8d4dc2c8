// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_step_weights.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/window_weights.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// `SumPooling` has nothing to set.
struct SumPoolingSettings {};

/// Adds up the steps of each window.
///
///   z_w = sum over rows of w  x
///
/// Models: Pooling. State: none. Cost: O((N + pairs) D).
/// Source: the base model of Zhou et al. 2018 (DIN), section 4.2. Differs from PyTorch's EmbeddingBag(mode="sum") on
/// given vectors: nothing.
template <class Real, class Space>
struct SumPooling {
  static constexpr std::string_view block_name = "SumPooling";
  SumPoolingSettings settings;

  SumPooling() = default;
  explicit SumPooling(const SumPoolingSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {}

  /// @param windowed  (N, D) steps and W windows; an empty window gives zeros
  /// @return          (W, D)
  /// @throws ShapeError if the arrays of the windows do not fit each other
  /// @throws DataError  on a host, if windows are out of order or not among the steps; see `check_windows`
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed) const {
    check_values("SumPooling", context, windowed);
    check_windows("SumPooling", windowed.windows, windowed.steps.extent(0));
    const auto& [x, windows] = windowed;
    const auto z = make_value<Real>(context, windows.count(), 1, x.extent(1));  // (W, 1, D)
    window_sums_forward<Real, Space>(context.executor(), x.data, windows, Weighting::sum, {}, z.data);
    context.record(z, [x = x, windows = windows, z](auto& c) {
      window_sums_backward_steps<Real, Space>(c.executor(), c.gradient_of(z), windows, Weighting::sum, {}, {},
                                              c.gradient_to(x));
    });
    return reshape(z, windows.count(), x.extent(1));
  }

  /// The same with a weight for each step.
  ///
  ///   z_w = sum over rows of w  a x
  ///
  /// The weights are those that `MeanPooling` takes; PyTorch's EmbeddingBag takes any per_sample_weights. To subtract a
  /// step, negate it.
  ///
  /// @param step_weights  (N) finite and at least 0, without gradient
  /// @return              (W, D)
  /// @throws ShapeError if there are not as many weights as steps, too
  /// @throws DataError  on a host, if a weight is below 0, infinite or not a number, too
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed,
                                 const View<const float, 1, Space>& step_weights) const {
    return weighted(context, windowed, step_weights);
  }
  /// The same with the logarithms of weights, as the column "decay" has them. The step that weighs most in a window
  /// counts 1, for "decay" the newest: how long ago it was changes no sum.
  ///
  ///   z_w = sum over rows of w  2^(log2 a - greatest log2 a of w) x
  ///
  /// @param step_weights  (N) finite, or minus infinity for a weight of 0; without gradient
  /// @return              (W, D)
  /// @throws ShapeError if there are not as many weights as steps, too
  /// @throws DataError  on a host, if one is plus infinity or not a number, too
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed,
                                 const View<const LogWeight, 1, Space>& step_weights) const {
    return weighted(context, windowed, step_weights);
  }
  void operator()(auto&, ...) const = delete;  // SumPooling: give Windowed or Sequences, and a weight a step or none

  void visit(auto&& visitor) { visitor("settings", settings); }

 private:
  template <class Weight>
  Matrix<Real, Space> weighted(auto& context, const Windowed<Real, Space>& windowed,
                               const View<const Weight, 1, Space>& step_weights) const {
    check_values("SumPooling", context, windowed);
    check_windows("SumPooling", windowed.windows, windowed.steps.extent(0));
    const auto& [x, windows] = windowed;
    check_step_weights("SumPooling", step_weights, x.extent(0));
    const auto weights = scratch<Real>(context, windows.pair_count);            // (pairs)
    const auto z = make_value<Real>(context, windows.count(), 1, x.extent(1));  // (W, 1, D)
    window_weights<Real, Space>(context.executor(), windows, false, step_weights, weights);
    window_sums_forward<Real, Space>(context.executor(), x.data, windows, Weighting::given, weights, z.data);
    context.record(z, [x = x, windows = windows, z, weights](auto& c) {
      window_sums_backward_steps<Real, Space>(c.executor(), c.gradient_of(z), windows, Weighting::given, weights, {},
                                              c.gradient_to(x));
    });
    return reshape(z, windows.count(), x.extent(1));
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
