// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Arrays of one size and what each is multiplied by: what `weighted_sum_forward` adds up.
template <class Real>
struct WeightedArrays {
  static constexpr int most = 8;
  const Real* arrays[most] = {};
  Real weights[most] = {};
  int count = 0;
};

/// The body of `weighted_sum_forward`, which says what it computes.
template <class Real>
struct WeightedSumForward {
  static inline const std::string label = "longshore::weighted_sum_forward";
  WeightedArrays<Real> terms;
  Real* to;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    Real sum = terms.weights[0] * terms.arrays[0][i];
    for (int k = 1; k < terms.count; ++k) sum += terms.weights[k] * terms.arrays[k][i];
    to[i] = sum;
  }
};

/// The sum of arrays, each times its weight, in their order. Does not wait.
///
/// Cost: O(terms elements), no scratch.
///
/// @param terms  at least one, each as large as the result
/// @param to     overwritten
template <class Real, int Rank, class Space, class Executor>
void weighted_sum_forward(const Executor& executor, const WeightedArrays<Real>& terms,
                          const View<Real, Rank, Space>& to) {
  for_each(executor, static_cast<std::int64_t>(to.size()), WeightedSumForward<Real>{terms, to.data()});
}

/// The body of `weighted_sum_backward`, which says what it computes.
template <class Real>
struct WeightedSumBackward {
  static inline const std::string label = "longshore::weighted_sum_backward";
  const Real* from;
  Real weight;
  Real* to;
  Update update;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    to[i] = update == Update::add ? to[i] + weight * from[i] : weight * from[i];
  }
};

/// The gradient by one of the arrays: that of the sum, times its weight. Does not wait.
///
/// Cost: O(elements), no scratch.
///
/// @param dsum    gradient of the sum
/// @param target  as large; may be empty
template <class Real, int Rank, class Space, class Executor>
void weighted_sum_backward(const Executor& executor, View<const Real, Rank, Space> dsum, Real weight,
                           const Target<Real, Rank, Space>& target) {
  if (!target) return;
  for_each(executor, static_cast<std::int64_t>(dsum.size()),
           WeightedSumBackward<Real>{dsum.data(), weight, target.view.data(), target.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
