// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What is known of the gradients of a step before any parameter changes. Lies in device memory, so that nothing waits for it.
struct GradientStatus {
  double norm = 0;          // of all gradients together
  double scale = 1;         // what updates multiply gradients by: below 1 if the norm was clipped
  std::int32_t bad = -1;    // the first parameter with a number that is not finite; then updates change nothing
  std::int32_t refused = 0; // steps refused since the optimiser was made
};

/// Numbers of a gradient that one body looks at.
inline constexpr std::int64_t norm_chunk = 4096;

/// The sum of squares of one chunk, whether all its numbers are finite, and whose it is.
template <class Real>
struct ChunkNorm {
  static inline const std::string label = "longshore::gradient_norm";
  const Real* gradient;
  std::int64_t size;
  double* squares;        // (chunks)
  std::int32_t* bad;      // (chunks)
  std::int32_t* owner;    // (chunks)
  std::int32_t parameter;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t chunk) const {
    const std::int64_t first = chunk * norm_chunk;
    const std::int64_t last = first + norm_chunk < size ? first + norm_chunk : size;
    // Eight sums side by side, so that the loop vectorises and its order is fixed.
    double sum[8] = {};
    std::int32_t wrong = 0;
    std::int64_t i = first;
    for (; i + 8 <= last; i += 8)
      for (int lane = 0; lane < 8; ++lane) {
        const Real g = gradient[i + lane];
        sum[lane] += static_cast<double>(g) * static_cast<double>(g);
        wrong |= math::is_finite(g) ? 0 : 1;
      }
    for (; i < last; ++i) {
      sum[0] += static_cast<double>(gradient[i]) * static_cast<double>(gradient[i]);
      wrong |= math::is_finite(gradient[i]) ? 0 : 1;
    }
    squares[chunk] = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
    bad[chunk] = wrong;
    owner[chunk] = parameter;
  }
};

/// Adds up the chunks of all parameters and decides the scale.
struct JoinNorms {
  static inline const std::string label = "longshore::gradient_norm";
  const double* squares;
  const std::int32_t* bad;
  const std::int32_t* owner;  // (chunks) which parameter
  std::int64_t chunks;
  double clip;  // largest norm; 0: no limit
  GradientStatus* status;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t) const {
    double sum = 0;
    std::int32_t first_bad = -1;
    for (std::int64_t i = 0; i < chunks; ++i) {
      sum += squares[i];
      if (bad[i] && first_bad < 0) first_bad = owner[i];
    }
    status->norm = math::sqrt(sum);
    status->scale = clip > 0 && status->norm > clip ? clip / (status->norm + 1e-6) : 1;
    status->bad = first_bad;
    if (first_bad >= 0) ++status->refused;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
