// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <longshore/core/error.hpp>
#include <longshore/core/math.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// By what the learning rate is multiplied at each step. Plain data; the trainer counts steps from 0.
///
///     ls::Schedule{.kind = ls::Schedule::Kind::cosine, .warm_up_steps = 500, .total_steps = 10000}
///
/// The first `warm_up_steps` steps rise linearly, from 1 / warm_up_steps to 1; then the shape of `kind` begins.
/// Cost: O(1). Source: warm-up: Goyal et al. 2017; cosine: Loshchilov and Hutter 2017, without restarts.
struct Schedule {
  enum class Kind { constant, linear, cosine, step, exponential };
  Kind kind = Kind::constant;
  std::int64_t warm_up_steps = 0;
  std::int64_t total_steps = 0;  // linear, cosine: where the final factor is reached
  double final_factor = 0;       // linear, cosine
  std::int64_t step_every = 0;   // step: after so many steps ...
  double decay = 1;              // step: ... multiply by this; exponential: multiply by this at every step

  /// @param step  from 0
  /// @return      the factor, at most 1 for decays below 1
  double factor(std::int64_t step) const {
    if (step < warm_up_steps) return static_cast<double>(step + 1) / static_cast<double>(warm_up_steps);
    const std::int64_t since = step - warm_up_steps;
    const std::int64_t length = std::max<std::int64_t>(1, total_steps - warm_up_steps);
    const double progress = std::min(1.0, static_cast<double>(since) / static_cast<double>(length));
    const std::int64_t falls = since / std::max<std::int64_t>(1, step_every);
    switch (kind) {
      case Kind::constant: return 1;
      case Kind::linear: return 1 + (final_factor - 1) * progress;
      case Kind::cosine: return final_factor + (1 - final_factor) * 0.5 * (1 + std::cos(3.141592653589793 * progress));
      case Kind::step: return std::pow(decay, static_cast<double>(falls));
      case Kind::exponential: return std::pow(decay, static_cast<double>(since));
    }
    return 1;
  }

  /// @throws ShapeError if the numbers make no sense
  void check() const {
    const bool ends = kind == Kind::linear || kind == Kind::cosine;
    expects(warm_up_steps >= 0, "Schedule: warm_up_steps is at least 0, it is ", warm_up_steps);
    expects(!ends || total_steps > warm_up_steps, "Schedule: total_steps is above warm_up_steps (", warm_up_steps,
            "), it is ", total_steps);
    expects(kind != Kind::step || step_every > 0, "Schedule: step_every is at least 1, it is ", step_every);
    expects(math::is_finite(final_factor) && final_factor >= 0,
            "Schedule: final_factor is finite and at least 0, it is ", final_factor);
    expects(math::is_finite(decay) && decay > 0, "Schedule: decay is finite and above 0, it is ", decay);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
