// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/team.hpp>
#include <longshore/kernels/gradient_norm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers of a parameter that one body updates.
inline constexpr std::int64_t update_chunk = 1024;

/// Applies a rule to a chunk of a parameter with a dense gradient. Nothing happens if the step was refused.
template <class Real, class Step>
struct UpdateDense {
  static inline const std::string label = "longshore::update_dense";
  Step step;
  std::int64_t size;
  Real* weights;
  const Real* gradient;
  Real* first;   // moments; a rule that has fewer ignores them
  Real* second;
  const GradientStatus* status;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t chunk) const {
    if (status->bad >= 0) return;
    const Step rule = step;  // a copy that the loop's stores cannot change
    const auto scale = static_cast<Real>(status->scale);
    const std::int64_t from = chunk * update_chunk;
    const std::int64_t to = from + update_chunk < size ? from + update_chunk : size;
    for (std::int64_t i = from; i < to; ++i) rule(weights[i], scale * gradient[i], first[i], second[i]);
  }
};

/// Applies a rule to the rows that a step touched.
template <class Real, class Step>
struct UpdateRows {
  static inline const std::string label = "longshore::update_rows";
  static constexpr int team_size = 64;
  Step step;
  Index features;
  const Id* sorted;  // (n)
  const Real* sums;  // (n, D) at the first place of each id
  Real* weights;     // (I, D)
  Real* first;
  Real* second;
  const GradientStatus* status;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    if (status->bad >= 0) return;
    const Index place = team.league();
    if (place > 0 && sorted[place - 1] == sorted[place]) return;
    const Step rule = step;
    const auto scale = static_cast<Real>(status->scale);
    const Real* sum = sums + static_cast<std::int64_t>(place) * features;
    const std::int64_t row = static_cast<std::int64_t>(sorted[place]) * features;
    for (Index d = team.rank(); d < features; d += team.size())
      rule(weights[row + d], scale * sum[d], first[row + d], second[row + d]);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
