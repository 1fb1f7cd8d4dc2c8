// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>

#include <longshore/core/check_finite.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/small_list.hpp>
#include <longshore/kernels/weighted_sum.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adds up values of one shape, each times a number: several losses that are trained together, or steps and what a
/// layer made of them.
///
///   y = sum over k of a_k x_k
///
///     const auto clicks = BinaryCrossEntropy{}(context, scores, batch);
///     const auto stars = MeanSquaredError{}(context, ratings, batch.ratings);
///     context.backward(weighted_sum(context, {clicks, stars}, {1.0, 0.5}));  // L = clicks + 0.5 stars
///
/// Models: none (a function without parameters). Cost: O(terms elements).
/// Differs from PyTorch's a * x + b * y: up to eight terms in one kernel.
///
/// @param values   1 to 8 of equal extents; one may come several times
/// @param weights  as many finite numbers, which are no parameters; empty: 1 each
/// @return         of the same extents
/// @throws ShapeError if there are none or more than eight, if extents differ, or the weights in number, or if one is
///                    not finite
/// @throws Error      if a value is of another step or context; see `check_values`
template <class Real, int Rank, class Space>
Value<Real, Rank, Space> weighted_sum(auto& context, std::initializer_list<Value<Real, Rank, Space>> values,
                                      const SmallList<double>& weights = {}) {
  constexpr int most = WeightedArrays<Real>::most;
  expects(values.size() >= 1 && values.size() <= most, "weighted_sum: ", values.size(), " values came, 1 to ", most,
          " are taken");
  expects(weights.empty() || weights.given == static_cast<int>(values.size()), "weighted_sum: ", weights.given,
          " weights came for ", values.size(), " values");
  struct Terms {  // what backward keeps
    Value<Real, Rank, Space> values[most];
    WeightedArrays<Real> arrays;
  } terms;
  for (const auto& value : values) {
    const int k = terms.arrays.count++;
    check_values("weighted_sum", context, value);
    for (int r = 0; r < Rank; ++r)
      expects(value.extent(r) == values.begin()->extent(r), "weighted_sum: extent ", r, " of value ", k + 1, " is ",
              value.extent(r), ", that of value 1 ", values.begin()->extent(r));
    const auto weight = static_cast<Real>(weights.empty() ? 1 : weights[k]);
    check_finite("weighted_sum", "a weight", static_cast<double>(weight));
    terms.values[k] = value;
    terms.arrays.arrays[k] = value.data.data();
    terms.arrays.weights[k] = weight;
  }
  View<Real, Rank, Space> view = values.begin()->data;
  view.pointer = static_cast<Real*>(context.allocate(sizeof(Real) * view.size()));
  const Value<Real, Rank, Space> y(view, context.gradient(), context.stamp());
  weighted_sum_forward<Real, Rank, Space>(context.executor(), terms.arrays, y.data);
  context.record(y, [terms, y](auto& c) {
    for (int k = 0; k < terms.arrays.count; ++k)  // one after the other: two may be one value
      weighted_sum_backward<Real, Rank, Space>(c.executor(), c.gradient_of(y), terms.arrays.weights[k],
                                               c.gradient_to(terms.values[k]));
  });
  return y;
}

}  // namespace longshore::inline LONGSHORE_ABI
