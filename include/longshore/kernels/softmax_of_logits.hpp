// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/softmax_cross_entropy.hpp>
#include <longshore/kernels/sum_terms.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The loss of one row of logits that are in memory, and its derivative.
template <class Real>
struct SoftmaxOfLogits {
  static inline const std::string label = "longshore::softmax_of_logits";
  const Real* logits;    // (B, width)
  Index width, items;    // of which the first count
  const Id* targets;     // (B)
  const float* weights;  // (B)
  Real scale;
  Real* losses;      // (B)
  Real* derivative;  // (B, width); null: not wanted
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t b) const {
    const Real* x = logits + b * width;
    const Real weight = scale * static_cast<Real>(weights[b]);
    const Id target = targets[b];
    ExponentialSum<Real> others;  // without the target, whose 1 would swallow the digits of a small loss
    others.add(x, target);
    others.add(x + target + 1, items - target - 1);
    losses[b] = weight * math::softplus((others.most - x[target]) + math::log(others.sum));
    if (!derivative) return;
    ExponentialSum<Real> all = others;
    all.add(x + target, 1);
    Real* to = derivative + b * width;
    for (Index i = 0; i < width; ++i) to[i] = i < items ? weight * (math::exp(x[i] - all.most) / all.sum) : Real(0);
    to[target] -= weight;
  }
};

/// The losses of rows as terms of a sum.
template <class Real>
struct RowLoss {
  const Real* losses;  // (B)
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t b) const { return losses[b]; }
};

/// Numbers (double) of scratch that `softmax_of_logits_forward` needs for B rows, beside one Real a row.
inline std::size_t softmax_of_logits_workspace(std::int64_t rows) { return sum_terms_workspace(rows); }

/// Sum over b of scale weight_b (log sum_i e^(x_bi) - x_b,target) over logits that are in memory, in a fixed order, and
/// its derivative by each logit in the same pass: backward is `scale_derivative`. Does not wait.
///
/// Cost: O(B I); scratch one number a row, and one for every 512 rows.
///
/// @param logits      (B, I)
/// @param items       how many count, the first
/// @param targets     (B) each below items
/// @param weights     (B)
/// @param scale       of each term: 1 / B for a mean
/// @param loss        (1) overwritten
/// @param derivative  (B, I) overwritten, zeros behind the items that count; or empty where nobody wants it
/// @param losses      (B) of scratch
/// @param workspace   softmax_of_logits_workspace(B) numbers
template <class Real, class Space, class Executor>
void softmax_of_logits_forward(const Executor& executor, View<const Real, 2, Space> logits, Index items,
                               View<const Id, 1, Space> targets, View<const float, 1, Space> weights, Real scale,
                               View<Real, 1, Space> loss, View<Real, 2, Space> derivative, View<Real, 1, Space> losses,
                               View<double, 1, Space> workspace) {
  const Index rows = logits.extent(0);
  for_each(executor, rows,
           SoftmaxOfLogits<Real>{logits.data(), logits.extent(1), items, targets.data(), weights.data(), scale,
                                 losses.data(), derivative.data()});
  sum_terms<Real, Space>(executor, rows, RowLoss<Real>{losses.data()}, loss, workspace);
}

}  // namespace longshore::inline LONGSHORE_ABI
