// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/math.hpp>
#include <longshore/kernels/change_rows.hpp>
#include <longshore/kernels/negative_groups.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// p (q - q'): the rule of a comparison.
struct BprScore {
  template <class Number>
  KOKKOS_INLINE_FUNCTION Number operator()(const Number& p, const Number& liked, const Number& other) const {
    return p * (liked - other);
  }
};

/// What one comparison changes: p, the positive's and the negative's row.
template <class Real>
struct BprRule {
  Real push, rate, user_regularisation, item_regularisation;  // push: sigmoid of minus the difference
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(Number& p, Number& liked, Number& other) const {
    const Number user = push * (liked - other) - user_regularisation * p;
    const Number up = push * p - item_regularisation * liked, down = Real(0) - push * p - item_regularisation * other;
    p += rate * user;
    liked += rate * up;
    other += rate * down;
  }
};

/// A step of Bayesian personalised ranking for one positive: a body of `visit_paired_blocks`.
///
///   x = <p_u, q_i - q_j> + b_i - b_j;  s = sigmoid(-x)
///   p += rate (s (q_i - q_j) - lambda p);  q_i += rate (s p - lambda q_i);  q_j += rate (-s p - lambda q_j)
///   b_i += rate (s - lambda b_i);  b_j += rate (-s - lambda b_j)
///
/// Cost: O(D) a positive, O(log |I_u|) where its draw is among what the user may have. The loss is log(1 + e^-x); no
/// negative, no step and no loss.
/// Source: Rendle et al. 2009, figure 4.
template <class Real, class Space>
struct BprStep {
  static inline const std::string label = "longshore::bpr_step";
  NegativeGroups<Real, Space> negatives;
  Random random;  // of this epoch
  Index features;
  Real* user_factors;  // (U, D)
  Real* item_factors;  // (I, D)
  Real* item_bias;     // (I), or null
  Real rate, user_regularisation, item_regularisation, bias_regularisation;
  using Visit = typename NegativeGroups<Real, Space>::Visit;
  using Prepared = Comparison;

  KOKKOS_INLINE_FUNCTION void enter(Visit& visit) const { negatives.enter(visit); }

  /// Draws the negatives.
  template <int count>
  KOKKOS_INLINE_FUNCTION int prepare(const Visit& visit, std::int64_t first, Comparison (&ready)[count]) const {
    return negatives.draw(random, visit, first, ready);
  }
  /// Fetches both items' rows.
  KOKKOS_INLINE_FUNCTION void fetch(const Comparison& items) const {
    fetch_row(row_of(items.other), features);
    fetch_row(row_of(items.liked), features);
  }

  /// x of a comparison.
  template <class Team>
  KOKKOS_FORCEINLINE_FUNCTION Real score(const Team& team, const Visit& visit, const Comparison& items) const {
    const Real above =
        sum_rows<Real>(team, features, BprScore{}, row_of(visit), row_of(items.liked), row_of(items.other));
    return item_bias ? above + (item_bias[items.liked] - item_bias[items.other]) : above;
  }

  /// sigmoid(-x) and log(1 + e^-x) of some comparisons, by one exponential each.
  template <int count>
  KOKKOS_FORCEINLINE_FUNCTION void judge(const Real (&scores)[count], Real (&pushes)[count],
                                         Real (&losses)[count]) const {
    for (int i = 0; i < count; ++i) {
      const Real above = scores[i], small = math::exp(-math::size_of(above)), share = Real(1) / (Real(1) + small);
      pushes[i] = share * (above < Real(0) ? Real(1) : small);
      losses[i] = (above < Real(0) ? -above : Real(0)) + math::log1p_to_one(small);
    }
  }

  template <class Team>
  KOKKOS_FORCEINLINE_FUNCTION void change(const Team& team, const Visit& visit, const Comparison& items,
                                          Real push) const {
    if (item_bias && team.rank() == 0) {
      Real &up = item_bias[items.liked], &down = item_bias[items.other];
      up += rate * (push - bias_regularisation * up);
      down += rate * (Real(0) - push - bias_regularisation * down);
    }
    change_rows<Real>(team, features, BprRule<Real>{push, rate, user_regularisation, item_regularisation},
                      row_of(visit), row_of(items.liked), row_of(items.other));
    team.barrier();
  }

 private:
  KOKKOS_INLINE_FUNCTION Real* row_of(const Visit& visit) const {
    return user_factors + std::int64_t{visit.user} * features;
  }
  KOKKOS_INLINE_FUNCTION Real* row_of(Id item) const { return item_factors + std::int64_t{item} * features; }
};

}  // namespace longshore::inline LONGSHORE_ABI
