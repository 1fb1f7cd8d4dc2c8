// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;

namespace {

/// Ids of users and candidates, and a block with factors of its own.
template <class Real, class Space>
struct BiasedInputs {
  ls::Tensor<ls::Id, 1, Space> users;  // (B)
  ls::Tensor<ls::Id, 2, Space> items;  // (B, C)
  ls::BiasedFactorScorer<Real, Space> block;

  BiasedInputs(const ls::Random& random, int shape) {
    // Users and items of the tables, features, users and candidates of the batch.
    const int sizes[][5] = {{1, 1, 1, 1, 1}, {4, 9, 5, 3, 4}, {3, 5, 17, 7, 2},
                            {5, 6, 8, 0, 2}, {5, 6, 8, 2, 0}, {2, 3, 4, 9, 1}};
    const auto s = extents_of(sizes, random, shape, 9, 3);
    const auto draw = [&](const char* stream, int count, int below) {
      std::vector<ls::Id> ids(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = static_cast<ls::Id>(random.stream(stream).below(i, static_cast<std::uint64_t>(below)));
      return ids;
    };
    users = tensor_of<ls::Id, 1, Space>(draw("users", s[3], s[0]), s[3]);
    items = tensor_of<ls::Id, 2, Space>(draw("items", s[3] * s[4], s[1]), s[3], s[4]);
    block = ls::BiasedFactorScorer<Real, Space>(
        {.users = s[0],
         .items = s[1],
         .features = s[2],
         .mean = 3.5,
         .learned_mean = shape % 2 == 0,
         .gradient = shape % 3 == 0 ? ls::GradientKind::dense : ls::GradientKind::row_sparse,
         .factors = ls::normal(1)},
        random);
    ls::initialise(block.user_bias.weights, ls::normal(1), random.stream("b_u"));
    ls::initialise(block.item_bias.weights, ls::normal(1), random.stream("b_i"));
  }
  BiasedInputs(const Golden& golden, const std::string& name)
      : block({.users = golden.shape(name + "/block.user_bias.weights")[0],
               .items = golden.shape(name + "/block.item_bias.weights")[0],
               .features = golden.shape(name + "/block.user_factors.weights")[1],
               .learned_mean = true}) {
    const auto ids = [&](const char* tensor) {
      const auto given = golden.integers(name + "/" + tensor);
      return std::vector<ls::Id>(given.begin(), given.end());
    };
    const auto& shape = golden.shape(name + "/items");
    users = tensor_of<ls::Id, 1, Space>(ids("users"), shape[0]);
    items = tensor_of<ls::Id, 2, Space>(ids("items"), shape[0], shape[1]);
  }
  void visit(auto&& visitor) { visitor("block", block); }
};

template <class Real, class Space>
struct BiasedCase : BiasedInputs<Real, Space> {
  using BiasedInputs<Real, Space>::BiasedInputs;
  auto operator()(auto& context) const {
    return this->block(context, ls::View<const ls::Id, 1, Space>(this->users),
                       ls::View<const ls::Id, 2, Space>(this->items));
  }
};
template <class Real, class Space>
struct BiasedCatalogue : BiasedInputs<Real, Space> {
  using BiasedInputs<Real, Space>::BiasedInputs;
  auto operator()(auto& context) const {
    return this->block.catalogue(context, ls::View<const ls::Id, 1, Space>(this->users));
  }
};

/// mu + b_u + b_i + p.q in double.
template <class Real, class Space>
double expected_score(const ls::BiasedFactorScorer<Real, Space>& block, ls::Id user, ls::Id item) {
  const auto u = static_cast<std::size_t>(user), i = static_cast<std::size_t>(item),
             features = static_cast<std::size_t>(block.settings.features);
  const auto at = [](const auto& parameter, std::size_t k) {
    return static_cast<double>(ls::copy_to_host(parameter.view())[k]);
  };
  double sum = at(block.mean, 0) + at(block.user_bias.weights, u) + at(block.item_bias.weights, i);
  for (std::size_t d = 0; d < features; ++d)
    sum += at(block.user_factors.weights, u * features + d) * at(block.item_factors.weights, i * features + d);
  return sum;
}

}  // namespace

TEST_CASE_TEMPLATE("BiasedFactorScorer: hand: mean, biases and product, for two items and for the catalogue", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::BiasedFactorScorer<Real, Space> score({.users = 2, .items = 3, .features = 2, .mean = 3});
  ls::copy_from_host<Real>({0, 1}, score.user_bias.weights.mutable_view());
  ls::copy_from_host<Real>({10, 20, 30}, score.item_bias.weights.mutable_view());
  ls::copy_from_host<Real>({0, 0, 2, -1}, score.user_factors.weights.mutable_view());
  ls::copy_from_host<Real>({1, 0, 0, 1, 1, 1}, score.item_factors.weights.mutable_view());
  const auto users = tensor_of<ls::Id, 1, Space>({1}, 1), one = tensor_of<ls::Id, 1, Space>({2}, 1);
  const auto items = tensor_of<ls::Id, 2, Space>({2, 0}, 1, 2);
  ls::Inference<Space> context;
  const auto two = score(context, users.view(), items.view()), single = score(context, users.view(), one.view());
  const auto all = score.catalogue(context, users.view());
  context.fence();
  CHECK(ls::copy_to_host(two.data) == std::vector<Real>{35, 16});
  CHECK(ls::copy_to_host(single.data) == std::vector<Real>{35});
  CHECK(single.extent(1) == 1);
  CHECK(ls::copy_to_host(all.data) == std::vector<Real>{16, 23, 35});
}

TEST_CASE_TEMPLATE("BiasedFactorScorer: reference: equals loops over ids, for candidates and for the catalogue", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 6; ++shape) {
    CAPTURE(shape);
    const BiasedCase<Real, Space> some(ls::Random(4), shape);
    const BiasedCatalogue<Real, Space> all(ls::Random(4), shape);
    const auto users = ls::copy_to_host(some.users.view()), items = ls::copy_to_host(some.items.view());
    const auto count = static_cast<std::size_t>(some.items.extent(1));
    std::vector<double> expected, expected_all;
    for (std::size_t b = 0; b < users.size(); ++b) {
      for (std::size_t c = 0; c < count; ++c)
        expected.push_back(expected_score(some.block, users[b], items[b * count + c]));
      for (ls::Id i = 0; i < some.block.settings.items; ++i)
        expected_all.push_back(expected_score(some.block, users[b], i));
    }
    ls::Inference<Space> context;
    check::close(ls::copy_to_host(some(context).data), expected, tolerance<Real>);
    check::close(ls::copy_to_host(all(context).data), expected_all, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("BiasedFactorScorer: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<BiasedCase, typename Where::Real, typename Where::Space>("scorers/biased_factor_scorer");
}

TEST_CASE("BiasedFactorScorer: gradients: P1: equal central differences, for candidates and for the catalogue") {
  check::gradients<BiasedCase>();
  check::gradients<BiasedCatalogue>();
}

TEST_CASE("BiasedFactorScorer: threads: the same bits everywhere") {
  check::same_bits<BiasedCase>(6);
  check::inference_equals_training<BiasedCase>(6);
  check::same_bits<BiasedCatalogue>(6);
  check::inference_equals_training<BiasedCatalogue>(6);
}

TEST_CASE_TEMPLATE("BiasedFactorScorer: edges: given interests and items score as the block's own factors do", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const BiasedInputs<Real, Space> own(ls::Random(4), 1);
  ls::BiasedFactorScorer<Real, Space> given({.users = 4, .items = 9, .mean = 3.5});
  given.user_bias = own.block.user_bias;
  given.item_bias = own.block.item_bias;
  const ls::View<const ls::Id, 1, Space> users = own.users.view();
  const ls::View<const ls::Id, 2, Space> items = own.items.view();
  ls::Inference<Space> context;
  const auto p = own.block.user_factors(context, users);
  const auto q = own.block.item_factors(context, items);
  CHECK(ls::copy_to_host(given(context, p, q, users, items).data) ==
        ls::copy_to_host(own.block(context, users, items).data));
  CHECK(ls::copy_to_host(given.catalogue(context, p, own.block.item_factors.whole(context), users).data) ==
        ls::copy_to_host(own.block.catalogue(context, users).data));
}

TEST_CASE("BiasedFactorScorer: edges: only touched rows get gradients; the mean only if it is learned") {
  using Space = Kokkos::Serial;
  const BiasedCase<float, Space> fixed(ls::Random(4), 1), learned(ls::Random(4), 2);  // both row-sparse
  ls::Training<Space> first(fixed), second(learned);
  const auto outcome = check::run<float>(first, fixed);
  CHECK(outcome.gradients.count("block.mean") == 0);
  CHECK_FALSE(first.gradient_of(fixed.block.item_bias.weights).dense.data());
  CHECK(first.gradient_of(fixed.block.item_bias.weights).row_count == 12);
  CHECK(first.gradient_of(fixed.block.user_bias.weights).row_count == 3);
  CHECK(check::run<float>(second, learned).gradients.at("block.mean")[0] != 0.0f);
}

TEST_CASE("BiasedFactorScorer: edges: biases of 1e4 stay finite") {
  using Space = Kokkos::Serial;
  BiasedCase<float, Space> example(ls::Random(4), 2);
  ls::initialise(example.block.item_bias.weights, ls::uniform(1e4), ls::Random(1));
  ls::Training<Space> context(example);
  const auto outcome = check::run<float>(context, example);
  for (const float y : outcome.output) CHECK(std::isfinite(y));
}

TEST_CASE("BiasedFactorScorer: refused: no users, factors that are not there, ids and vectors that do not fit") {
  using Space = Kokkos::Serial;
  using Block = ls::BiasedFactorScorer<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.users = 1, .items = 1, .mean = std::numeric_limits<double>::quiet_NaN()}),
                       "BiasedFactorScorer: mean is a finite number, it is nan", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.users = 1, .items = 1, .features = std::numeric_limits<ls::Index>::max()}),
                       "BiasedFactorScorer: features + 3 is at least 0 and below 2^31, it is 2147483650",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      Block({.users = 0, .items = 3}),
      "BiasedFactorScorer: users and items are at least 1 and features at least 0, they are 0, 3 and 0",
      ls::ShapeError);
  ls::Inference<Space> context;
  const Block block({.users = 3, .items = 5});
  const auto ids = tensor_of<ls::Id, 1, Space>({0, 1}, 2), fewer = tensor_of<ls::Id, 1, Space>({0}, 1);
  const auto items = tensor_of<ls::Id, 2, Space>({0, 1}, 2, 1);
  ls::Tensor<float, 3, Space> vectors(2, 1, 4), narrow(2, 1, 2), two(2, 2, 4);
  ls::Tensor<float, 2, Space> all(5, 4), some(3, 4);
  const ls::Cube<float, Space> x(vectors.view()), other(narrow.view());
  const char* none =
      "BiasedFactorScorer: it has no factors of its own (features is 0); pass an interest and candidates";
  CHECK_THROWS_WITH_AS(block(context, ids.view(), items.view()), none, ls::ShapeError);
  CHECK_THROWS_WITH_AS(block.catalogue(context, ids.view()), none, ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, x, x, fewer.view(), items.view()),
                       "BiasedFactorScorer: 1 user ids and 2 times 1 item ids came for 2 times 1 candidates",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, x, other, ids.view(), items.view()),
                       "BiasedFactorScorer: the interest has 4 features, the items 2", ls::ShapeError);
  using Matrix = ls::Matrix<float, Space>;
  CHECK_THROWS_WITH_AS(block.catalogue(context, x, Matrix(some.view()), ids.view()),
                       "BiasedFactorScorer: there are vectors of 3 items, 5 have a bias", ls::ShapeError);
  CHECK_THROWS_WITH_AS(block.catalogue(context, x, Matrix(all.view()), fewer.view()),
                       "BiasedFactorScorer: 1 user ids came for 2 interests", ls::ShapeError);
  CHECK_THROWS_AS(block.catalogue(context, ls::Cube<float, Space>(two.view()), Matrix(all.view()), ids.view()),
                  ls::ShapeError);
  // On a host the call refuses ids too; `check` also says whose they are.
  const auto no_user = tensor_of<ls::Id, 1, Space>({0, 3}, 2);
  const auto no_item = tensor_of<ls::Id, 2, Space>({-1, 4}, 2, 1);
  CHECK_THROWS_WITH_AS(block(context, x, x, no_user.view(), items.view()),
                       "EmbeddingTable: id 3 at position 1 is outside the table of 3 rows", ls::DataError);
  CHECK_THROWS_WITH_AS(block(context, x, x, ids.view(), no_item.view()),
                       "EmbeddingTable: id -1 at position 0 is outside the table of 5 rows", ls::DataError);
  CHECK_NOTHROW(block.check(ids.view(), items.view()));
  CHECK_THROWS_WITH_AS(block.check(no_user.view(), items.view()),
                       "BiasedFactorScorer: users: id 3 at position 1 is outside the table of 3 rows", ls::DataError);
  CHECK_THROWS_WITH_AS(block.check(ids.view(), no_item.view()),
                       "BiasedFactorScorer: items: id -1 at position 0 is outside the table of 5 rows", ls::DataError);
}

TEST_CASE("BiasedFactorScorer: concept: is a block, and scores a catalogue by one product") {
  using Space = Kokkos::Serial;
  static_assert(ls::Visitable<ls::BiasedFactorScorer<float, Space>>);
  static_assert(ls::ProductScorer<ls::BiasedFactorScorer<float, Space>>);
  CHECK(ls::BiasedFactorScorer<float, Space>::block_name == "BiasedFactorScorer");
}
