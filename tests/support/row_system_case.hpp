// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <longshore/core/tensor.hpp>
#include <longshore/kernels/conjugate_gradient_rows.hpp>
#include <longshore/kernels/gramian.hpp>
#include <longshore/kernels/subspace_rows.hpp>

#include "kernel_case.hpp"
#include "sparse.hpp"

namespace test {

/// What a kernel that solves `RowSystems` gave.
template <class Real>
struct RowSolutions {
  std::vector<Real> rows;       // (R, D)
  double fit = 0, penalty = 0;  // of all rows
  bool operator==(const RowSolutions&) const = default;
};

/// Random systems of the rows of a sparse matrix, their solution by kernels, and by loops in double.
template <class Real, class Space>
struct RowSystemCase {
  longshore::Index features;
  longshore::SparseMatrix<Real, Space> matrix;
  longshore::Tensor<Real, 2, Space> table, start, shared, spread;
  longshore::RowSystems<Real, Space> systems;

  /// @param share    of the matrix that is filled
  /// @param gramian  whether there is one
  RowSystemCase(longshore::Index rows, longshore::Index columns, longshore::Index its_features, double share = 0.3,
                bool gramian = true)
      : features(its_features),
        matrix(random_sparse<Real, Space>(longshore::Random(7), rows, columns, share)),
        table(random_tensor<Real, 2, Space>(longshore::Random(8), columns, features)),
        start(random_tensor<Real, 2, Space>(longshore::Random(9), rows, features)) {
    systems.rows = matrix.rows();
    systems.table = table.data();
    systems.features = features;
    systems.weights = {Real(0.5), Real(0.25), 1, Real(0.5), false};
    systems.ridge = 0.5;
    systems.ridge_start = 3;
    systems.ridge_exponent = 0.5;
    if (!gramian) return;
    shared = longshore::Tensor<Real, 2, Space>(features, features);
    longshore::Tensor<Real, 1, Space> workspace(longshore::gramian_workspace(columns, features));
    longshore::gramian<Real, Space>(Space{}, std::as_const(table).view(), Real(0.5), shared.data(), workspace.data());
    systems.gramian = shared.data();
    if constexpr (longshore::is_host_space<Space>) {
      spread = longshore::Tensor<Real, 2, Space>(features, longshore::spread_size<Real>(features));
      longshore::spread_gramian<Real>(Space{}, features, shared.data(), spread.data());
    }
    Kokkos::fence();
  }

  longshore::RowSchedule schedule() const {
    return longshore::row_schedule<Real, Space>(systems.rows.row_count, systems.rows.column_count, systems.rows.entries,
                                                features);
  }

  /// Steps of conjugate gradients from `start`.
  RowSolutions<Real> by_steps(longshore::Index steps, longshore::RowSchedule schedule, const auto& executor) const {
    return run(
        schedule,
        [&](const auto& given, const longshore::RowSchedule& its, Real* scratch) {
          longshore::conjugate_gradient_rows<Real, Space>(executor, given, its, spread.data(), steps,
                                                          workers(executor, its), scratch);
        },
        static_cast<std::size_t>(workers(executor, schedule)) *
            longshore::conjugate_gradient_rows_workspace<Real, Space>(schedule, features));
  }

  /// Block by block of features.
  RowSolutions<Real> by_blocks(longshore::Index block, bool from_zero, const auto& executor) const {
    const auto schedule = longshore::subspace_schedule<Space>(systems.rows.row_count, systems.rows.column_count);
    const std::int64_t longest = systems.rows.column_count;
    return run(
        schedule,
        [&](const auto& given, const longshore::RowSchedule& its, Real* scratch) {
          longshore::subspace_rows<Real, Space>(executor, given, its, block, from_zero, workers(executor, its), scratch,
                                                longest);
        },
        static_cast<std::size_t>(workers(executor, schedule)) *
            longshore::subspace_rows_workspace<Real, Space>(features, block, longest));
  }

  /// The matrix (D, D) and the right side of row r.
  std::pair<std::vector<double>, std::vector<double>> system(longshore::Index r) const {
    const auto size = static_cast<std::size_t>(features);
    const auto y = numbers_of(table.view());
    std::vector<double> a = numbers_of(shared.view()), b(size);
    a.resize(size * size);
    double entries = 0;
    for (const auto& [row, column, value] : triplets_of(systems.rows)) {
      if (row != r) continue;
      ++entries;
      const double* other = &y[static_cast<std::size_t>(column) * size];
      for (std::size_t i = 0; i < size; ++i) {
        b[i] += static_cast<double>(systems.weights.target(static_cast<Real>(value))) * other[i];
        for (std::size_t j = 0; j < size; ++j)
          a[i * size + j] +=
              static_cast<double>(systems.weights.weight(static_cast<Real>(value))) * other[i] * other[j];
      }
    }
    for (std::size_t i = 0; i < size; ++i)
      a[i * size + i] += systems.ridge * std::pow(entries + systems.ridge_start, systems.ridge_exponent);
    return {a, b};
  }

  /// Whether all rows solve their systems: the largest residual, relative to the largest right side.
  double residual(const std::vector<Real>& rows) const {
    const auto size = static_cast<std::size_t>(features);
    double worst = 0, most = 0;
    for (longshore::Index r = 0; r < systems.rows.row_count; ++r) {
      const auto [a, b] = system(r);
      for (std::size_t i = 0; i < size; ++i) {
        double left = -b[i];
        for (std::size_t j = 0; j < size; ++j)
          left += a[i * size + j] * static_cast<double>(rows[static_cast<std::size_t>(r) * size + j]);
        worst = std::max(worst, std::abs(left));
        most = std::max(most, std::abs(b[i]));
      }
    }
    return worst / most;
  }

  /// x A x - 2 b x + constants, summed over all rows, and ridge x x.
  std::pair<double, double> objective(const std::vector<Real>& rows) const {
    const auto size = static_cast<std::size_t>(features);
    double fit = 0, penalty = 0;
    for (longshore::Index r = 0; r < systems.rows.row_count; ++r) {
      const auto [a, b] = system(r);
      double entries = 0;
      for (const auto& [row, column, value] : triplets_of(systems.rows))
        if (row == r) {
          fit += systems.weights.constant(static_cast<Real>(value));
          ++entries;
        }
      const double ridge = systems.ridge * std::pow(entries + systems.ridge_start, systems.ridge_exponent);
      for (std::size_t i = 0; i < size; ++i) {
        const double x = static_cast<double>(rows[static_cast<std::size_t>(r) * size + i]);
        fit -= 2 * b[i] * x;
        penalty += ridge * x * x;
        for (std::size_t j = 0; j < size; ++j)
          fit += x * a[i * size + j] * static_cast<double>(rows[static_cast<std::size_t>(r) * size + j]);
      }
    }
    return {fit, penalty};
  }

 private:
  static longshore::Index workers(const auto& executor, const longshore::RowSchedule& schedule) {
    return longshore::row_workers<Space>(executor, schedule);
  }

  RowSolutions<Real> run(longshore::RowSchedule schedule, const auto& solve, std::size_t scratch_size) const {
    longshore::Tensor<std::int64_t, 1, Space> taken(1);
    longshore::Tensor<longshore::Index, 1, Space> count(1), list(schedule.most_long + 1);
    longshore::Tensor<longshore::ObjectiveParts, 1, Space> parts(schedule.part_count());
    longshore::Tensor<Real, 1, Space> scratch(scratch_size);
    auto rows = start;
    schedule.taken = taken.data();
    schedule.long_count = count.data();
    schedule.long_rows = list.data();
    schedule.parts = parts.data();
    auto given = systems;
    given.solutions = rows.data();
    solve(given, schedule, scratch.data());
    Kokkos::fence();
    RowSolutions<Real> found{longshore::copy_to_host(rows.view()), 0, 0};
    for (const auto& part : longshore::copy_to_host(parts.view())) {
      found.fit += part.fit;
      found.penalty += part.penalty;
    }
    return found;
  }
};

}  // namespace test
