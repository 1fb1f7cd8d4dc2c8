// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/parameter.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/linear.hpp>
#include <longshore/kernels/pair_terms.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What one side of a factorisation machine is made of; `PairTerms` has the formula. The parameters must outlive the
/// step.
///
/// Cost: copies nothing.
template <class Real, class Space>
struct PairSide {
  Matrix<Real, Space> x;                               // (R, H), or empty
  Matrix<Real, Space> p;                               // (R / n, K): n neighbouring rows share one; or empty
  Matrix<Real, Space> b;                               // (R / n, 1), or empty
  const Parameter<Real, 1, Space>* weights = nullptr;  // (H)
  const Parameter<Real, 2, Space>* factors = nullptr;  // (K, H)
  const Parameter<Real, 1, Space>* mean = nullptr;     // (1), or null
  Index rows = 0;                                      // R
  Index own = 0;  // 0: y ends with what the side is worth alone, and 1; 1: the other way round
};

/// Works out the side of a factorisation machine that one party of a score makes: its factors, what it is worth alone,
/// and 1. The inner product of both sides' rows, one with `own` 0 and one with 1, is the score.
///
/// Models: none (a function without parameters of its own). Cost: O(R (H + 1) K).
/// Source: Rendle 2010, equation 5.
///
/// @param count  K
/// @return       (R, K + 2)
/// @throws ShapeError if x has another number of features than the factors
template <class Real, class Space>
Matrix<Real, Space> pair_side(auto& context, Index count, const PairSide<Real, Space>& side) {
  check_values("pair_side", context, side.x, side.p, side.b);
  const Index features = side.weights->extent(0), rows = side.rows;
  expects(side.x.extent(1) == features && (features == 0 || side.x.extent(0) == rows), "pair_side: x has ",
          side.x.extent(0), " rows of ", side.x.extent(1), " features, ", rows, " of ", features, " are expected");
  PairTerms<Real> terms;
  terms.rows = rows;
  terms.features = features;
  terms.factors = count;
  terms.own = side.own;
  terms.vectors = side.p.data.data();
  terms.bias = side.b.data.data();
  terms.repeat = side.p.extent(0) > 0 ? rows / side.p.extent(0) : 1;
  if (side.mean) terms.mean = side.mean->view().data();
  if (features > 0) {
    const auto products = scratch<Real>(context, rows, count);  // (R, K)
    const auto squares = scratch<Real>(context, features);      // (H)
    linear_forward<Real, Space>(context.executor(), side.x.data, side.factors->view(), {}, products,
                                scratch<Real>(context, linear_forward_workspace(features, count)));
    factor_squares<Real, Space>(context.executor(), side.factors->view(), squares);
    terms.x = side.x.data.data();
    terms.weights = side.weights->view().data();
    terms.squares = squares.data();
    terms.products = products.data();
  }
  const auto y = make_value<Real>(context, rows, count + 2);  // (R, K + 2)
  pair_terms_forward<Real, Space>(context.executor(), terms, y.data);
  context.record(y, [side, terms, y](auto& c) {
    const View<const Real, 2, Space> dy = c.gradient_of(y);
    const auto dz = scratch<Real>(c, terms.rows, terms.factors);           // (R, K)
    const auto powers = scratch<Real>(c, terms.rows, 2 * terms.features);  // (R, 2 H)
    pair_terms_backward<Real, Space>(c.executor(), terms, dy, y.data, dz, powers);
    const auto dp = c.gradient_to(side.p);
    const auto db = c.gradient_to(side.b);
    pair_terms_backward_vectors<Real, Space>(c.executor(), terms, dy, dz, dp, db);
    const auto sums = [&](Index width, const Real* from, Index stride, Real* to, Update update) {
      column_sums<Real, Space>(c.executor(), terms.rows, width, {from, stride}, to, update,
                               scratch<Real>(c, column_sums_workspace(terms.rows, width)).data());
    };
    if (side.mean)
      if (const auto dmean = c.gradient_to(*side.mean))
        sums(1, dy.data() + terms.factors + terms.own, terms.width(), dmean.view.data(), dmean.update);
    if (terms.features == 0) return;
    const auto dx = c.gradient_to(side.x);
    const auto dfactors = c.gradient_to(*side.factors);
    linear_backward<Real, Space>(
        c.executor(), dz, side.x.data, side.factors->view(), dx, dfactors, {},
        scratch<Real>(c, linear_backward_workspace(terms.rows, terms.features, terms.factors)));
    if (dx) pair_terms_backward_x<Real, Space>(c.executor(), terms, dy, dx.view);
    if (dfactors) {
      const auto squares = scratch<Real>(c, terms.features);  // (H)
      sums(terms.features, powers.data() + terms.features, 2 * terms.features, squares.data(), Update::write);
      pair_terms_backward_factors<Real, Space>(c.executor(), side.factors->view(), squares.data(), dfactors.view);
    }
    if (const auto dweights = c.gradient_to(*side.weights))
      sums(terms.features, powers.data(), 2 * terms.features, dweights.view.data(), dweights.update);
  });
  return y;
}

}  // namespace longshore::inline LONGSHORE_ABI
