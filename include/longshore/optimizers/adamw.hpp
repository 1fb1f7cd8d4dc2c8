// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/optimizers/adam.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adam with decoupled weight decay: w is first multiplied by 1 - rate decay, the moments never see the decay.
///
/// Models: UpdateRule. State: two numbers per parameter. Row-sparse parameters: touched rows only, as `Adam`.
/// Cost: O(numbers) of a dense parameter, O(n D) of a table of which a step touches n rows, whatever I; memory m and v.
/// Source: Loshchilov and Hutter 2019, algorithm 2; there the decay is multiplied by the schedule's factor alone, not
/// by the rate too. Differs from PyTorch: epsilon is above 0.
struct AdamW {
  static constexpr const char* name = "AdamW";
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 1e-2;

  template <class Real>
  using Step = Adam::Step<Real>;
  /// What one step of one parameter needs; `count` is how often it was updated before.
  template <class Real>
  Step<Real> step(double its_rate, double its_decay, std::int64_t count, GradientKind kind) const {
    auto result =
        Adam{.beta1 = beta1, .beta2 = beta2, .epsilon = epsilon}.template step<Real>(its_rate, 0, count, kind);
    result.weight_factor = static_cast<Real>(1 - its_rate * its_decay);
    return result;
  }

  /// Numbers kept for each number of a parameter.
  static constexpr int moments() { return 2; }

  /// @throws ShapeError for settings out of range
  void check() const { check_rule(*this); }
};

}  // namespace longshore::inline LONGSHORE_ABI
