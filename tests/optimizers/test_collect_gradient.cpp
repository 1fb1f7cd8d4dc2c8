// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/collect_gradient.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/training.hpp>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// A table of four rows of two numbers, alone in a model.
template <class Real, class Space>
struct Table {
  ls::Parameter<Real, 2, Space> rows{4, 2};
  ls::Training<Space> context;

  explicit Table(ls::GradientKind kind) : rows(with(kind)), context(rows) {}
  static ls::Parameter<Real, 2, Space> with(ls::GradientKind kind) {
    ls::Parameter<Real, 2, Space> table(4, 2);
    table.gradient_kind = kind;
    return table;
  }

  void add(const std::vector<ls::Id>& ids, const std::vector<Real>& numbers) {
    const auto which = ls::scratch<ls::Id>(context, ids.size());
    const auto values = ls::scratch<Real>(context, ids.size(), 2);
    ls::copy_from_host(ids, which);
    ls::copy_from_host(numbers, values);
    context.add_rows(rows, ls::View<const ls::Id, 1, Space>(which), ls::View<const Real, 2, Space>(values));
  }
  void add_dense(const std::vector<Real>& numbers) { ls::copy_from_host(numbers, context.gradient_to(rows).view); }
  std::vector<double> dense(const ls::CollectedGradient& found) {
    return numbers_of(ls::View<Real, 1, Space>(static_cast<Real*>(found.data), 8));
  }
};

}  // namespace

TEST_CASE_TEMPLATE("collect_gradient: rows of several uses are summed by id, with their norms", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  Table<Real, Space> table(ls::GradientKind::row_sparse);
  table.add({3, 1}, {1, 2, 10, 20});
  table.add({1, 0, 3}, {100, 200, 5, 6, 1000, 2000});
  CHECK(ls::touches_rows(table.rows, table.context.gradient_of(table.rows)));
  ls::Tensor<ls::ChunkNorm, 1, Space> norms(1);
  const auto found = ls::collect_gradient(table.context, table.rows, 5, norms.data());
  CHECK(found.row_count == 5);
  CHECK(numbers_of(ls::View<const ls::Id, 1, Space>(found.sorted, 5)) == std::vector<double>{0, 1, 1, 3, 3});
  const auto sums = numbers_of(ls::View<Real, 1, Space>(static_cast<Real*>(found.data), 10));
  CHECK(std::vector<double>(sums.begin(), sums.begin() + 4) == std::vector<double>{5, 6, 110, 220});
  CHECK(std::vector<double>(sums.begin() + 6, sums.begin() + 8) == std::vector<double>{1001, 2002});
  const ls::ChunkNorm norm = ls::copy_to_host(norms.view())[0];
  CHECK(norm.owner == 5);
  CHECK(norm.bad == 0);
  CHECK(norm.squares == 25 + 36 + 110 * 110 + 220 * 220 + 1001 * 1001 + 2002 * 2002);
}

TEST_CASE_TEMPLATE("collect_gradient: a dense gradient is handed on, and rows are added to it", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const auto kind : {ls::GradientKind::row_sparse, ls::GradientKind::dense}) {
    Table<Real, Space> table(kind);
    table.add_dense({1, 2, 3, 4, 5, 6, 7, 8});
    auto found = ls::collect_gradient(table.context, table.rows, 0, nullptr);
    CHECK(found.sorted == nullptr);
    CHECK(table.dense(found) == std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8});
    table.add({2, 0, 2}, {10, 20, 100, 200, 30, 40});
    CHECK_FALSE(ls::touches_rows(table.rows, table.context.gradient_of(table.rows)));
    found = ls::collect_gradient(table.context, table.rows, 0, nullptr);
    CHECK(found.sorted == nullptr);
    CHECK(table.dense(found) == std::vector<double>{101, 202, 3, 4, 45, 66, 7, 8});
  }
}

TEST_CASE_TEMPLATE("collect_gradient: rows of a table that is declared dense become a gradient for all of it", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  Table<Real, Space> table(ls::GradientKind::dense);
  table.add_dense({9, 9, 9, 9, 9, 9, 9, 9});  // what an earlier step leaves in the same memory
  table.context.reset();
  table.add({1, 1}, {1, 2, 3, 4});
  const auto found = ls::collect_gradient(table.context, table.rows, 0, nullptr);
  CHECK(found.sorted == nullptr);
  CHECK(table.dense(found) == std::vector<double>{0, 0, 4, 6, 0, 0, 0, 0});
}

TEST_CASE_TEMPLATE("collect_gradient: rows are added to a dense gradient once, however often it is asked", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  Table<Real, Space> table(ls::GradientKind::dense);
  table.add({1, 1}, {1, 2, 3, 4});
  for (int times = 0; times < 2; ++times) {
    const auto found = ls::collect_gradient(table.context, table.rows, 0, nullptr);
    CHECK(table.dense(found) == std::vector<double>{0, 0, 4, 6, 0, 0, 0, 0});
    CHECK(table.context.gradient_of(table.rows).row_count == 0);
  }
  table.add({0}, {5, 6});
  CHECK(table.dense(ls::collect_gradient(table.context, table.rows, 0, nullptr)) ==
        std::vector<double>{5, 6, 4, 6, 0, 0, 0, 0});
}
