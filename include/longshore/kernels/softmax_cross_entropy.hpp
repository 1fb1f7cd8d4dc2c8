// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>

#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/softmax_tiles.hpp>
#include <longshore/kernels/sum_terms.hpp>
#include <longshore/linalg/lane.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A sum of exponentials, sum e^x = sum e^(x - most) e^most, that never overflows.
template <class Real>
struct ExponentialSum {
  Real most = std::numeric_limits<Real>::lowest();
  Real sum = 0;

  /// Adds e^x of a run of numbers, one after the other.
  KOKKOS_INLINE_FUNCTION void add(const Real* x, Index count) {
    Real now = most;
    for (Index i = 0; i < count; ++i) now = x[i] > now ? x[i] : now;
    raise(now);
    for (Index i = 0; i < count; ++i) sum += math::exp(x[i] - most);
  }

  /// The same for whole registers of numbers.
  template <int registers>
  inline void add_registers(const Real* x) {
    using Vector = Simd<Real>;
    Vector part[registers];
    unroll<registers>([&](auto i) { part[i] = Vector::load(x + i * Vector::width); });
    Vector top = part[0];
    unroll<registers>([&](auto i) { top.raise(part[i]); });
    const Real largest = top.largest();
    if (largest > most) raise(largest);  // seldom, after the first registers
    const auto shift = Vector::broadcast(most);
    auto even = Vector::broadcast(0), odd = even;
    unroll<registers>([&](auto i) {
      part[i].subtract(shift);
      (i % 2 == 0 ? even : odd).add(exp_of_negative(part[i]));
    });
    even.add(odd);
    sum += even.sum();
  }

  KOKKOS_INLINE_FUNCTION void add(const ExponentialSum& other) {
    raise(other.most > most ? other.most : most);
    sum += other.sum * math::exp(other.most - most);
  }

 private:
  KOKKOS_INLINE_FUNCTION void raise(Real now) {
    sum *= math::exp(most - now);
    most = now;
  }
};

/// The sum of exponentials of one body's items, for every row; and that of a row's target's body without the target.
template <class Real>
struct SoftmaxSums {
  static inline const std::string label = "longshore::softmax_cross_entropy_forward";
  static constexpr int team_size = 128;
  SoftmaxTiles<Real> tiles;
  const Id* targets;             // (B)
  ExponentialSum<Real>* sums;    // (bodies, B)
  ExponentialSum<Real>* others;  // (B)
  Real* hits;                    // (B, 2) first column: the target's logit
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    ExponentialSum<Real>* row_sums = sums + std::int64_t{team.league()} * tiles.rows;
    const Real* logits = tiles.logits(team);
    const Index first = tiles.first(team.league()), last = tiles.last(team.league());
    for (Index b = team.rank(); b < tiles.rows; b += team.size()) {
      row_sums[b] = {};
      if (targets[b] >= first && targets[b] < last) others[b] = {};
    }
    for (Index item = first; item < last; item += softmax_items) {
      const Index width = last - item < softmax_items ? last - item : softmax_items;
      tiles.take_items(team, item, width);
      for (Index row = 0; row < tiles.rows; row += softmax_rows) {
        const Index height = tiles.rows - row < softmax_rows ? tiles.rows - row : softmax_rows;
        tiles.fill_logits(team, row, height, item, width);
        for (Index r = team.rank(); r < height; r += team.size()) {
          const Index b = row + r, target = targets[b];
          const Real* x = logits + std::int64_t{r} * softmax_items;
          add(team, row_sums[b], x, width);
          if (target >= first && target < last) add_others(team, b, target - item, x, width);
        }
        team.barrier();
      }
    }
  }

 private:
  template <class Team>
  KOKKOS_INLINE_FUNCTION void add_others(const Team& team, Index b, Index hit, const Real* x, Index width) const {
    if (hit < 0 || hit >= width) return add(team, others[b], x, width);
    add(team, others[b], x, hit);
    add(team, others[b], x + hit + 1, width - hit - 1);
    hits[2 * std::int64_t{b}] = x[hit];
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION static void add(const Team&, ExponentialSum<Real>& sum, const Real* x, Index width) {
#if !LONGSHORE_ON_DEVICE
    if constexpr (Team::single) {
      constexpr Index one = Simd<Real>::width, eight = 8 * one;
      for (; width >= eight; width -= eight, x += eight) sum.template add_registers<8>(x);
      for (; width >= one; width -= one, x += one) sum.template add_registers<1>(x);
    }
#endif
    sum.add(x, width);
  }
};

/// The loss of one row from the sums of the bodies: a term for `sum_terms`. Keeps log sum e^x for backward. The loss is
/// log(1 + e^(others - target)): a sum with the target in it would swallow the digits of a small one.
template <class Real>
struct SoftmaxRowTerm {
  SoftmaxTiles<Real> tiles;
  Index bodies;
  const ExponentialSum<Real>* sums;    // (bodies, B)
  const ExponentialSum<Real>* others;  // (B)
  const Id* targets;                   // (B)
  const float* weights;                // (B) or null
  Real scale;
  Real* log_sum;  // (B, 2), in the first column the target's logit
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t b) const {
    const Index of_target = targets[b] / tiles.block;
    ExponentialSum<Real> all, rest = others[b];
    for (Index body = 0; body < bodies; ++body) {
      const ExponentialSum<Real>& sum = sums[std::int64_t{body} * tiles.rows + b];
      all.add(sum);
      if (body != of_target) rest.add(sum);
    }
    const Real behind = (rest.most - log_sum[2 * b]) + math::log(rest.sum);
    log_sum[2 * b] = all.most;
    log_sum[2 * b + 1] = math::log(all.sum);
    return (weights ? scale * static_cast<Real>(weights[b]) : scale) * math::softplus(behind);
  }
};

/// Loss of (B, I) logits that are never in memory, and each row's greatest logit and the logarithm of its sum of
/// e^(x - greatest): apart, since their sum would lose the digits of small differences. Does not wait.
///
/// Source: Bridle 1990; in one pass with a running maximum: Milakov and Gimelshein 2018.
/// Cost: O(B I D); memory O(D) for each of at most 64 bodies (512 on a device) and O(B) for each: never (B, I).
/// A loss has the digits of its logits' differences, however small it is.
///
/// @param tiles      interests (B, D), table (I, D), bias (I) or null, and scratch
/// @param targets    (B) each in [0, I)
/// @param weights    (B) or empty
/// @param scale      of each term: 1 / B for a mean
/// @param log_sum    (B, 2) overwritten
/// @param loss       (1) overwritten
/// @param sums       (softmax_blocks<Space>(I) + 1, B) of workspace
/// @param workspace  sum_terms_workspace(B) numbers
template <class Real, class Space, class Executor>
void softmax_cross_entropy_forward(const Executor& executor, const SoftmaxTiles<Real>& tiles,
                                   View<const Id, 1, Space> targets, View<const float, 1, Space> weights, Real scale,
                                   View<Real, 2, Space> log_sum, View<Real, 1, Space> loss,
                                   View<ExponentialSum<Real>, 2, Space> sums, View<double, 1, Space> workspace) {
  const Index bodies = sums.extent(0) - 1;
  ExponentialSum<Real>* const others = sums.data() + std::int64_t{bodies} * tiles.rows;
  for_each_team<Space>(executor, bodies, SoftmaxSums<Real>{tiles, targets.data(), sums.data(), others, log_sum.data()});
  const SoftmaxRowTerm<Real> term{tiles,          bodies,         sums.data(), others,
                                  targets.data(), weights.data(), scale,       log_sum.data()};
  sum_terms<Real, Space>(executor, tiles.rows, term, loss, workspace);
}

}  // namespace longshore::inline LONGSHORE_ABI
