// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <longshore/core/checked_size.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/linalg/column_products.hpp>
#include <longshore/linalg/symmetric_eigen.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the columns of a tall matrix orthonormal: Y = Q R, and Q takes the place of Y. Blocks.
///
/// Columns that depend on others, to rounding, leave columns of zeros in Q, as many as the rank is short of. The Gram
/// matrix is taken apart in double, twice, so that Q is orthonormal to the precision of `Real` though Y may be close to
/// singular. The same bits at any number of threads.
///
/// Cost: O(N D²) in parallel and O(D³) on the host; memory N D numbers and D (D + 32) of double for every 1,024 rows.
/// Source: Stathopoulos and Wu 2002 (SVQB).
///
/// @param y  (N, D) overwritten with Q
/// @return   R, (D, D) row after row
template <class Real, class Space>
std::vector<double> orthonormal_columns(const Space& executor, View<Real, 2, Space> y) {
  const Index rows = y.extent(0), columns = y.extent(1);
  const auto width = static_cast<std::size_t>(columns);
  std::vector<double> all(width * width);  // R
  for (std::size_t d = 0; d < width; ++d) all[d * width + d] = 1;
  if (rows == 0 || columns == 0) return all;
  Tensor<Real, 2, Space> before(rows, columns), map(columns, columns);
  Tensor<double, 2, Space> products(columns, columns);
  Tensor<double, 1, Space> workspace(column_products_workspace(rows, columns));
  for (int pass = 0; pass < 2; ++pass) {
    column_products<Real, Space>(executor, y, products.view(), workspace.view());
    executor.fence();
    std::vector<double> gram = copy_to_host(products.view()), length(width);
    // Columns of length 1 first: how long they are says nothing of how they depend on each other.
    for (std::size_t d = 0; d < width; ++d) length[d] = std::sqrt(std::max(gram[d * width + d], 0.0));
    const auto inverse = [](double x) { return x > 0 ? 1 / x : 0.0; };
    for (std::size_t i = 0; i < width; ++i)
      for (std::size_t j = 0; j < width; ++j) gram[i * width + j] *= inverse(length[i]) * inverse(length[j]);
    const SymmetricEigen<double> eigen = symmetric_eigen(gram, columns);
    const double least = 1e-14 * static_cast<double>(columns) * std::max(1.0, eigen.values.back());
    // Q = Y D^-1 E root^-1, so that Y = Q root Eᵀ D.
    std::vector<Real> to(width * width);
    std::vector<double> next(width * width);
    for (std::size_t k = 0; k < width; ++k) {
      const double root = eigen.values[k] > least ? std::sqrt(eigen.values[k]) : 0;
      for (std::size_t d = 0; d < width; ++d) {
        const double part = eigen.vectors[d * width + k];
        to[d * width + k] = static_cast<Real>(inverse(length[d]) * part * inverse(root));
        for (std::size_t j = 0; j < width; ++j) next[k * width + j] += root * part * length[d] * all[d * width + j];
      }
    }
    all = next;
    copy_from_host(to, map.view());
    copy(View<const Real, 2, Space>(y), before.view());
    gemm_nn<Real, Space>(executor, rows, columns, columns, {before.data(), columns}, {map.data(), columns},
                         {y.data(), columns}, Update::write);
    executor.fence();
  }
  return all;
}

}  // namespace longshore::inline LONGSHORE_ABI
