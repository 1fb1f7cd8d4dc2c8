// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/scorers/neu_mf.hpp>
#include <string>
#include <vector>

#include "../support/learns.hpp"
#include "../support/part_arrays.hpp"
#include "../support/scorer_case.hpp"

namespace ls = longshore;

namespace {

const ls::SmallList<ls::Index>& hidden_of(int shape) {
  static const ls::SmallList<ls::Index> hidden[] = {{7}, {}, {5, 4}};
  return hidden[shape % 3];
}

/// Scores given interests and candidates.
struct Make {
  static constexpr int wider = 0;
  static ls::NeuMfSettings random(const auto& interest, const auto&, int shape) {
    return {.features = interest.extent(2), .hidden = hidden_of(shape), .activation = ls::ActivationKind::tanh};
  }
};
template <class Real, class Space>
struct GivenCase : ScorerCase<Real, Space, ls::NeuMf, Make> {
  GivenCase(const ls::Random& random, int shape) : ScorerCase<Real, Space, ls::NeuMf, Make>(random, shape) {}
};
template <class Real, class Space>
using GivenCatalogue = CatalogueCase<Real, Space, ls::NeuMf, Make>;

/// Ids of users and candidates, and a block with tables of its own.
template <class Real, class Space>
struct IdInputs {
  ls::Tensor<ls::Id, 1, Space> users;  // (B)
  ls::Tensor<ls::Id, 2, Space> items;  // (B, C)
  ls::NeuMf<Real, Space> block;

  IdInputs(const ls::Random& random, int shape) {
    // Users and items of the tables, features of both kinds, users and candidates of the batch.
    const int sizes[][6] = {{1, 1, 1, 1, 1, 1}, {4, 9, 5, 2, 3, 4}, {3, 5, 17, 0, 7, 2},
                            {5, 6, 8, 3, 0, 2}, {5, 6, 8, 9, 2, 0}, {2, 3, 4, 16, 9, 1}};
    const auto s = extents_of(sizes, random, shape, 9, 4);
    const auto draw = [&](const char* stream, int count, int below) {
      std::vector<ls::Id> ids(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = static_cast<ls::Id>(random.stream(stream).below(i, static_cast<std::uint64_t>(below)));
      return ids;
    };
    users = tensor_of<ls::Id, 1, Space>(draw("users", s[4], s[0]), s[4]);
    items = tensor_of<ls::Id, 2, Space>(draw("items", s[4] * s[5], s[1]), s[4], s[5]);
    block = ls::NeuMf<Real, Space>({.users = s[0],
                                    .items = s[1],
                                    .features = s[2],
                                    .mlp_features = s[3],
                                    .hidden = hidden_of(shape),
                                    .activation = ls::ActivationKind::tanh,  // no kink
                                    .gradient = shape % 3 == 0 ? ls::GradientKind::dense : ls::GradientKind::row_sparse,
                                    .factors = ls::normal(1)},
                                   random);
  }
  IdInputs(const Golden& golden, const std::string& name) {
    const auto size = [&](const std::string& tensor, std::size_t r) { return golden.shape(name + "/" + tensor)[r]; };
    ls::NeuMfSettings settings{.users = size("block.gmf_users.weights", 0),
                               .items = size("block.gmf_items.weights", 0),
                               .features = size("block.gmf_users.weights", 1),
                               .hidden = {}};
    const auto bias = [](int layer) { return "block.mlp.layers." + std::to_string(layer) + ".bias"; };
    for (int layer = 0; golden.has(name + "/" + bias(layer)); ++layer) settings.hidden.add(size(bias(layer), 0));
    if (!settings.hidden.empty()) settings.mlp_features = size("block.mlp_users.weights", 1);
    block = ls::NeuMf<Real, Space>(settings);
    const auto ids = [&](const char* tensor) {
      const auto given = golden.integers(name + "/" + tensor);
      return std::vector<ls::Id>(given.begin(), given.end());
    };
    users = tensor_of<ls::Id, 1, Space>(ids("users"), size("items", 0));
    items = tensor_of<ls::Id, 2, Space>(ids("items"), size("items", 0), size("items", 1));
  }
  ls::View<const ls::Id, 1, Space> user_ids() const { return users.view(); }
  ls::View<const ls::Id, 2, Space> item_ids() const { return items.view(); }
  void visit(auto&& visitor) { visitor("block", block); }
};
template <class Real, class Space>
struct IdCase : IdInputs<Real, Space> {
  using IdInputs<Real, Space>::IdInputs;
  auto operator()(auto& context) const { return this->block(context, this->user_ids(), this->item_ids()); }
};
template <class Real, class Space>
struct IdCatalogue : IdInputs<Real, Space> {
  using IdInputs<Real, Space>::IdInputs;
  auto operator()(auto& context) const { return this->block.catalogue(context, this->user_ids()); }
};

/// <w, [u * v, MLP([read_u, read_v])]> + b in double.
template <class Block>
double expected_score(const Block& block, const std::vector<double>& u, const std::vector<double>& v,
                      const std::vector<double>& read_u, const std::vector<double>& read_v) {
  std::vector<double> x = read_u, joined;
  x.insert(x.end(), read_v.begin(), read_v.end());
  for (const auto& layer : block.mlp.layers) {
    const auto weights = ls::copy_to_host(layer.weights.view()), bias = ls::copy_to_host(layer.bias.view());
    std::vector<double> next;
    for (std::size_t o = 0; o < bias.size(); ++o) {
      double sum = static_cast<double>(bias[o]);
      for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(weights[o * x.size() + i]) * x[i];
      next.push_back(std::tanh(sum));
    }
    x = next;
  }
  for (std::size_t d = 0; d < u.size(); ++d) joined.push_back(u[d] * v[d]);
  if (!block.mlp.layers.empty()) joined.insert(joined.end(), x.begin(), x.end());
  const auto weights = ls::copy_to_host(block.output.weights.view());
  double sum = static_cast<double>(ls::copy_to_host(block.output.bias.view())[0]);
  for (std::size_t d = 0; d < joined.size(); ++d) sum += static_cast<double>(weights[d]) * joined[d];
  return sum;
}

/// A row of a table in double; nothing of a table that is not there.
std::vector<double> row_of(const auto& table, ls::Id row) {
  const auto host = ls::copy_to_host(table.weights.view());
  if (host.empty()) return {};
  const auto* from = host.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(table.features());
  return {from, from + table.features()};
}

}  // namespace

TEST_CASE_TEMPLATE("NeuMf: hand: a weighted product and one hidden unit", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::NeuMf<Real, Space> score({.users = 1, .items = 2, .features = 2, .mlp_features = 1, .hidden = {1}});
  ls::copy_from_host<Real>({2, 3}, score.gmf_users.weights.mutable_view());
  ls::copy_from_host<Real>({1, 1, 4, -1}, score.gmf_items.weights.mutable_view());
  ls::copy_from_host<Real>({5}, score.mlp_users.weights.mutable_view());
  ls::copy_from_host<Real>({1, -9}, score.mlp_items.weights.mutable_view());
  ls::copy_from_host<Real>({1, 2}, score.mlp.layers[0].weights.mutable_view());
  ls::copy_from_host<Real>({1}, score.mlp.layers[0].bias.mutable_view());
  ls::copy_from_host<Real>({10, 1, 100}, score.output.weights.mutable_view());
  ls::copy_from_host<Real>({-4}, score.output.bias.mutable_view());
  const auto users = tensor_of<ls::Id, 1, Space>({0}, 1), one = tensor_of<ls::Id, 1, Space>({1}, 1);
  const auto items = tensor_of<ls::Id, 2, Space>({1, 0}, 1, 2);
  ls::Inference<Space> context;
  // Item 0: products (2, 3), unit relu(5 + 2 + 1) = 8; item 1: products (8, -3), unit relu(5 - 18 + 1) = 0.
  const auto two = score(context, users.view(), items.view()), single = score(context, users.view(), one.view());
  const auto all = score.catalogue(context, users.view());
  context.fence();
  CHECK(ls::copy_to_host(two.data) == std::vector<Real>{73, 819});
  CHECK(ls::copy_to_host(single.data) == std::vector<Real>{73});
  CHECK(ls::copy_to_host(all.data) == std::vector<Real>{819, 73});
}

TEST_CASE_TEMPLATE("NeuMf: reference: equals loops for vectors and ids, and the catalogue its items as candidates",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < ScorerInputs<Real, Space>::shapes; ++shape) {
    CAPTURE(shape);
    const GivenCase<Real, Space> example(ls::Random(3), shape);
    check::scorer_reference<Real, Space>(
        example, [&](const auto& u, const auto& v) { return expected_score(example.block, u, v, u, v); });
  }
  check::catalogue_equals_candidates<Real, Space, GivenCatalogue<Real, Space>>();
  for (int shape = 0; shape < 6; ++shape) {
    CAPTURE(shape);
    const IdCase<Real, Space> some(ls::Random(4), shape);
    const IdCatalogue<Real, Space> all(ls::Random(4), shape);
    const auto users = ls::copy_to_host(some.user_ids()), items = ls::copy_to_host(some.item_ids());
    const auto count = static_cast<std::size_t>(some.items.extent(1));
    const auto& block = some.block;
    const auto score = [&](ls::Id user, ls::Id item) {
      return expected_score(block, row_of(block.gmf_users, user), row_of(block.gmf_items, item),
                            row_of(block.mlp_users, user), row_of(block.mlp_items, item));
    };
    std::vector<double> expected, expected_all;
    for (std::size_t b = 0; b < users.size(); ++b) {
      for (std::size_t c = 0; c < count; ++c) expected.push_back(score(users[b], items[b * count + c]));
      for (ls::Id i = 0; i < block.settings.items; ++i) expected_all.push_back(score(users[b], i));
    }
    ls::Inference<Space> context;
    check::close(ls::copy_to_host(some(context).data), expected, tolerance<Real>);
    check::close(ls::copy_to_host(all(context).data), expected_all, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("NeuMf: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<IdCase, typename Where::Real, typename Where::Space>("scorers/neu_mf");
}

TEST_CASE("NeuMf: gradients: P1: equal central differences, of vectors and ids, for candidates and for the catalogue") {
  check::gradients<GivenCase>();
  check::gradients<GivenCatalogue>();
  check::gradients<IdCase>();
  check::gradients<IdCatalogue>();
}

TEST_CASE("NeuMf: threads: the same bits everywhere") {
  check::same_bits<GivenCase>(9);
  check::inference_equals_training<GivenCase>(9);
  check::same_bits<GivenCatalogue>(6);
  check::same_bits<IdCase>(6);
  check::same_bits<IdCatalogue>(6);
}

TEST_CASE("NeuMf: edges: a catalogue of several chunks equals its items in pieces") {
  using Space = Kokkos::Serial;
  const ls::NeuMf<float, Space> score({.features = 3, .hidden = {16}, .factors = ls::normal(1)}, ls::Random(1));
  const auto interest = random_input<float, 2, Space>(ls::Random(2), 40, 3),
             items =
                 random_input<float, 2, Space>(ls::Random(3), 1000, 3);  // 409 items a chunk, and a shorter last one
  ls::Inference<Space> context;
  const auto whole =
      ls::copy_to_host(score.catalogue(context, ls::use(context, interest), ls::use(context, items)).data);
  for (const ls::Index first : {0, 408, 409, 900}) {
    const ls::Matrix<float, Space> piece(
        ls::View<float, 2, Space>(const_cast<float*>(items.view().row(first)), 100, 3));
    const auto part = score.catalogue(context, ls::use(context, interest), piece);
    for (ls::Index b = 0; b < 40; ++b)
      for (ls::Index i = 0; i < 100; ++i)
        CHECK(part.data(b, i) == whole[static_cast<std::size_t>(b * 1000 + first + i)]);
  }
}

TEST_CASE("NeuMf: edges: without hidden layers it is a weighted product, and inputs of 1e4 stay finite") {
  using Space = Kokkos::Serial;
  GivenCase<float, Space> example(ls::Random(3), 4);  // no hidden layers
  CHECK(example.block.mlp.layers.empty());
  CHECK(example.block.output.weights.extent(1) == example.inputs.interest.extent(2));
  GivenCase<float, Space> deep(ls::Random(3), 5);
  ls::initialise(deep.inputs.interest, ls::normal(1e4), ls::Random(4));
  ls::Training<Space> context(deep);
  const auto outcome = check::run<float>(context, deep);
  for (const float y : outcome.output) CHECK(std::isfinite(y));
  for (const auto& [name, gradient] : outcome.gradients)
    for (const float g : gradient) REQUIRE(std::isfinite(g));
}

TEST_CASE("NeuMf: edges: Adam teaches it the scores of another one") { check::learns<IdCase>(1); }

TEST_CASE("NeuMf: refused: sizes that cannot be, tables that are not there, vectors and ids that do not fit") {
  using Space = Kokkos::Serial;
  using Block = ls::NeuMf<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.features = 0}),
                       "NeuMf: features is at least 1 and mlp_features at least 0, they are 0 and 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.users = 3}),
                       "NeuMf: users and items are both at least 1, or both 0 for given vectors, they are 3 and 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 1 << 30}),
                       "NeuMf: twice mlp_features is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.hidden = {1, 2, 3, 4, 5, 6, 7, 8, 9}}), "NeuMf: .hidden has 9 values, at most 8 fit",
                       ls::ShapeError);
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), narrow(3, 1, 2), fewer(2, 1, 4), two(3, 2, 4);
  ls::Tensor<float, 2, Space> items(7, 4), other(7, 2);
  using Cube = ls::Cube<float, Space>;
  using Matrix = ls::Matrix<float, Space>;
  const Block score({.features = 4}), wider({.features = 4, .mlp_features = 6}), own({.users = 3, .items = 5});
  const Cube x(one.view());
  const auto ids = tensor_of<ls::Id, 1, Space>({0, 1}, 2);
  const auto of_items = tensor_of<ls::Id, 2, Space>({0, 5}, 2, 1), more = tensor_of<ls::Id, 2, Space>({0, 1, 2}, 3, 1);
  const char* widths = "NeuMf: the interest has 4 features and the items 2, 4 are expected";
  CHECK_THROWS_WITH_AS(score(context, x, Cube(narrow.view())), widths, ls::ShapeError);
  CHECK_THROWS_WITH_AS(score.catalogue(context, x, Matrix(other.view())), widths, ls::ShapeError);
  CHECK_THROWS_WITH_AS(score(context, x, Cube(fewer.view())), "NeuMf: the interest has 3 users, the candidates 2",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      wider(context, x, x),
      "NeuMf: given vectors go to the perceptron too, which reads 6 features, not 4; leave .mlp_features out",
      ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      score.catalogue(context, Cube(two.view()), Matrix(items.view())),
      "NeuMf: the interest has 2 vectors a user; a whole catalogue needs one that is the same for all items",
      ls::ShapeError);
  const char* none = "NeuMf: it has no tables of its own (users is 0); pass an interest and candidates";
  CHECK_THROWS_WITH_AS(score(context, ids.view(), of_items.view()), none, ls::ShapeError);
  CHECK_THROWS_WITH_AS(score.catalogue(context, ids.view()), none, ls::ShapeError);
  CHECK_THROWS_WITH_AS(own(context, ids.view(), more.view()), "NeuMf: 2 user ids came for items of 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(own(context, ids.view(), of_items.view()),
                       "EmbeddingTable: id 5 at position 1 is outside the table of 5 rows", ls::DataError);
  CHECK_NOTHROW(own.check(ids.view(), more.view()));
  CHECK_THROWS_WITH_AS(own.check(ids.view(), of_items.view()),
                       "NeuMf: items: id 5 at position 1 is outside the table of 5 rows", ls::DataError);
}

TEST_CASE("NeuMf: concept: models Scorer, and says that no product scores a catalogue") {
  using Space = Kokkos::Serial;
  static_assert(ls::Scorer<ls::NeuMf<float, Space>, float, Space>);
  static_assert(!ls::ProductScorer<ls::NeuMf<float, Space>>);
  CHECK(ls::NeuMf<float, Space>::block_name == "NeuMf");
}
