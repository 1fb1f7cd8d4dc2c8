// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/value.hpp>
#include <longshore/kernels/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Multiplies each row of one matrix with each row of another: y = Q Kᵀ. Scores of whole catalogues are that.
///
/// Models: none (a function without parameters). Cost: O(B I D).
///
/// @param queries  (B, D)
/// @param keys     (I, D)
/// @return         (B, I)
/// @throws ShapeError if the features differ
template <class Real, class Space>
Matrix<Real, Space> row_products(auto& context, const Matrix<Real, Space>& queries, const Matrix<Real, Space>& keys) {
  check_values("row_products", context, queries, keys);
  const Index rows = queries.extent(0), count = keys.extent(0), features = keys.extent(1);
  expects(queries.extent(1) == features, "row_products: the queries have ", queries.extent(1), " features, the keys ",
          features);
  const auto y = make_value<Real>(context, rows, count);  // (B, I)
  linear_forward<Real, Space>(context.executor(), queries.data, keys.data, {}, y.data,
                              scratch<Real>(context, linear_forward_workspace(features, count)));
  context.record(y, [queries, keys, y](auto& c) {
    const auto dqueries = c.gradient_to(queries);
    const auto dkeys = c.gradient_to(keys);
    const auto workspace =
        scratch<Real>(c, linear_backward_workspace(queries.extent(0), keys.extent(1), keys.extent(0)));
    linear_backward<Real, Space>(c.executor(), c.gradient_of(y), queries.data, keys.data, dqueries, dkeys, {},
                                 workspace);
  });
  return y;
}

}  // namespace longshore::inline LONGSHORE_ABI
