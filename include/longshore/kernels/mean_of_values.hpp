// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <longshore/core/for_each.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Values that one body sums.
inline constexpr std::int64_t mean_chunk = 65536;

/// Numbers of scratch (double) that `mean_of_values` needs.
inline std::size_t mean_of_values_workspace(std::int64_t count) {
  return static_cast<std::size_t>((count + mean_chunk - 1) / mean_chunk);
}

/// Sums a chunk of values.
template <class Real>
struct SumValues {
  static inline const std::string label = "longshore::mean_of_values";
  const Real* values;
  std::int64_t count;
  double* sums;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t chunk) const {
    const std::int64_t begin = chunk * mean_chunk, end = begin + mean_chunk < count ? begin + mean_chunk : count;
    double sum = 0;
    for (std::int64_t n = begin; n < end; ++n) sum += static_cast<double>(values[n]);
    sums[chunk] = sum;
  }
};

/// Joins the sums of the chunks.
template <class Real>
struct JoinMean {
  static inline const std::string label = "longshore::mean_of_values";
  const double* sums;
  std::int64_t count;
  Real* mean;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t) const {
    double sum = 0;
    for (std::int64_t chunk = 0; chunk * mean_chunk < count; ++chunk) sum += sums[chunk];
    mean[0] = static_cast<Real>(count > 0 ? sum / static_cast<double>(count) : 0);
  }
};

/// The mean of values, 0 of none, summed in double in chunks of fixed size. Does not wait.
///
/// Cost: O(N), two launches.
///
/// @param values     (N)
/// @param mean       (1) overwritten
/// @param workspace  mean_of_values_workspace(N) numbers
template <class Real, class Executor>
void mean_of_values(const Executor& executor, const Real* values, std::int64_t count, Real* mean, double* workspace) {
  for_each(executor, static_cast<std::int64_t>(mean_of_values_workspace(count)),
           SumValues<Real>{values, count, workspace});
  for_each(executor, 1, JoinMean<Real>{workspace, count, mean});
}

}  // namespace longshore::inline LONGSHORE_ABI
