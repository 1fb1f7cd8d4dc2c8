// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Terms that one body sums.
inline constexpr std::int64_t term_chunk = 512;

/// The body of `sum_terms`, which says what it computes.
template <class Term>
struct SumTermChunk {
  static inline const std::string label = "longshore::loss_forward";
  Term term;
  std::int64_t count;
  double* parts;  // (chunks)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t chunk) const {
    const std::int64_t first = chunk * term_chunk;
    const std::int64_t last = first + term_chunk < count ? first + term_chunk : count;
    double sum = 0;
    for (std::int64_t i = first; i < last; ++i) sum += static_cast<double>(term(i));
    parts[chunk] = sum;
  }
};

/// The body of `sum_terms`, which says what it computes.
template <class Real>
struct JoinTermChunks {
  static inline const std::string label = "longshore::loss_forward";
  const double* parts;
  std::int64_t chunks;
  Real* result;  // (1)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t) const {
    double sum = 0;
    for (std::int64_t i = 0; i < chunks; ++i) sum += parts[i];
    result[0] = static_cast<Real>(sum);
  }
};

/// Numbers (double) of scratch that `sum_terms` needs.
inline std::size_t sum_terms_workspace(std::int64_t count) {
  return static_cast<std::size_t>((count + term_chunk - 1) / term_chunk);
}

/// Sums term(i) over all i below count in a fixed order, in double: the losses. Does not wait.
///
/// Cost: O(count); scratch one number for every 512 terms, summed by one body.
///
/// @param term       `Real operator()(std::int64_t i) const`; may write derivatives of its own
/// @param result     (1) overwritten
/// @param workspace  sum_terms_workspace(count) numbers
template <class Real, class Space, class Executor, class Term>
void sum_terms(const Executor& executor, std::int64_t count, const Term& term, View<Real, 1, Space> result,
               View<double, 1, Space> workspace) {
  const std::int64_t chunks = (count + term_chunk - 1) / term_chunk;
  for_each(executor, chunks, SumTermChunk<Term>{term, count, workspace.data()});
  for_each(executor, 1, JoinTermChunks<Real>{workspace.data(), chunks, result.data()});
}

/// The body of `scale_derivative`, which says what it computes.
template <class Real>
struct ScaleBy {
  static inline const std::string label = "longshore::loss_backward";
  const Real* from;
  const Real* factor;  // (1)
  Real* to;
  Update update;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const Real scaled = from[i] * factor[0];
    to[i] = update == Update::add ? to[i] + scaled : scaled;
  }
};

/// target (+)= derivative * dloss: the backward step of a loss whose forward kept its derivative. Does not wait.
///
/// Cost: O(numbers), no scratch.
///
/// @param derivative  of the loss by each input
/// @param dloss       (1) gradient that reached the loss
template <class Real, int Rank, class Space, class Executor>
void scale_derivative(const Executor& executor, View<const Real, Rank, Space> derivative,
                      View<const Real, 1, Space> dloss, Target<Real, Rank, Space> target) {
  if (!target) return;
  for_each(executor, static_cast<std::int64_t>(derivative.size()),
           ScaleBy<Real>{derivative.data(), dloss.data(), target.view.data(), target.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
