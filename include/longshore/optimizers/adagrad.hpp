// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/parameter.hpp>
#include <longshore/optimizers/check_rule.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adagrad: steps shrink with the sum of squared gradients of each number.
///
///   g = dL/dw + decay w;  s = s + g²;  w = w - rate g / (sqrt(s) + epsilon)
///
/// Models: UpdateRule. State: one number per parameter, s, from 0. Row-sparse parameters: touched rows only.
/// Cost: O(numbers) of a dense parameter, O(n D) of a table of which a step touches n rows, whatever I; memory s.
/// Source: Duchi, Hazan and Singer 2011, the diagonal form. Differs from PyTorch: epsilon is above 0; there is no
/// lr_decay, schedules do that.
struct Adagrad {
  static constexpr const char* name = "Adagrad";
  double rate = 1e-2;
  double epsilon = 1e-10;
  double weight_decay = 0;  // L2: added to the gradient

  template <class Real>
  struct Step {
    Real rate, epsilon, weight_decay;
    template <class Number>
    KOKKOS_INLINE_FUNCTION void operator()(Number& w, Number g, Number& s, Number&) const {
      using math::sqrt;
      g += weight_decay * w;
      s += g * g;
      w -= rate * g / (sqrt(s) + epsilon);
    }
  };
  /// What one step of one parameter needs; `count` is how often it was updated before.
  template <class Real>
  Step<Real> step(double its_rate, double its_decay, std::int64_t, GradientKind) const {
    return {static_cast<Real>(its_rate), static_cast<Real>(epsilon), static_cast<Real>(its_decay)};
  }

  /// Numbers kept for each number of a parameter.
  static constexpr int moments() { return 1; }

  /// @throws ShapeError for settings out of range
  void check() const { check_rule(*this); }
};

}  // namespace longshore::inline LONGSHORE_ABI
