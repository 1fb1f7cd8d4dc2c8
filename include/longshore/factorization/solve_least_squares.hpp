// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include <longshore/core/buffer.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/core/view.hpp>
#include <longshore/factorization/least_squares_problem.hpp>
#include <longshore/kernels/conjugate_gradient_rows.hpp>
#include <longshore/kernels/first_below.hpp>
#include <longshore/kernels/gramian.hpp>
#include <longshore/kernels/subspace_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a half-step of least squares goes about its rows.
struct LeastSquaresSteps {
  Index conjugate_gradient = 0;  // steps from where the rows are; 0: by blocks of features
  Index block = 0;               // features of a block; 0: all of them
  bool from_zero = false;        // else blocks start from where the rows are
};

/// Refuses matrices that a confidence cannot be made of.
///
/// Cost: O(N).
///
/// @throws ShapeError if the matrix does not fit the model
/// @throws DataError  naming row and column of the first negative value, unless values are ratings
template <class Real, class Space, class Executor>
void check_least_squares(std::string_view block, const Executor& executor, const SparseRows<Real, Space>& rows,
                         const LeastSquaresProblem& problem) {
  if (!problem.implicit() || rows.entries == 0) return;
  const Buffer<typename Space::memory_space> memory(first_below_parts * sizeof(std::int64_t));
  auto* found = static_cast<std::int64_t*>(memory.data());
  first_below<Real>(executor, rows.values, rows.entries, Real(0), found);
  const auto places =
      copy_to_host(View<const std::int64_t, 1, Space>(static_cast<const std::int64_t*>(found), first_below_parts));
  const std::int64_t first = *std::ranges::min_element(places);
  if (first == rows.entries) return;
  const auto one = [&]<class T>(const T* from) { return copy_to_host(View<const T, 1, Space>(from + first, 1))[0]; };
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(rows.row_count) + 1);
  copy_elements<Space, Kokkos::DefaultHostExecutionSpace>(rows.offsets, offsets.data(), offsets.size());
  const auto row = std::ranges::upper_bound(offsets, first) - offsets.begin() - 1;
  expects<DataError>(false, block, ": confidences are at least 0, the value of row ", row, " and column ",
                     one(rows.columns), " is ", one(rows.values), "; for ratings say Feedback::ratings");
}

/// Half a pass of alternating least squares: the best rows x (R, D) for the table y (C, D), which stays. Blocks.
///
///   ridge_r = regularisation (n_r + unobserved_weight C) ^ frequency_exponent
///
/// Cost: O(C D^2), and as `conjugate_gradient_rows` or `subspace_rows`; memory some D^2 and D a thread.
///
/// @param rows       (R, C)
/// @param table      (C, D)
/// @param solutions  (R, D) improved in place
/// @return           what the rows add to the objective
template <class Real, class Space, class Executor>
ObjectiveParts solve_least_squares(const Executor& executor, const SparseRows<Real, Space>& rows,
                                   View<const Real, 2, Space> table, View<Real, 2, Space> solutions,
                                   const LeastSquaresProblem& problem, const LeastSquaresSteps& how) {
  using Memory = Buffer<typename Space::memory_space>;
  using Host = Kokkos::DefaultHostExecutionSpace;
  if (rows.row_count == 0) return {};
  const Index features = table.extent(1);
  const auto size = static_cast<std::size_t>(features);
  const auto numbers = [](const Memory& memory) { return static_cast<Real*>(memory.data()); };

  RowSystems<Real, Space> systems;
  systems.rows = rows;
  systems.table = table.data();
  systems.features = features;
  systems.weights = problem.entry_weights<Real>();
  systems.ridge = problem.regularisation;
  systems.ridge_start = problem.shared_weight() * static_cast<double>(rows.column_count);
  systems.ridge_exponent = problem.frequency_exponent;
  systems.solutions = solutions.data();

  Memory shared, spread;
  if (problem.shared_weight() > 0) {
    const Memory workspace(gramian_workspace(table.extent(0), features) * sizeof(Real));
    shared = Memory(size * size * sizeof(Real));
    gramian<Real, Space>(executor, table, static_cast<Real>(problem.shared_weight()), numbers(shared),
                         numbers(workspace));
    systems.gramian = numbers(shared);
    if constexpr (!std::is_same_v<Executor, Inline>) executor.fence();  // the workspace ends here
  }

  const bool by_steps = how.conjugate_gradient > 0;
  RowSchedule schedule = by_steps ? row_schedule<Real, Space>(rows.row_count, rows.column_count, rows.entries, features)
                                  : subspace_schedule<Space>(rows.row_count, rows.column_count);
  const auto pieces = static_cast<std::size_t>(schedule.part_count());
  const Memory taken(sizeof(std::int64_t)), long_count(sizeof(Index));
  const Memory long_rows(static_cast<std::size_t>(schedule.most_long) * sizeof(Index));
  const Memory parts(pieces * sizeof(ObjectiveParts));
  schedule.taken = static_cast<std::int64_t*>(taken.data());
  schedule.long_count = static_cast<Index*>(long_count.data());
  schedule.long_rows = static_cast<Index*>(long_rows.data());
  schedule.parts = static_cast<ObjectiveParts*>(parts.data());
  const Index workers = row_workers<Space>(executor, schedule);
  const auto scratch_of = [&](std::size_t each) {
    return Memory(static_cast<std::size_t>(workers) * each * sizeof(Real));
  };

  Memory scratch;
  if (by_steps) {
    scratch = scratch_of(conjugate_gradient_rows_workspace<Real, Space>(schedule, features));
    if constexpr (is_host_space<Space>)
      if (systems.gramian) {
        spread = Memory(size * static_cast<std::size_t>(spread_size<Real>(features)) * sizeof(Real));
        spread_gramian<Real>(executor, features, systems.gramian, numbers(spread));
      }
    conjugate_gradient_rows<Real, Space>(executor, systems, schedule, numbers(spread), how.conjugate_gradient, workers,
                                         numbers(scratch));
  } else {
    const Index block = how.block > 0 ? std::min(how.block, features) : features;
    std::int64_t longest = 0;  // of a row whose scores are kept
    if (!how.from_zero || block < features) {
      std::vector<std::int64_t> offsets(static_cast<std::size_t>(rows.row_count) + 1);
      copy_elements<Space, Host>(rows.offsets, offsets.data(), offsets.size());
      for (std::size_t r = 0; r + 1 < offsets.size(); ++r) longest = std::max(longest, offsets[r + 1] - offsets[r]);
    }
    scratch = scratch_of(subspace_rows_workspace<Real, Space>(features, block, longest));
    subspace_rows<Real, Space>(executor, systems, schedule, block, how.from_zero, workers, numbers(scratch), longest);
  }

  if constexpr (!std::is_same_v<Executor, Inline>) executor.fence();
  std::vector<ObjectiveParts> found(pieces);
  copy_elements<Space, Host>(static_cast<const ObjectiveParts*>(schedule.parts), found.data(), pieces);
  ObjectiveParts sum;
  for (const ObjectiveParts& part : found) {
    sum.fit += part.fit;
    sum.penalty += part.penalty;
  }
  return sum;
}

}  // namespace longshore::inline LONGSHORE_ABI
