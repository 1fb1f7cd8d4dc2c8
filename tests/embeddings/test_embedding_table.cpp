// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/check_ids.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <vector>

#include "../support/check_block.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct TableCase {
  ls::EmbeddingTable<Real, Space> block;
  ls::Tensor<ls::Id, 1, Space> ids;

  TableCase(const ls::Random& random, int shape) {
    constexpr int sizes[][3] = {{1, 1, 1}, {7, 5, 40}, {3, 16, 9}, {20, 33, 0}, {5, 64, 13}};
    const auto [rows, features, count] = extents_of(sizes, random, shape, 20, 2);
    block =
        ls::EmbeddingTable<Real, Space>({.rows = rows,
                                         .features = features,
                                         .gradient = shape % 2 ? ls::GradientKind::dense : ls::GradientKind::row_sparse,
                                         .initial = ls::normal(1)},
                                        random);
    std::vector<ls::Id> drawn(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < drawn.size(); ++i)
      drawn[i] = static_cast<ls::Id>(random.stream("ids").below(i, static_cast<std::uint64_t>(rows)));
    take(drawn);
  }
  TableCase(const Golden& golden, const std::string& name)
      : block(
            {.rows = golden.shape(name + "/block.weights")[0], .features = golden.shape(name + "/block.weights")[1]}) {
    const auto given = golden.integers(name + "/ids");
    take(std::vector<ls::Id>(given.begin(), given.end()));
  }
  void take(const std::vector<ls::Id>& given) {
    ids = ls::Tensor<ls::Id, 1, Space>(static_cast<ls::Index>(given.size()));
    ls::copy_from_host(given, ids.view());
  }

  auto operator()(auto& context) const { return block(context, ids.view()); }
  void visit(auto&& visitor) { visitor("block", block); }
};

}  // namespace

TEST_CASE_TEMPLATE("EmbeddingTable: hand: ids pick rows, repeated ones too", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const std::vector<Real> vectors{1, 2, 3, 4, 5, 6};
  const ls::EmbeddingTable<Real, Space> table({.rows = 3, .features = 2}, vectors);
  ls::Tensor<ls::Id, 2, Space> ids(2, 2);
  ls::copy_from_host<ls::Id>({2, 0, 2, 1}, ids.view());
  ls::Training<Space> context(table);
  const auto y = table(context, std::as_const(ids).view());
  context.fence();
  CHECK(y.extent(2) == 2);
  CHECK(ls::copy_to_host(y.data) == std::vector<Real>{5, 6, 1, 2, 5, 6, 3, 4});
}

TEST_CASE_TEMPLATE("EmbeddingTable: reference: equals copying row by row", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 5; ++shape) {
    const TableCase<Real, Space> example(ls::Random(3), shape);
    ls::Inference<Space> context;
    const auto actual = ls::copy_to_host(example(context).data);
    const auto weights = ls::copy_to_host(example.block.weights.view());
    const auto features = static_cast<std::size_t>(example.block.features());
    std::vector<Real> expected;
    for (const ls::Id id : ls::copy_to_host(example.ids.view()))
      for (std::size_t d = 0; d < features; ++d)
        expected.push_back(weights[static_cast<std::size_t>(id) * features + d]);
    CHECK(actual == expected);
  }
}

TEST_CASE_TEMPLATE("EmbeddingTable: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<TableCase, typename Where::Real, typename Where::Space>("embeddings/embedding_table");
}

TEST_CASE("EmbeddingTable: gradients: P1: equal central differences") { check::gradients<TableCase>(); }

TEST_CASE("EmbeddingTable: threads: the same bits everywhere") {
  check::same_bits<TableCase>(5);
  check::inference_equals_training<TableCase>(5);
}

TEST_CASE("EmbeddingTable: edges: given vectors, an unknown row with their mean, frozen tables give no gradient") {
  using Space = Kokkos::Serial;
  const std::vector<float> vectors{1, 2, 3, 6};
  // Nothing is drawn first: numbers of this size would be refused.
  const ls::EmbeddingTable<float, Space> table(
      {.rows = 2, .features = 2, .unknown_row = true, .frozen = true, .initial = ls::normal(-1)}, vectors);
  CHECK(table.rows() == 3);
  CHECK(table.unknown_id() == 2);
  ls::Training<Space> context(table);
  const std::vector<ls::Id> ids{2};
  const auto y = table(context, ls::View<const ls::Id, 1, Space>(ids.data(), 1));
  CHECK(y.data(0, 0) == 2);
  CHECK(y.data(0, 1) == 4);
  // Constants: what is behind them works out no gradient for nothing.
  CHECK(y.gradient == nullptr);
  CHECK(table.whole(context).gradient == nullptr);
  ls::EmbeddingTable<float, Space> trained = table;
  trained.weights.frozen = false;
  ls::Training<Space> other(trained);
  CHECK(trained(other, ls::View<const ls::Id, 1, Space>(ids.data(), 1)).gradient != nullptr);
  CHECK(trained.whole(other).gradient != nullptr);
}

TEST_CASE("EmbeddingTable: edges: one table used twice and as a whole collects every gradient") {
  using Space = Kokkos::Serial;
  const ls::EmbeddingTable<double, Space> table({.rows = 3, .features = 1});
  ls::Training<Space> context(table);
  const std::vector<ls::Id> first{0, 1, 0}, second{1};
  const std::vector<double> ones(3, 1.0);
  const auto a = table(context, ls::View<const ls::Id, 1, Space>(first.data(), 3));
  const auto b = table(context, ls::View<const ls::Id, 1, Space>(second.data(), 1));
  const auto all = table.whole(context);
  const auto bind = [&](const auto& value) { value.gradient->data = const_cast<double*>(ones.data()); };
  bind(a), bind(b);
  context.backward(all, ls::View<const double, 2, Space>(ones.data(), 3, 1));
  const auto gradient = context.gradient_of(table.weights);
  CHECK(gradient.row_count == 4);
  std::vector<double> sum = ls::copy_to_host(gradient.dense);
  check::add_rows(gradient, sum);
  CHECK(sum == std::vector<double>{3, 3, 1});
}

TEST_CASE("EmbeddingTable: refused: sizes below one, vectors that do not fill it, ids outside") {
  using Space = Kokkos::Serial;
  using Table = ls::EmbeddingTable<float, Space>;
  CHECK_THROWS_WITH_AS(Table({.rows = 0, .features = 2}),
                       "EmbeddingTable: rows and features are at least 1, they are 0 and 2", ls::ShapeError);
  const volatile ls::Index
      negative = -1,
      most = std::numeric_limits<ls::Index>::max();  // volatile: g++ would warn of the array that is never made
  CHECK_THROWS_WITH_AS(Table({.rows = negative, .features = 2}),
                       "EmbeddingTable: rows and features are at least 1, they are -1 and 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Table({.rows = most, .features = 2, .unknown_row = true}),
                       "EmbeddingTable: 2147483647 rows leave no id for unknown ones", ls::ShapeError);
  const std::vector<float> three(3);
  CHECK_THROWS_WITH_AS(Table({.rows = 2, .features = 2}, three),
                       "EmbeddingTable: 3 numbers are given, 2 rows of 2 are expected", ls::ShapeError);
  std::vector<float> six_numbers(6, 1);
  six_numbers[5] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH_AS(Table({.rows = 3, .features = 2}, six_numbers),
                       "EmbeddingTable: the vectors given are finite numbers; row 2, column 1 is nan", ls::DataError);
  six_numbers[2] = -std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH_AS(Table({.rows = 3, .features = 2, .unknown_row = true}, six_numbers),
                       "EmbeddingTable: the vectors given are finite numbers; row 1, column 0 is -inf", ls::DataError);
  CHECK_THROWS_WITH_AS(Table({.rows = 2, .features = 2}).unknown_id(),
                       "EmbeddingTable: there is no row for unknown ids; set .unknown_row = true", ls::ShapeError);
  const Table five({.rows = 5, .features = 2}), six({.rows = 5, .features = 2, .unknown_row = true});
  const std::vector<ls::Id> ids{0, 5};
  const ls::View<const ls::Id, 1, Space> list(ids.data(), 2);
  ls::Inference<Space> context;
  ls::Training<Space> training(five);
  const char* const text = "EmbeddingTable: id 5 at position 1 is outside the table of 5 rows";
  CHECK_THROWS_WITH_AS(five(context, list), text, ls::DataError);
  CHECK_THROWS_WITH_AS(five(training, ls::reshape(list, 1, 2)), text, ls::DataError);
  CHECK(six(context, list).extent(0) == 2);
}

TEST_CASE("EmbeddingTable: concept: is a block") {
  static_assert(ls::Visitable<ls::EmbeddingTable<float, Kokkos::Serial>>);
  CHECK(ls::EmbeddingTable<float, Kokkos::Serial>::block_name == "EmbeddingTable");
}
