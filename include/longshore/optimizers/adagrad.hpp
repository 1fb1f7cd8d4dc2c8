// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/kokkos.hpp>
#include <longshore/core/parameter_gradient.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adagrad: steps shrink with the sum of squared gradients of each number.
///
///   g = dL/dw + decay w;  s = s + g²;  w = w - rate g / (sqrt(s) + epsilon)
///
/// Models: optimiser rule. State: one number per parameter, s, from 0.
/// Source: Duchi, Hazan and Singer 2011. Differs from PyTorch: nothing.
struct Adagrad {
  static constexpr const char* name = "Adagrad";
  static constexpr int moments = 1;
  double rate = 1e-2;
  double epsilon = 1e-10;
  double weight_decay = 0;

  template <class Real>
  struct Step {
    Real rate, epsilon, weight_decay;
    KOKKOS_INLINE_FUNCTION void operator()(Real& w, Real g, Real& s, Real&) const {
      g += weight_decay * w;
      s += g * g;
      w -= rate * g / (math::sqrt(s) + epsilon);
    }
  };
  /// What one step of one parameter needs; `count` is how often it was updated before.
  template <class Real>
  Step<Real> step(double its_rate, double its_decay, std::int64_t, GradientKind) const {
    return {static_cast<Real>(its_rate), static_cast<Real>(epsilon), static_cast<Real>(its_decay)};
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
