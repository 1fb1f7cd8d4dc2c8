// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include <longshore/core/initialiser.hpp>
#include <longshore/core/parameter.hpp>
#include <longshore/factorization/interactions.hpp>
#include <longshore/factorization/solve_least_squares.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The vectors that alternating least squares begin with: normal, of length `deviation` on average.
///
/// Cost: O((U + I) D).
///
/// @param settings      of an `Als` or an `IalsPlusPlus`
/// @param users, items  (U, D), (I, D) made anew
/// @throws ShapeError if a number is negative or not finite
template <class Real, class Space, class Settings>
void start_least_squares(std::string_view block, const Settings& settings, Parameter<Real, 2, Space>& users,
                         Parameter<Real, 2, Space>& items) {
  LeastSquaresProblem::of(settings).check(block);
  check_finite(block, "deviation", settings.deviation);
  users = Parameter<Real, 2, Space>(settings.users, settings.features);
  items = Parameter<Real, 2, Space>(settings.items, settings.features);
  const auto start = normal(settings.deviation / std::sqrt(static_cast<double>(settings.features)));
  initialise(users, start, Random(settings.seed).stream("users"));
  initialise(items, start, Random(settings.seed).stream("items"));
}

/// A pass of alternating least squares: all users for the items, then all items for the users. Blocks.
///
/// Cost: two times `solve_least_squares`.
///
/// @param block         who asks, in the words of errors
/// @param users, items  (U, D), (I, D) improved in place
/// @return              the objective after the pass, divided by the number of interactions; 0 where there are none
/// @throws ShapeError if there are other users or items than the model's
/// @throws DataError  if a value is negative, unless values are ratings: then nothing is changed; if the objective is
///                    not finite
template <class Real, class Space, class Executor>
double alternate_least_squares(std::string_view block, const Executor& executor, const Interactions<Real, Space>& train,
                               Parameter<Real, 2, Space>& users, Parameter<Real, 2, Space>& items,
                               const LeastSquaresProblem& problem, const LeastSquaresSteps& how) {
  expects(train.users() == users.extent(0) && train.items() == items.extent(0), block, ": the model has ",
          users.extent(0), " users and ", items.extent(0), " items, the interactions have ", train.users(), " and ",
          train.items());
  check_least_squares<Real, Space>(block, executor, train.by_user(), problem);
  const ObjectiveParts by_user =
      solve_least_squares<Real, Space>(executor, train.by_user(), items.view(), users.mutable_view(), problem, how);
  const ObjectiveParts by_item =
      solve_least_squares<Real, Space>(executor, train.by_item(), users.view(), items.mutable_view(), problem, how);
  const double objective = by_item.fit + by_user.penalty;
  expects<DataError>(math::is_finite(objective), block, ": the objective is ", objective,
                     " after a pass; the values or their weight are too large");
  return train.entries() > 0 ? objective / static_cast<double>(train.entries()) : 0.0;
}

/// The best rows of further users (or items) for a table that stays, exactly. Blocks.
///
/// Cost: O(C D^2 + N D^2 + R D^3).
///
/// @param block  who asks, in the words of errors
/// @param rows   (R, C)
/// @param table  (C, D)
/// @return       (R, D); zeros for rows without entries
/// @throws ShapeError, DataError as `alternate_least_squares` and `check_sparse_rows`
template <class Real, class Space, class Executor>
Tensor<Real, 2, Space> fold_in_least_squares(const char* block, const Executor& executor,
                                             const SparseRows<Real, Space>& rows, View<const Real, 2, Space> table,
                                             const LeastSquaresProblem& problem) {
  expects(rows.column_count == table.extent(0), block, ": expected rows of ", table.extent(0), " columns, got ",
          rows.column_count);
  if constexpr (is_host_space<Space>)
    check_sparse_rows(block, rows);
  else
    check_sparse_rows(block, SparseMatrix<Real, Kokkos::DefaultHostExecutionSpace>(rows).rows());
  check_least_squares<Real, Space>(block, executor, rows, problem);
  Tensor<Real, 2, Space> vectors(rows.row_count, table.extent(1));
  const ObjectiveParts parts =
      solve_least_squares<Real, Space>(executor, rows, table, vectors.view(), problem, {.from_zero = true});
  expects<DataError>(math::is_finite(parts.fit), block, ": the objective is ", parts.fit,
                     "; the values or their weight are too large");
  return vectors;
}

}  // namespace longshore::inline LONGSHORE_ABI
