// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_windows.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/window_sums.hpp>

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
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed) const {
    check_windows("MeanPooling", windowed.windows);
    const auto& [x, windows] = windowed;
    const auto z = make_value<Real>(context, windows.count(), 1, x.extent(1));  // (W, 1, D)
    window_sums_forward<Real, Space>(context.executor(), x.data, windows, Weighting::mean, {}, z.data);
    context.record(z, [x = x, windows = windows, z](auto& c) {
      window_sums_backward_steps<Real, Space>(c.executor(), c.gradient_of(z), windows, Weighting::mean, {}, {},
                                              c.gradient_to(x));
    });
    return reshape(z, windows.count(), x.extent(1));
  }

  void visit(auto&& visitor) { visitor("settings", settings); }
};

}  // namespace longshore::inline LONGSHORE_ABI
