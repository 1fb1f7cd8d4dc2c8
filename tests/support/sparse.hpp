// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include <longshore/core/random.hpp>
#include <longshore/core/sparse_matrix.hpp>

namespace test {

/// Entries as row, column and value.
using Triplets = std::vector<std::tuple<longshore::Index, longshore::Id, double>>;

/// The entries of a sparse matrix of any space, in its order.
template <class Real, class Space>
Triplets triplets_of(const longshore::SparseRows<Real, Space>& rows) {
  const longshore::SparseMatrix<Real, Kokkos::DefaultHostExecutionSpace> copied(rows);
  const auto& on_host = copied.rows();
  Triplets triplets;
  for (longshore::Index r = 0; r < on_host.row_count; ++r)
    for (std::int64_t n = on_host.begin(r); n < on_host.end(r); ++n)
      triplets.emplace_back(r, on_host.columns[n], static_cast<double>(on_host.values[n]));
  return triplets;
}

/// A random sparse matrix in which a place is filled with the probability `share`, by whole numbers from 1 to 5.
template <class Real, class Space>
longshore::SparseMatrix<Real, Space> random_sparse(const longshore::Random& random, longshore::Index rows,
                                                   longshore::Index columns, double share) {
  std::vector<std::int64_t> offsets{0};
  std::vector<longshore::Id> ids;
  std::vector<Real> values;
  std::uint64_t place = 0;
  for (longshore::Index r = 0; r < rows; ++r) {
    for (longshore::Id c = 0; c < columns; ++c, ++place)
      if (random.uniform<double>(place) < share) {
        ids.push_back(c);
        values.push_back(static_cast<Real>(1 + random.stream("values").below(place, 5)));
      }
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  return {offsets, ids, values, columns};
}

}  // namespace test
