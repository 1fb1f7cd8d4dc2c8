// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/kokkos.hpp>
#include <longshore/core/parameter_gradient.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Stochastic gradient descent with momentum.
///
///   g = dL/dw + decay w;  m = momentum m + g (the first time m = g);  w = w - rate m    (Nesterov: w - rate (g + momentum m))
///
/// Models: optimiser rule. State: one number per parameter.
/// Differs from PyTorch: nothing.
struct Sgd {
  static constexpr const char* name = "Sgd";
  static constexpr int moments = 1;
  double rate = 1e-2;
  double momentum = 0;
  double weight_decay = 0;
  bool nesterov = false;

  template <class Real>
  struct Step {
    Real rate, momentum, weight_decay;
    bool nesterov;
    KOKKOS_INLINE_FUNCTION void operator()(Real& w, Real g, Real& m, Real&) const {
      g += weight_decay * w;
      m = momentum * m + g;
      w -= rate * (nesterov ? g + momentum * m : m);
    }
  };
  /// What one step of one parameter needs; `count` is how often it was updated before.
  template <class Real>
  Step<Real> step(double its_rate, double its_decay, std::int64_t, GradientKind) const {
    return {static_cast<Real>(its_rate), static_cast<Real>(momentum), static_cast<Real>(its_decay), nesterov};
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
