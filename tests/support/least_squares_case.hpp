// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <longshore/core/parameter.hpp>
#include <longshore/factorization/interactions.hpp>

#include "dense_least_squares.hpp"
#include "kernel_case.hpp"
#include "sparse.hpp"

namespace test {

/// Random interactions, whole numbers from 1 to 5, of some users with some items; the first user and item have none.
template <class Real, class Space>
struct LeastSquaresCase {
  longshore::Interactions<Real, Space> train;

  LeastSquaresCase(longshore::Index users, longshore::Index items, double share = 0.3) {
    const auto drawn =
        random_sparse<Real, Kokkos::DefaultHostExecutionSpace>(longshore::Random(3), users, items, share);
    std::vector<std::int64_t> offsets{0};
    std::vector<longshore::Id> columns;
    std::vector<Real> values;
    for (longshore::Index u = 0; u < users; ++u) {
      for (std::int64_t e = drawn.rows().begin(u); u > 0 && e < drawn.rows().end(u); ++e) {
        if (drawn.rows().columns[e] == 0) continue;
        columns.push_back(drawn.rows().columns[e]);
        values.push_back(drawn.rows().values[e]);
      }
      offsets.push_back(static_cast<std::int64_t>(columns.size()));
    }
    owner = longshore::SparseMatrix<Real, Space>(offsets, columns, values, items);
    train = longshore::Interactions<Real, Space>(owner.rows());
  }

  /// The same for a model's settings, dense, in double.
  template <class Settings>
  DenseLeastSquares dense(const Settings& settings) const {
    return dense_least_squares(longshore::LeastSquaresProblem::of(settings), train.by_user(),
                               static_cast<std::size_t>(settings.features));
  }

 private:
  longshore::SparseMatrix<Real, Space> owner;
};

/// The numbers of a parameter of any space, in double.
template <class Real, class Space>
std::vector<double> factors_of(const longshore::Parameter<Real, 2, Space>& factors) {
  return numbers_of(factors.view());
}

}  // namespace test
