// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include <longshore/core/parameter.hpp>
#include <longshore/optimizers/check_rule.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adam: steps scaled by running means of the gradient and of its square.
///
///   g = dL/dw + decay w;  m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g²
///   w = w - rate / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon)
///
/// Models: UpdateRule. State: two numbers per parameter. Row-sparse parameters: only touched rows (moments too), t
/// counts the steps in which the parameter was touched, and epsilon is divided by sqrt(1 - b2^t) too: PyTorch's
/// SparseAdam.
/// Cost: O(numbers) of a dense parameter, O(n D) of a table of which a step touches n rows, whatever I; memory m and v.
/// Source: Kingma and Ba 2015, algorithm 1, with L2 in the gradient. Differs from PyTorch: epsilon is above 0.
struct Adam {
  static constexpr const char* name = "Adam";
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;  // L2: added to the gradient

  template <class Real>
  struct Step {
    Real step_size, beta2, gain1, gain2, root_correction, epsilon, gradient_decay, weight_factor;  // gain: 1 - beta
    template <class Number>
    KOKKOS_INLINE_FUNCTION void operator()(Number& w, Number g, Number& m, Number& v) const {
      using math::sqrt;
      g += gradient_decay * w;
      w *= weight_factor;
      m += gain1 * (g - m);
      v = beta2 * v + gain2 * g * g;
      w -= step_size * m / (sqrt(v) / root_correction + epsilon);
    }
  };
  /// What one step of one parameter needs; `count` is how often it was updated before.
  template <class Real>
  Step<Real> step(double its_rate, double its_decay, std::int64_t count, GradientKind kind) const {
    const auto t = static_cast<double>(count + 1);
    const double root = std::sqrt(1 - std::pow(beta2, t));
    return {static_cast<Real>(its_rate / (1 - std::pow(beta1, t))),
            static_cast<Real>(beta2),
            static_cast<Real>(1 - beta1),
            static_cast<Real>(1 - beta2),
            static_cast<Real>(root),
            static_cast<Real>(kind == GradientKind::row_sparse ? epsilon / root : epsilon),
            static_cast<Real>(its_decay),
            Real(1)};
  }

  /// Numbers kept for each number of a parameter.
  static constexpr int moments() { return 2; }

  /// @throws ShapeError for settings out of range
  void check() const { check_rule(*this); }
};

}  // namespace longshore::inline LONGSHORE_ABI
