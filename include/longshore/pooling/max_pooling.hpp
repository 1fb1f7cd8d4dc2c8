// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/window_max.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// `MaxPooling` has nothing to set.
struct MaxPoolingSettings {};

/// Takes the greatest number of each feature over the steps of each window.
///
///   z_w = max over rows of w  x, feature by feature
///
/// Of equal numbers the first step counts: the gradient goes to that one alone. Not-a-number counts as greatest.
///
/// Models: Pooling. State: none. Cost: O((N + pairs) D).
/// Source: Collobert et al. 2011, maximum over time. Differs from PyTorch: nothing (`max` over a dimension; `amax`
/// shares the gradient between equals).
template <class Real, class Space>
struct MaxPooling {
  static constexpr std::string_view block_name = "MaxPooling";
  MaxPoolingSettings settings;

  MaxPooling() = default;
  explicit MaxPooling(const MaxPoolingSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {}

  /// @param windowed  (N, D) steps and W windows; an empty window gives zeros
  /// @return          (W, D)
  /// @throws ShapeError if the arrays of the windows do not fit each other
  /// @throws DataError  on a host, if windows are out of order or not among the steps; see `check_windows`
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed) const {
    check_values("MaxPooling", context, windowed);
    check_windows("MaxPooling", windowed.windows, windowed.steps.extent(0));
    const auto& [x, windows] = windowed;
    const auto z = make_value<Real>(context, windows.count(), x.extent(1));     // (W, D)
    const auto chosen = scratch<Index>(context, windows.count(), x.extent(1));  // (W, D)
    window_max_forward<Real, Space>(context.executor(), x.data, windows, z.data, chosen);
    context.record(z, [x = x, windows = windows, z, chosen](auto& c) {
      window_max_backward<Real, Space>(c.executor(), c.gradient_of(z), windows, chosen, c.gradient_to(x));
    });
    return z;
  }
  void operator()(auto&, ...) const = delete;  // MaxPooling: give Windowed or Sequences of Real and Space

  void visit(auto&& visitor) { visitor("settings", settings); }
};

}  // namespace longshore::inline LONGSHORE_ABI
