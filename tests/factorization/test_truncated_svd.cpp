// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/truncated_svd.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/factorization/factorizer.hpp>
#include <longshore/training/fit_factors.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/sparse.hpp"
#include "../support/temporary_folder.hpp"

namespace ls = longshore;

namespace {

/// A matrix from rows of numbers, zeros left out.
template <class Real, class Space>
ls::SparseMatrix<Real, Space> sparse_of(const std::vector<std::vector<double>>& rows, ls::Index columns) {
  std::vector<std::int64_t> offsets{0};
  std::vector<ls::Id> ids;
  std::vector<Real> values;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c)
      if (row[c] != 0) ids.push_back(static_cast<ls::Id>(c)), values.push_back(static_cast<Real>(row[c]));
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  return {offsets, ids, values, columns};
}

/// The scores of all items for all users: <x_u V, v_i>.
template <class Model>
std::vector<double> scores_of(const Model& model) {
  const ls::SpaceOf<Model> space;
  const auto users = ls::copy_to_host(model.user_vectors(space).view());
  const auto items = ls::copy_to_host(model.item_vectors(space).view());
  const auto features = static_cast<std::size_t>(model.settings.features);
  std::vector<double> scores;
  for (std::size_t u = 0; u < users.size(); u += features)
    for (std::size_t i = 0; i < items.size(); i += features) {
      double sum = 0;
      for (std::size_t d = 0; d < features; ++d)
        sum += static_cast<double>(users[u + d]) * static_cast<double>(items[i + d]);
      scores.push_back(sum);
    }
  return scores;
}

template <class T, int Rank, class Space>
std::vector<double> wide(const ls::View<T, Rank, Space>& view) {
  const auto host = ls::copy_to_host(view);
  return {host.begin(), host.end()};
}

}  // namespace

TEST_CASE_TEMPLATE("TruncatedSvd: a matrix of rank 1 comes back whole, in one epoch", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto matrix = sparse_of<Real, Space>({{3, 4, 0}, {6, 8, 0}}, 3);
  const ls::Interactions<Real, Space> train(matrix.rows());
  ls::TruncatedSvd<Real, Space> svd({.users = 2, .items = 3, .features = 2, .oversampling = 0});
  const double rest = svd.epoch(Space(), train, 0);
  check::close(ls::copy_to_host(svd.singular_values.view()), {std::sqrt(125.0), 0}, tolerance<Real>);
  check::close(ls::copy_to_host(svd.item_vectors(Space()).view()), {0.6, 0, 0.8, 0, 0, 0}, tolerance<Real>);
  check::close(ls::copy_to_host(svd.user_vectors(Space()).view()), {5, 0, 10, 0}, tolerance<Real>);
  CHECK(rest == doctest::Approx(0.0).epsilon(1e-4));
  check::close(std::vector<Real>{static_cast<Real>(scores_of(svd)[4])}, {8.0}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("TruncatedSvd: values and scores equal those of NumPy's SVD", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Golden golden("factorization/truncated_svd");
  CHECK(golden.cases().size() >= 5);
  for (const auto& name : golden.cases()) {
    CAPTURE(name);
    const auto& shape = golden.shape(name + "/x");
    const auto numbers = golden.numbers(name + "/x");
    std::vector<std::vector<double>> rows;
    for (int r = 0; r < shape[0]; ++r)
      rows.emplace_back(numbers.begin() + r * shape[1], numbers.begin() + (r + 1) * shape[1]);
    const auto matrix = sparse_of<Real, Space>(rows, shape[1]);
    const ls::Interactions<Real, Space> train(matrix.rows());
    const auto features = static_cast<ls::Index>(golden.integer(name + "/features"));
    // So many directions that one epoch is exact; and fewer, which more epochs come close to.
    for (const ls::Index more : {100, 4}) {
      CAPTURE(more);
      ls::TruncatedSvd<Real, Space> svd(
          {.users = shape[0], .items = shape[1], .features = features, .oversampling = more, .seed = 3});
      double rest = 0;
      for (std::int64_t epoch = 0; epoch < (more == 100 ? 1 : 12); ++epoch) rest = svd.epoch(Space(), train, epoch);
      const double allowed = more == 100 ? 100 * tolerance<Real> : 1e-3;
      auto values = ls::copy_to_host(svd.singular_values.view());
      values.resize(static_cast<std::size_t>(features));
      check::close(values, golden.numbers(name + "/values"), allowed);
      check::close(scores_of(svd), golden.numbers(name + "/scores"), allowed);
      double square = 0, kept = 0;
      for (const double x : numbers) square += x * x;
      for (const double s : golden.numbers(name + "/values")) kept += s * s;
      CHECK(rest == doctest::Approx((square - kept) / (shape[0] * shape[1])).epsilon(1e-2).scale(square * 1e-5));
    }
  }
}

TEST_CASE_TEMPLATE("TruncatedSvd: users and items that are folded in get the vectors they would have", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto matrix = test::random_sparse<Real, Space>(ls::Random(5), 30, 20, 0.3);
  const ls::Interactions<Real, Space> train(matrix.rows());
  ls::TruncatedSvd<Real, Space> svd({.users = 30, .items = 20, .features = 6, .oversampling = 100});
  svd.epoch(Space(), train, 0);
  const auto before = ls::copy_to_host(svd.item_factors.view());
  check::close(ls::copy_to_host(svd.fold_in_users(Space(), train.by_user()).view()),
               wide(svd.user_vectors(Space()).view()), 10 * tolerance<Real>);
  check::close(ls::copy_to_host(svd.fold_in_items(Space(), train.by_item()).view()),
               wide(svd.item_vectors(Space()).view()), 100 * tolerance<Real>);
  CHECK(ls::copy_to_host(svd.item_factors.view()) == before);
  const auto nobody = sparse_of<Real, Space>({{}}, 20);
  CHECK(ls::copy_to_host(svd.fold_in_users(Space(), nobody.rows()).view()) == std::vector<Real>(6));
}

TEST_CASE_TEMPLATE("TruncatedSvd: empty users and items, one rating, equal ratings, nothing at all and a low rank",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto trained = [](const std::vector<std::vector<double>>& rows) {
    const auto matrix = sparse_of<Real, Space>(rows, 4);
    const ls::Interactions<Real, Space> train(matrix.rows());
    ls::TruncatedSvd<Real, Space> svd({.users = train.users(), .items = 4, .features = 3, .oversampling = 1});
    for (std::int64_t epoch = 0; epoch < 3; ++epoch) svd.epoch(Space(), train, epoch);
    return svd;
  };
  const auto same = [&](const std::vector<std::vector<double>>& rows, int rank) {  // its scores are the matrix
    const auto svd = trained(rows);
    std::vector<double> expected;
    for (const auto& row : rows)
      for (std::size_t c = 0; c < 4; ++c) expected.push_back(c < row.size() ? row[c] : 0);
    const auto scores = scores_of(svd);
    check::close(scores, expected, 100 * tolerance<Real>, 1);
    const auto values = ls::copy_to_host(svd.singular_values.view());
    for (std::size_t d = 0; d < values.size(); ++d) CHECK((values[d] > 0) == (static_cast<int>(d) < rank));
  };
  same({{1, 2}, {}, {0, 3, 0, 1}, {}, {}}, 2);
  same({{}, {0, 0, 5}, {}, {}}, 1);
  same({{2, 2, 2, 2}, {2, 2, 2, 2}, {2, 2, 2, 2}, {2, 2, 2, 2}}, 1);
  same({{}, {}, {}, {}}, 0);
  same({{1, 0, 0, 1}, {0, 1, 0, 0}, {1, 1, 0, 1}, {2, 0, 0, 2}}, 2);
}

TEST_CASE_TEMPLATE("TruncatedSvd: the same bits at any number of threads, in two runs and after a resumption", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto trained = []<class OnSpace>(OnSpace, const ls::FactorizationSettings& settings) {
    const auto matrix = test::random_sparse<Real, OnSpace>(ls::Random(6), 2100, 70, 0.1);  // three teams of rows
    const ls::Interactions<Real, OnSpace> train(matrix.rows());
    ls::TruncatedSvd<Real, OnSpace> svd({.users = 2100, .items = 70, .features = 9, .oversampling = 4});
    ls::fit_factors(svd, train, settings);
    auto all = ls::copy_to_host(svd.item_factors.view());
    const auto users = ls::copy_to_host(svd.user_factors.view());
    all.insert(all.end(), users.begin(), users.end());
    return all;
  };
  const test::TemporaryFolder folder;
  const auto expected = trained(Space(), {.epochs = 3});
  CHECK(trained(Space(), {.epochs = 3}) == expected);
  if constexpr (ls::is_host_space<Space>) CHECK(trained(Kokkos::Serial(), {.epochs = 3}) == expected);
  const auto checkpoint = folder / "svd.safetensors";
  trained(Space(), {.epochs = 1, .checkpoint = checkpoint});
  CHECK(trained(Space(), {.epochs = 3, .checkpoint = checkpoint, .resume = true}) == expected);
}

TEST_CASE("TruncatedSvd: refuses ranks that cannot be, and interactions and rows of another size") {
  using Space = Kokkos::Serial;
  using Model = ls::TruncatedSvd<float, Space>;
  static_assert(ls::Factorizer<Model>);
  static_assert(ls::InnerProductFactors<Model>);
  const char* rank =
      "TruncatedSvd: features is at least 1 and at most the smaller of users and items, which is 3; it is ";
  CHECK_THROWS_WITH_AS(Model({.users = 5, .items = 3, .features = 0}), (std::string(rank) + "0").c_str(),
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 5, .features = 4}), (std::string(rank) + "4").c_str(),
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 5, .features = 2, .oversampling = -1}),
                       "TruncatedSvd: oversampling is at least 0, it is -1", ls::ShapeError);
  Model svd({.users = 3, .items = 5, .features = 2});
  const auto matrix = test::random_sparse<float, Space>(ls::Random(1), 4, 5, 0.5);
  CHECK_THROWS_WITH_AS(svd.epoch(Space(), ls::Interactions<float, Space>(matrix.rows()), 0),
                       "TruncatedSvd: it is for 3 users and 5 items, the interactions have 4 and 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(svd.fold_in_items(Space(), matrix.rows()),
                       "TruncatedSvd::fold_in_items: the rows have 5 columns, there are 3 users", ls::ShapeError);
  const auto narrow = test::random_sparse<float, Space>(ls::Random(1), 2, 3, 0.5);
  CHECK_THROWS_WITH_AS(svd.fold_in_users(Space(), narrow.rows()),
                       "TruncatedSvd::fold_in_users: the rows have 3 columns, there are 5 items", ls::ShapeError);
}

TEST_CASE("TruncatedSvd: refuses new users and items whose interactions are no sparse matrix") {
  using Space = Kokkos::Serial;
  const ls::SparseMatrix<float, Space> train({0, 2, 3, 4, 6}, {0, 3, 1, 2, 1, 3}, {1, 1, 1, 1, 1, 1}, 4);
  ls::TruncatedSvd<float, Space> svd({.users = 4, .items = 4, .features = 2});
  svd.epoch(Space(), ls::Interactions<float, Space>(train.rows()), 0);
  const auto refused = [&](const std::vector<ls::Id>& columns, float value, const char* text) {
    const std::int64_t offsets[] = {0, 2};
    const std::vector<float> values{value, 1};
    const ls::SparseRows<float, Space> rows{offsets, columns.data(), values.data(), 1, 4, 2};
    CHECK_THROWS_WITH_AS(svd.fold_in_users(Space(), rows), doctest::Contains(text), ls::DataError);
    CHECK_THROWS_WITH_AS(svd.fold_in_items(Space(), rows), doctest::Contains(text), ls::DataError);
  };
  refused({0, 100}, 1, "column 100 is outside the 4 columns");
  refused({3, 0}, 1, "columns must ascend, each once; 0 comes after 3");
  refused({0, 3}, std::numeric_limits<float>::infinity(), "the value is inf");
}
