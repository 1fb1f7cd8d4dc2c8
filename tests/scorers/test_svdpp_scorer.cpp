// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/scorers/svdpp_scorer.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/learns.hpp"
#include "../support/part_arrays.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;

namespace {

/// Ids of users, candidates and rated items, windows over the latter, and a block with factors of its own.
template <class Real, class Space>
struct SvdppInputs {
  WindowList list;
  PlacedWindows<Space> placed;
  ls::Tensor<ls::Id, 1, Space> users, rated;  // (B), (N)
  ls::Tensor<ls::Id, 2, Space> items;         // (B, C)
  ls::SvdppScorer<Real, Space> block;

  SvdppInputs(const ls::Random& random, int shape)
      : list(WindowList::example(random.stream("windows"), shape)), placed(list) {
    const ls::Index table_users = 1 + shape % 4, table_items = 2 + shape % 7, features = 1 + (5 * shape) % 19;
    const int rows = static_cast<int>(list.size()), candidates = shape == 4 ? 0 : 1 + shape % 3;
    const auto draw = [&](const char* stream, int count, int below) {
      std::vector<ls::Id> ids(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = static_cast<ls::Id>(random.stream(stream).below(i, static_cast<std::uint64_t>(below)));
      return ids;
    };
    users = tensor_of<ls::Id, 1, Space>(draw("users", rows, table_users), rows);
    items = tensor_of<ls::Id, 2, Space>(draw("items", rows * candidates, table_items), rows, candidates);
    rated = tensor_of<ls::Id, 1, Space>(draw("rated", list.steps, table_items), list.steps);
    block = ls::SvdppScorer<Real, Space>(
        {.users = table_users,
         .items = table_items,
         .features = features,
         .mean = 3.5,
         .learned_mean = shape % 2 == 0,
         .gradient = shape % 3 == 0 ? ls::GradientKind::dense : ls::GradientKind::row_sparse,
         .factors = ls::normal(1)},
        random);
    ls::initialise(block.biased.user_bias.weights, ls::normal(1), random.stream("b_u"));
    ls::initialise(block.biased.item_bias.weights, ls::normal(1), random.stream("b_i"));
  }
  SvdppInputs(const Golden& golden, const std::string& name)
      : block({.users = golden.shape(name + "/block.user_bias.weights")[0],
               .items = golden.shape(name + "/block.item_bias.weights")[0],
               .features = golden.shape(name + "/block.rated_factors.weights")[1],
               .learned_mean = true}) {
    const auto ids = [&](const char* tensor) {
      const auto given = golden.integers(name + "/" + tensor);
      return std::vector<ls::Id>(given.begin(), given.end());
    };
    const auto begins = golden.integers(name + "/begin"), ends = golden.integers(name + "/end");
    const auto& shape = golden.shape(name + "/items");
    users = tensor_of<ls::Id, 1, Space>(ids("users"), shape[0]);
    items = tensor_of<ls::Id, 2, Space>(ids("items"), shape[0], shape[1]);
    rated = tensor_of<ls::Id, 1, Space>(ids("rated"), golden.shape(name + "/rated")[0]);
    list = {{begins.begin(), begins.end()}, {ends.begin(), ends.end()}, rated.extent(0)};
    placed = PlacedWindows<Space>(list);
  }
  ls::View<const ls::Id, 1, Space> user_ids() const { return users.view(); }
  ls::View<const ls::Id, 2, Space> item_ids() const { return items.view(); }
  ls::View<const ls::Id, 1, Space> rated_ids() const { return rated.view(); }
  void visit(auto&& visitor) { visitor("block", block); }
};

template <class Real, class Space>
struct SvdppCase : SvdppInputs<Real, Space> {
  using SvdppInputs<Real, Space>::SvdppInputs;
  auto operator()(auto& context) const {
    return this->block(context, this->user_ids(), this->item_ids(), this->rated_ids(), this->placed.windows());
  }
};
template <class Real, class Space>
struct SvdppCatalogue : SvdppInputs<Real, Space> {
  using SvdppInputs<Real, Space>::SvdppInputs;
  auto operator()(auto& context) const {
    return this->block.catalogue(context, this->user_ids(), this->rated_ids(), this->placed.windows());
  }
};

/// The published formula in double, for the b-th user and an item.
template <class Real, class Space>
double expected_score(const SvdppInputs<Real, Space>& inputs, std::size_t b, ls::Id item) {
  const auto& block = inputs.block;
  const auto at = [](const auto& parameter, std::size_t row, std::size_t d) {
    return static_cast<double>(
        ls::copy_to_host(parameter.view())[row * static_cast<std::size_t>(parameter.extent(1)) + d]);
  };
  const auto u = static_cast<std::size_t>(ls::copy_to_host(inputs.user_ids())[b]), i = static_cast<std::size_t>(item);
  const auto rated = ls::copy_to_host(inputs.rated_ids());
  double sum = static_cast<double>(ls::copy_to_host(block.biased.mean.view())[0]);
  sum += at(block.biased.user_bias.weights, u, 0) + at(block.biased.item_bias.weights, i, 0);
  for (std::size_t d = 0; d < static_cast<std::size_t>(block.settings.features); ++d) {
    double implicit = 0;
    for (ls::Index n = inputs.list.begin[b]; n < inputs.list.end[b]; ++n)
      implicit += at(block.rated_factors.weights, static_cast<std::size_t>(rated[static_cast<std::size_t>(n)]), d);
    if (inputs.list.length(b) > 0) implicit /= std::sqrt(static_cast<double>(inputs.list.length(b)));
    sum += at(block.biased.item_factors.weights, i, d) * (at(block.biased.user_factors.weights, u, d) + implicit);
  }
  return sum;
}

}  // namespace

TEST_CASE_TEMPLATE("SvdppScorer: hand: four rated items count half each, and none nothing", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::SvdppScorer<Real, Space> score({.users = 2, .items = 3, .features = 1, .mean = 3});
  ls::copy_from_host<Real>({1, 2}, score.biased.user_bias.weights.mutable_view());
  ls::copy_from_host<Real>({10, 20, 30}, score.biased.item_bias.weights.mutable_view());
  ls::copy_from_host<Real>({5, 7}, score.biased.user_factors.weights.mutable_view());
  ls::copy_from_host<Real>({1, -1, 2}, score.biased.item_factors.weights.mutable_view());
  ls::copy_from_host<Real>({2, 4, 6}, score.rated_factors.weights.mutable_view());
  const PlacedWindows<Space> placed(WindowList({0, 4}, {4, 4}, 4));
  const auto users = tensor_of<ls::Id, 1, Space>({0, 1}, 2), rated = tensor_of<ls::Id, 1, Space>({0, 1, 2, 2}, 4);
  const auto items = tensor_of<ls::Id, 2, Space>({2, 0, 2, 1}, 2, 2);
  const auto one = tensor_of<ls::Id, 1, Space>({1, 1}, 2);
  ls::Inference<Space> context;
  // (2 + 4 + 6 + 6) / sqrt(4) = 9: the first user is 5 + 9 = 14, the second 7.
  const auto two = score(context, users.view(), items.view(), rated.view(), placed.windows());
  const auto single = score(context, users.view(), one.view(), rated.view(), placed.windows());
  const auto all = score.catalogue(context, users.view(), rated.view(), placed.windows());
  context.fence();
  CHECK(ls::copy_to_host(two.data) == std::vector<Real>{62, 28, 49, 18});
  CHECK(ls::copy_to_host(single.data) == std::vector<Real>{10, 18});
  CHECK(ls::copy_to_host(all.data) == std::vector<Real>{28, 10, 62, 22, 18, 49});
}

TEST_CASE_TEMPLATE("SvdppScorer: reference: equals loops over ids, for candidates and for the catalogue", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 10; ++shape) {
    CAPTURE(shape);
    const SvdppCase<Real, Space> some(ls::Random(4), shape);
    const SvdppCatalogue<Real, Space> all(ls::Random(4), shape);
    const auto items = ls::copy_to_host(some.item_ids());
    const auto count = static_cast<std::size_t>(some.items.extent(1));
    std::vector<double> expected, expected_all;
    for (std::size_t b = 0; b < some.list.size(); ++b) {
      for (std::size_t c = 0; c < count; ++c) expected.push_back(expected_score(some, b, items[b * count + c]));
      for (ls::Id i = 0; i < some.block.settings.items; ++i) expected_all.push_back(expected_score(some, b, i));
    }
    ls::Inference<Space> context;
    check::close(ls::copy_to_host(some(context).data), expected, tolerance<Real>);
    check::close(ls::copy_to_host(all(context).data), expected_all, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("SvdppScorer: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<SvdppCase, typename Where::Real, typename Where::Space>("scorers/svdpp_scorer");
}

TEST_CASE("SvdppScorer: gradients: P1: equal central differences, for candidates and for the catalogue") {
  check::gradients<SvdppCase>();
  check::gradients<SvdppCatalogue>();
}

TEST_CASE("SvdppScorer: threads: the same bits everywhere") {
  check::same_bits<SvdppCase>(8);
  check::inference_equals_training<SvdppCase>(8);
  check::same_bits<SvdppCatalogue>(6);
  check::inference_equals_training<SvdppCatalogue>(6);
}

TEST_CASE_TEMPLATE("SvdppScorer: edges: given interests and items score as the block's own factors do", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const SvdppInputs<Real, Space> inputs(ls::Random(4), 2);
  const auto& own = inputs.block;
  ls::SvdppScorer<Real, Space> given({.users = own.settings.users,
                                      .items = own.settings.items,
                                      .features = own.settings.features,
                                      .own_factors = false,
                                      .mean = 3.5});
  given.biased.user_bias = own.biased.user_bias;
  given.biased.item_bias = own.biased.item_bias;
  given.rated_factors = own.rated_factors;
  const auto users = inputs.user_ids(), rated = inputs.rated_ids();
  const auto items = inputs.item_ids();
  const auto windows = inputs.placed.windows();
  ls::Inference<Space> context;
  const auto p = own.biased.user_factors(context, users);
  const auto q = own.biased.item_factors(context, items);
  CHECK(ls::copy_to_host(given(context, p, q, users, items, rated, windows).data) ==
        ls::copy_to_host(own(context, users, items, rated, windows).data));
  const auto all = own.biased.item_factors.whole(context);
  const auto expected = ls::copy_to_host(own.catalogue(context, users, rated, windows).data);
  CHECK(ls::copy_to_host(given.catalogue(context, p, all, users, rated, windows).data) == expected);
  // One product of queries and keys, which retrieval takes.
  const auto queries = own.queries(context, own.interest(context, users, rated, windows), users);
  const auto keys = own.keys(context, all);
  CHECK(queries.extent(1) == own.settings.features + 3);
  const auto products = ls::row_products<Real, Space>(context, queries, keys);
  CHECK(ls::copy_to_host(products.data) == expected);
}

TEST_CASE("SvdppScorer: edges: an interest a candidate, windows that overlap, and 3,000 rated items") {
  using Space = Kokkos::Serial;
  const WindowList list({0, 0}, {3000, 3000}, 3000);
  const PlacedWindows<Space> placed(list);
  const ls::SvdppScorer<double, Space> score({.users = 2, .items = 5, .features = 3, .own_factors = false},
                                             ls::Random(1));
  ls::Tensor<double, 3, Space> zeros(2, 4, 3);
  const auto candidates = random_input<double, 3, Space>(ls::Random(2), 2, 4, 3);
  const auto users = tensor_of<ls::Id, 1, Space>({0, 1}, 2);
  const ls::Tensor<ls::Id, 2, Space> items(2, 4);
  const ls::Tensor<ls::Id, 1, Space> rated(3000);  // item 0 each time: sqrt(3000) y_0
  ls::Inference<Space> context;
  const auto scores =
      ls::copy_to_host(score(context, ls::Cube<double, Space>(zeros.view()), ls::use(context, candidates), users.view(),
                             items.view(), rated.view(), placed.windows())
                           .data);
  for (std::size_t c = 0; c < scores.size(); ++c) {
    double expected = 0;
    for (std::size_t d = 0; d < 3; ++d)
      expected += candidates.view().data()[c * 3 + d] * score.rated_factors.weights.view().data()[d] * std::sqrt(3000);
    CHECK(scores[c] == doctest::Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("SvdppScorer: edges: Adam teaches it the scores of another one") { check::learns<SvdppCase>(1); }

TEST_CASE("SvdppScorer: refused: no features, factors that are not there, ids, windows and vectors that do not fit") {
  using Space = Kokkos::Serial;
  using Block = ls::SvdppScorer<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.users = 1, .items = 2}),
                       "SvdppScorer: users, items and features are at least 1, they are 1, 2 and 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.users = 1, .items = 1, .features = std::numeric_limits<ls::Index>::max()}),
                       "SvdppScorer: features + 3 is at least 0 and below 2^31, it is 2147483650", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.users = 1, .items = 1, .features = 1, .mean = std::numeric_limits<double>::infinity()}),
                       "SvdppScorer: mean is a finite number, it is inf", ls::ShapeError);
  const Block block({.users = 3, .items = 5, .features = 4, .own_factors = false});
  ls::Inference<Space> context;
  const PlacedWindows<Space> placed(WindowList({0, 2}, {2, 3}, 3)), three(WindowList({0, 1, 2}, {1, 2, 3}, 3)),
      outside(WindowList({0, 2}, {2, 4}, 4));
  const auto ids = tensor_of<ls::Id, 1, Space>({0, 1}, 2), fewer = tensor_of<ls::Id, 1, Space>({0}, 1);
  const auto rated = tensor_of<ls::Id, 1, Space>({0, 1, 4}, 3), unknown = tensor_of<ls::Id, 1, Space>({0, 5, 4}, 3);
  const auto items = tensor_of<ls::Id, 2, Space>({0, 1}, 2, 1);
  ls::Tensor<float, 3, Space> vectors(2, 1, 4), narrow(2, 1, 2);
  const ls::Cube<float, Space> x(vectors.view()), other(narrow.view());
  const char* none =
      "SvdppScorer: it has no p and q of its own (own_factors is false); pass an interest and candidates";
  CHECK_THROWS_WITH_AS(block(context, ids.view(), items.view(), rated.view(), placed.windows()), none, ls::ShapeError);
  CHECK_THROWS_WITH_AS(block.catalogue(context, ids.view(), rated.view(), placed.windows()), none, ls::ShapeError);
  const auto called = [&](const auto& interest, const auto& candidates, const auto& users, const auto& of_users,
                          const auto& windows) {
    return block(context, interest, candidates, users.view(), items.view(), of_users.view(), windows.windows());
  };
  CHECK_THROWS_WITH_AS(called(x, other, ids, rated, placed), "SvdppScorer: the items have 2 features, the rated ones 4",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(called(other, x, ids, rated, placed),
                       "SvdppScorer: the interest has 2 features, the rated items 4", ls::ShapeError);
  CHECK_THROWS_WITH_AS(called(x, x, fewer, rated, placed),
                       "SvdppScorer: 1 user ids and 2 times 1 item ids came for 2 times 1 candidates", ls::ShapeError);
  CHECK_THROWS_WITH_AS(called(x, x, ids, rated, three), "SvdppScorer: 3 windows of rated items came for 2 users",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(called(x, x, ids, rated, outside), "SvdppScorer: window 1 is rows 2 to 4 of 3", ls::DataError);
  CHECK_THROWS_WITH_AS(called(x, x, ids, unknown, placed),
                       "EmbeddingTable: id 5 at position 1 is outside the table of 5 rows", ls::DataError);
  CHECK_NOTHROW(block.check(ids.view(), items.view(), rated.view()));
  CHECK_THROWS_WITH_AS(block.check(ids.view(), items.view(), unknown.view()),
                       "SvdppScorer: rated items: id 5 at position 1 is outside the table of 5 rows", ls::DataError);
}

TEST_CASE("SvdppScorer: concept: is a block, and scores a catalogue by one product") {
  using Space = Kokkos::Serial;
  static_assert(ls::Visitable<ls::SvdppScorer<float, Space>>);
  static_assert(ls::ProductScorer<ls::SvdppScorer<float, Space>>);
  CHECK(ls::SvdppScorer<float, Space>::block_name == "SvdppScorer");
}
