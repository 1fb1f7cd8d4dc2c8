// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `mix_softmax_forward`, which says what it computes.
template <class Real>
struct MixSoftmaxForward {
  static inline const std::string label = "longshore::mix_softmax_forward";
  const Real* logits;
  Index given, count;  // logits and weights of a row
  Real* weights;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t r) const {
    const Real* from = logits + r * given;
    Real* to = weights + r * count;
    Real largest = given < count ? Real(0) : from[0];
    for (Index k = 0; k < given; ++k) largest = from[k] > largest ? from[k] : largest;
    Real sum = 0;
    for (Index k = 0; k < count; ++k) {
      to[k] = math::exp((k < given ? from[k] : Real(0)) - largest);
      sum += to[k];
    }
    for (Index k = 0; k < count; ++k) to[k] /= sum;
  }
};

/// The body of `mix_softmax_backward`, which says what it computes.
template <class Real>
struct MixSoftmaxBackward {
  static inline const std::string label = "longshore::mix_softmax_backward";
  const Real* dweights;
  const Real* weights;
  Index given, count;
  Real* dlogits;
  Update update;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t r) const {
    const Real* w = weights + r * count;
    const Real* dw = dweights + r * count;
    Real* to = dlogits + r * given;
    for (Index k = 0; k < given; ++k) {
      // The sum of differences, not the difference from a mean: where one weight is nearly 1, that one cancels.
      Real sum = 0;
      for (Index j = 0; j < count; ++j) sum += w[j] * (dw[k] - dw[j]);
      const Real gradient = w[k] * sum;
      to[k] = update == Update::add ? to[k] + gradient : gradient;
    }
  }
};

/// Weights of a few parts from logits, row by row: w_k = e^{l_k} / sum over j of e^{l_j}. Does not wait.
///
/// If a row has one logit fewer than weights, the last part's logit is 0: with two parts w = (sigmoid(l), 1 -
/// sigmoid(l)).
///
/// Source: Ying et al. 2018 (SHAN).
/// Cost: O(R n), no scratch.
///
/// @param logits   (R, n) or (R, n - 1)
/// @param weights  (R, n) overwritten
template <class Real, class Space, class Executor>
void mix_softmax_forward(const Executor& executor, View<const Real, 2, Space> logits, View<Real, 2, Space> weights) {
  for_each(executor, weights.extent(0),
           MixSoftmaxForward<Real>{logits.data(), logits.extent(1), weights.extent(1), weights.data()});
}

/// Gradient of `mix_softmax_forward`: dl_k (+)= w_k (sum over j of w_j (dw_k - dw_j)). Does not wait.
///
/// Cost: O(R n²), no scratch.
///
/// @param dweights  (R, n)
/// @param weights   (R, n) what forward gave
/// @param dlogits   (R, n) or (R, n - 1), or empty
template <class Real, class Space, class Executor>
void mix_softmax_backward(const Executor& executor, View<const Real, 2, Space> dweights,
                          View<const Real, 2, Space> weights, Target<Real, 2, Space> dlogits) {
  if (!dlogits) return;
  for_each(executor, weights.extent(0),
           MixSoftmaxBackward<Real>{dweights.data(), weights.data(), dlogits.view.extent(1), weights.extent(1),
                                    dlogits.view.data(), dlogits.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
