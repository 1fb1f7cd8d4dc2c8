// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/ease.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <longshore/baselines/baseline.hpp>
#include <longshore/factorization/factorizer.hpp>
#include <vector>

#include "../support/close.hpp"
#include "../support/golden.hpp"
#include "../support/spaces.hpp"
#include "../support/sparse.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
ls::Ease<Real, Space> made(const ls::SparseMatrix<Real, Space>& matrix, double regularisation) {
  ls::Ease<Real, Space> ease({.items = matrix.rows().column_count, .regularisation = regularisation});
  ease.fit(Space(), ls::Interactions<Real, Space>(matrix.rows()));
  return ease;
}

}  // namespace

TEST_CASE_TEMPLATE("Ease: two items that two of three users share, by hand", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // XᵀX + I = (3 1; 1 3), its inverse (3 -1; -1 3) / 8.
  const ls::SparseMatrix<Real, Space> matrix({0, 2, 3, 4}, {0, 1, 0, 1}, {1, 1, 1, 1}, 2);
  const auto ease = made(matrix, 1);
  check::close(ls::copy_to_host(ease.weights.view()), {0, 1.0 / 3, 1.0 / 3, 0}, tolerance<Real>);
  ls::Tensor<Real, 2, Space> scores(3, 2);
  ease.scores(Space(), matrix.rows(), scores.view());
  Kokkos::fence();
  check::close(ls::copy_to_host(scores.view()), {1.0 / 3, 1.0 / 3, 0, 1.0 / 3, 1.0 / 3, 0}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("Ease: weights equal those of NumPy's inverse", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Golden golden("factorization/ease");
  CHECK(golden.cases().size() >= 5);
  for (const auto& name : golden.cases()) {
    CAPTURE(name);
    const auto& shape = golden.shape(name + "/x");
    const auto numbers = golden.numbers(name + "/x");
    std::vector<std::int64_t> offsets{0};
    std::vector<ls::Id> ids;
    std::vector<Real> values;
    for (int u = 0; u < shape[0]; ++u) {
      for (int i = 0; i < shape[1]; ++i)
        if (const double x = numbers[static_cast<std::size_t>(u * shape[1] + i)]; x != 0)
          ids.push_back(i), values.push_back(static_cast<Real>(x));
      offsets.push_back(static_cast<std::int64_t>(ids.size()));
    }
    const auto ease = made(ls::SparseMatrix<Real, Space>(offsets, ids, values, shape[1]),
                           golden.numbers(name + "/regularization").at(0));
    check::close(ls::copy_to_host(ease.weights.view()), golden.numbers(name + "/weights"), 100 * tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("Ease: of several tiles each item is the best sum of the others, the same bits everywhere", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t items = 450;  // two tiles and a part of one
  const auto of = [](auto space) {
    using On = decltype(space);
    return ls::copy_to_host(made(test::random_sparse<Real, On>(ls::Random(3), 300, 450, 0.1), 20).weights.view());
  };
  const auto b = of(Space());
  if constexpr (ls::is_host_space<Space>) CHECK(b == of(Kokkos::Serial()));
  CHECK(b == of(Space()));
  std::vector<double> gram(items * items);
  const auto matrix = test::random_sparse<Real, Space>(ls::Random(3), 300, 450, 0.1);
  std::vector<std::vector<double>> rows(300, std::vector<double>(items));
  for (const auto& [u, i, value] : test::triplets_of(matrix.rows()))
    rows[static_cast<std::size_t>(u)][static_cast<std::size_t>(i)] = value;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < items; ++i)
      for (std::size_t j = 0; row[i] != 0 && j < items; ++j) gram[i * items + j] += row[i] * row[j];
  // The gradient of the objective by B_ji, j != i: sum over l of (XᵀX + lambda I)_jl B_li - (XᵀX)_ji.
  for (const std::size_t i : std::array<std::size_t, 4>{0, 191, 192, 449}) {
    CHECK(b[i * items + i] == 0);
    double worst = 0;
    for (std::size_t j = 0; j < items; ++j) {
      if (j == i) continue;
      double gradient = -gram[j * items + i] + 20 * static_cast<double>(b[j * items + i]);
      for (std::size_t l = 0; l < items; ++l) gradient += gram[j * items + l] * static_cast<double>(b[l * items + i]);
      worst = std::max(worst, std::abs(gradient));
    }
    CHECK(worst < (std::is_same_v<Real, float> ? 5e-2 : 1e-9));  // beside a diagonal of some hundreds
  }
}

TEST_CASE_TEMPLATE("Ease: scores a history as baselines do, and lists the best of what is not in it", Space,
                   LONGSHORE_HOST_SPACES) {
  const auto matrix = test::random_sparse<float, Space>(ls::Random(4), 90, 300, 0.1);
  const auto ease = made(matrix, 10);
  static_assert(ls::Baseline<ls::Ease<float, Space>>);
  CHECK(ease.name() == "ease");
  const auto b = ls::copy_to_host(ease.weights.view());
  std::vector<float> scores(300);
  const std::vector<ls::Id> history{7, 3, 7, 299};
  ease.scores(history, scores);
  for (std::size_t i = 0; i < 300; ++i)
    CHECK(scores[i] == doctest::Approx(b[3 * 300 + i] + b[7 * 300 + i] + b[299 * 300 + i]).epsilon(1e-4).scale(1e-3));
  ease.scores({}, scores);
  CHECK(scores == std::vector<float>(300));

  ls::Tensor<float, 2, Space> all(90, 300);
  ease.scores(Space(), matrix.rows(), all.view());
  ls::Inference<Space> context;
  for (const bool keep : {false, true})
    for (const ls::Index k : {1, 10, 400}) {
      CAPTURE(keep);
      CAPTURE(k);
      const auto lists = ease.top_items(context, matrix.rows(), k, keep);
      for (ls::Index r = 0; r < 90; ++r) {
        std::vector<std::pair<float, ls::Id>> expected;
        const auto *begin = matrix.rows().columns + matrix.rows().begin(r),
                   *end = matrix.rows().columns + matrix.rows().end(r);
        for (ls::Id i = 0; i < 300; ++i)
          if (keep || std::find(begin, end, i) == end) expected.emplace_back(-all.view()(r, i), i);
        std::sort(expected.begin(), expected.end());
        for (ls::Index j = 0; j < k; ++j) {
          const bool there = static_cast<std::size_t>(j) < expected.size();
          REQUIRE(lists.items(r, j) == (there ? expected[static_cast<std::size_t>(j)].second : -1));
          if (there) REQUIRE(lists.scores(r, j) == -expected[static_cast<std::size_t>(j)].first);
        }
      }
    }
}

TEST_CASE_TEMPLATE("Ease: items that nobody has, one rating and ratings that are all equal", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::SparseMatrix<Real, Space> one({0, 0, 1, 1}, {1}, {5}, 3);
  CHECK(ls::copy_to_host(made(one, 1).weights.view()) == std::vector<Real>(9));  // no pair
  CHECK(ls::copy_to_host(made(ls::SparseMatrix<Real, Space>({0, 0}, {}, {}, 2), 1).weights.view()) ==
        std::vector<Real>(4));
  // Four users with both items at 3: 36 / (36 + 4).
  const ls::SparseMatrix<Real, Space> equal({0, 2, 4, 6, 8}, {0, 1, 0, 1, 0, 1, 0, 1}, {3, 3, 3, 3, 3, 3, 3, 3}, 2);
  check::close(ls::copy_to_host(made(equal, 4).weights.view()), {0, 0.9, 0.9, 0}, tolerance<Real>);
}

TEST_CASE("Ease: refuses singular systems, too many items, and sizes and ids that do not fit") {
  using Space = Kokkos::Serial;
  using Model = ls::Ease<double, Space>;
  static_assert(ls::Factorizer<Model>);
  const ls::SparseMatrix<double, Space> twice({0, 3, 5}, {0, 1, 2, 0, 2}, {1, 2, 1, 3, 3}, 3);
  Model ease({.items = 3, .regularisation = 0});
  const ls::Interactions<double, Space> train(twice.rows());
  CHECK_THROWS_WITH_AS(ease.fit(Space(), train),
                       "Ease: the system is singular to rounding at item 2: nobody has it, or its users follow from "
                       "those of other items; give a regularisation above 0",
                       ls::DataError);
  CHECK(ls::copy_to_host(ease.weights.view()) == std::vector<double>(9));
  CHECK_NOTHROW(made(twice, 1e-3));
  const ls::SparseMatrix<double, Space> nobody({0, 1}, {1}, {1}, 2);
  CHECK_THROWS_WITH_AS(made(nobody, 0),
                       "Ease: the system is singular to rounding at item 0: nobody has it, or its users follow from "
                       "those of other items; give a regularisation above 0",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(Model({.items = 40001}),
                       "Ease: items is at least 1 and at most 40000, since their weights are its square; it is 40001; "
                       "keep the most popular ones",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.items = 2, .regularisation = -1}),
                       "Ease: regularisation is a finite number of at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.items = 2, .regularisation = std::numeric_limits<double>::infinity()}),
                       "Ease: regularisation is a finite number of at least 0, it is inf", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ease.fit(Space(), ls::Interactions<double, Space>(nobody.rows())),
                       "Ease: it is for 3 items, the interactions have 2", ls::ShapeError);
  ls::Tensor<double, 2, Space> scores(2, 2);
  CHECK_THROWS_WITH_AS(ease.scores(Space(), twice.rows(), scores.view()),
                       "Ease::scores: the rows are (2, 3), the scores (2, 2), there are 3 items", ls::ShapeError);
  std::vector<float> out(3);
  const std::vector<ls::Id> history{3};
  CHECK_THROWS_AS(ease.scores(history, out), ls::DataError);
  ls::Inference<Space> context;
  CHECK_THROWS_WITH_AS(ease.top_items(context, twice.rows(), 0),
                       "Ease::top_items: expected to find at least one item, got k = 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ease.top_items(context, nobody.rows(), 1),
                       "Ease::top_items: the rows have 2 columns, there are 3 items", ls::ShapeError);
  CHECK(ease.named_settings() == std::vector<std::pair<std::string, std::string>>{{"regularisation", "0"}});
}

TEST_CASE("Ease: refuses histories that are no sparse matrix: items out of order, outside the catalogue, not finite") {
  using Space = Kokkos::Serial;
  const ls::SparseMatrix<double, Space> train({0, 2, 3}, {0, 3, 1}, {1, 1, 1}, 4);
  const auto ease = made(train, 5.0);
  ls::Inference<Space> context;
  const auto refused = [&](const std::vector<ls::Id>& columns, double value, const char* text) {
    const std::int64_t offsets[] = {0, 2};
    const std::vector<double> values{value, 1};
    const ls::SparseRows<double, Space> rows{offsets, columns.data(), values.data(), 1, 4, 2};
    std::vector<double> scores(4);
    CHECK_THROWS_WITH_AS(ease.top_items(context, rows, 3), doctest::Contains(text), ls::DataError);
    CHECK_THROWS_WITH_AS(ease.scores(Space(), rows, ls::View<double, 2, Space>(scores.data(), 1, 4)),
                         doctest::Contains(text), ls::DataError);
  };
  refused({3, 0}, 1, "columns must ascend, each once; 0 comes after 3");
  refused({0, 100}, 1, "column 100 is outside the 4 columns");
  refused({0, 3}, std::numeric_limits<double>::quiet_NaN(), "the value is ");
}
