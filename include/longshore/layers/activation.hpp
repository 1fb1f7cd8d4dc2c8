// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_finite.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/rows_of.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/kernels/activation.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which function an `Activation` applies.
struct ActivationSettings {
  ActivationKind kind = ActivationKind::relu;
  double slope = 0.01;  // of leaky_relu below zero
};

/// Applies one function to every element.
///
///   identity    x                       relu        max(x, 0)
///   leaky_relu  max(x, 0) + slope min(x, 0)         gelu     x (1 + erf(x / sqrt 2)) / 2
///   sigmoid     1 / (1 + e^-x)          tanh        (e^x - e^-x) / (e^x + e^-x)
///   softplus    log(1 + e^x)            silu        x / (1 + e^-x)
///
/// Models: Layer. State: none. Cost: O(B D).
/// Source: PyTorch's functions; leaky_relu Maas et al. 2013, gelu Hendrycks and Gimpel 2016, silu Elfwing et al. 2018.
/// Differs from PyTorch: softplus is not cut to x above 20, where the two differ by at most 2e-9.
template <class Real, class Space>
struct Activation {
  static constexpr std::string_view block_name = "Activation";
  ActivationSettings settings;

  Activation() = default;

  /// @throws ShapeError if slope is not finite
  explicit Activation(const ActivationSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {
    check_finite(block_name, "slope", settings.slope);
  }

  /// @param x  (B, D)
  /// @return   (B, D)
  Matrix<Real, Space> operator()(auto& context, const Matrix<Real, Space>& x) const {
    check_values(block_name, context, x);
    if (settings.kind == ActivationKind::identity) return x;
    const auto kind = settings.kind;
    const auto slope = static_cast<Real>(settings.slope);
    const auto y = make_value<Real>(context, x.extent(0), x.extent(1));  // (B, D)
    activation_forward<Real, Space>(context.executor(), kind, slope, x.data, y.data);
    context.record(y, [kind, slope, x, y](auto& c) {
      activation_backward<Real, Space>(c.executor(), kind, slope, c.gradient_of(y), x.data, y.data, c.gradient_to(x));
    });
    return y;
  }

  /// The same for each of C vectors a row.
  ///
  /// @param x  (B, C, D)
  /// @return   (B, C, D)
  Cube<Real, Space> operator()(auto& context, const Cube<Real, Space>& x) const {
    const auto y = (*this)(context, rows_of(block_name, x));
    return reshape(y, x.extent(0), x.extent(1), x.extent(2));
  }

  /// The same for each step.
  ///
  /// @param x  sequences of (N, D) steps
  /// @return   sequences of (N, D) steps
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    return {(*this)(context, x.steps), x.offsets};
  }
  void operator()(auto&, ...) const = delete;  // Activation: give rows, cubes, Sequences of Real
  template <class T, int Rank, class S>
  void operator()(auto&, const Value<T, Rank, S>&) const = delete;  // Activation: give rows, cubes, Sequences of Real

  void visit(auto&& visitor) { visitor("settings", settings); }
};

}  // namespace longshore::inline LONGSHORE_ABI
