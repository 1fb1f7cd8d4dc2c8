// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/parameter.hpp>
#include <longshore/optimizers/check_rule.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Stochastic gradient descent with momentum.
///
///   g = dL/dw + decay w;  m = momentum m + g (the first time m = g)
///   w = w - rate m                       Nesterov: w = w - rate (g + momentum m)
///
/// Models: UpdateRule. State: one number per parameter, none without momentum. Row-sparse parameters: touched rows
/// only, moments too.
/// Cost: O(numbers) of a dense parameter, O(n D) of a table of which a step touches n rows, whatever I; memory m.
/// Source: Robbins and Monro 1951; momentum: Polyak 1964; Nesterov's as Sutskever et al. 2013, but with the rate
/// outside of m, as PyTorch. Differs from PyTorch: there is no dampening; PyTorch moves rows with momentum in later
/// steps, too.
struct Sgd {
  static constexpr const char* name = "Sgd";
  double rate = 1e-2;
  double momentum = 0;
  double weight_decay = 0;  // L2: added to the gradient
  bool nesterov = false;

  template <class Real>
  struct Step {
    Real rate, momentum, weight_decay;
    bool nesterov;
    template <class Number>
    KOKKOS_INLINE_FUNCTION void operator()(Number& w, Number g, Number& m, Number&) const {
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

  /// Numbers kept for each number of a parameter.
  int moments() const { return momentum > 0 ? 1 : 0; }

  /// @throws ShapeError for settings out of range
  void check() const {
    check_rule(*this);
    expects(momentum >= 0 && momentum < 1, "Sgd: momentum is at least 0 and below 1, it is ", momentum);
    expects(!nesterov || momentum > 0, "Sgd: Nesterov's step needs a momentum above 0");
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
