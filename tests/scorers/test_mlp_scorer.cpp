// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/scorers/mlp_scorer.hpp>

#include "../support/count_allocations.hpp"
#include "../support/scorer_case.hpp"

namespace ls = longshore;

namespace {

struct Make {
  static constexpr int wider = 2;
  static ls::MlpScorerSettings random(const auto& interest, const auto& candidates, int shape) {
    const ls::SmallList<ls::Index> hidden[] = {{7}, {}, {5, 4}};
    return {.interest = interest.extent(2),
            .candidate = candidates.extent(2),
            .hidden = hidden[shape % 3],
            .activation = ls::ActivationKind::tanh};  // no kink
  }
  static ls::MlpScorerSettings golden(const auto& interest, const auto& candidates, const Golden& golden,
                                      const std::string& name) {
    ls::MlpScorerSettings settings{.interest = interest.extent(2), .candidate = candidates.extent(2), .hidden = {}};
    const auto bias = [&](int layer) { return name + "/block.mlp.layers." + std::to_string(layer) + ".bias"; };
    for (int layer = 0; golden.has(bias(layer + 1)); ++layer) settings.hidden.add(golden.shape(bias(layer))[0]);
    return settings;
  }
};
template <class Real, class Space>
using MlpCase = ScorerCase<Real, Space, ls::MlpScorer, Make>;
template <class Real, class Space>
using MlpCatalogue = CatalogueCase<Real, Space, ls::MlpScorer, Make>;

}  // namespace

TEST_CASE_TEMPLATE("MlpScorer: hand: one hidden layer of two units", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::MlpScorer<Real, Space> score({.interest = 1, .candidate = 1, .hidden = {2}});
  ls::copy_from_host<Real>({1, 1, 1, -1}, score.mlp.layers[0].weights.mutable_view());
  ls::copy_from_host<Real>({0, 1}, score.mlp.layers[0].bias.mutable_view());
  ls::copy_from_host<Real>({2, -1}, score.mlp.layers[1].weights.mutable_view());
  ls::copy_from_host<Real>({5}, score.mlp.layers[1].bias.mutable_view());
  ls::Tensor<Real, 2, Space> interest(1, 1), items(3, 1);
  ls::Tensor<Real, 3, Space> candidates(1, 2, 1);
  ls::copy_from_host<Real>({3}, interest.view());
  ls::copy_from_host<Real>({1, 9}, candidates.view());
  ls::copy_from_host<Real>({1, 9, -5}, items.view());
  ls::Inference<Space> context;
  const ls::Matrix<Real, Space> user(interest.view());
  // Hidden units behind relu: (4, 3), (12, 0), (0, 9).
  const auto some = score(context, user, ls::Cube<Real, Space>(candidates.view()));
  const auto all = score.catalogue(context, user, ls::Matrix<Real, Space>(items.view()));
  context.fence();
  CHECK(ls::copy_to_host(some.data) == std::vector<Real>{10, 29});
  CHECK(ls::copy_to_host(all.data) == std::vector<Real>{10, 29, -4});
}

TEST_CASE_TEMPLATE("MlpScorer: reference: equals loops, and the catalogue equals its items as candidates", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < ScorerInputs<Real, Space>::shapes; ++shape) {
    CAPTURE(shape);
    const MlpCase<Real, Space> example(ls::Random(3), shape);
    check::scorer_reference<Real, Space>(example, [&](const auto& u, const auto& v) {
      std::vector<double> x(u);
      x.insert(x.end(), v.begin(), v.end());
      const auto& layers = example.block.mlp.layers;
      for (std::size_t l = 0; l < layers.size(); ++l) {
        const auto weights = ls::copy_to_host(layers[l].weights.view()), bias = ls::copy_to_host(layers[l].bias.view());
        std::vector<double> next;
        for (std::size_t o = 0; o < bias.size(); ++o) {
          double sum = static_cast<double>(bias[o]);
          for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(weights[o * x.size() + i]) * x[i];
          next.push_back(l + 1 < layers.size() ? std::tanh(sum) : sum);
        }
        x = next;
      }
      return x[0];
    });
  }
  check::catalogue_equals_candidates<Real, Space, MlpCatalogue<Real, Space>>();
}

TEST_CASE_TEMPLATE("MlpScorer: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<MlpCase, typename Where::Real, typename Where::Space>("scorers/mlp_scorer");
}

TEST_CASE("MlpScorer: gradients: P1: equal central differences, for candidates and for the catalogue") {
  check::gradients<MlpCase>();
  check::gradients<MlpCatalogue>();
}

TEST_CASE("MlpScorer: threads: the same bits everywhere") {
  check::same_bits<MlpCase>(9);
  check::inference_equals_training<MlpCase>(9);
  check::same_bits<MlpCatalogue>(6);
}

TEST_CASE_TEMPLATE(
    "MlpScorer: edges: a catalogue of several chunks equals its items in pieces, in the memory of one chunk", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr int users = 40, count = 1300, features = 3, hidden = 16;  // 409 items a chunk, and a shorter last one
  const ls::MlpScorer<Real, Space> score({.interest = features, .candidate = features, .hidden = {hidden}},
                                         ls::Random(1));
  const auto interest = random_input<Real, 2, Space>(ls::Random(2), users, features),
             items = random_input<Real, 2, Space>(ls::Random(3), count, features);
  ls::Inference<Space> context;
  const auto scored = [&](const ls::Parameter<Real, 2, Space>& some) {
    context.reset();
    const auto scores = score.catalogue(context, ls::use(context, interest), ls::use(context, some));
    context.fence();
    return ls::copy_to_host(scores.data);
  };
  const auto whole = scored(items);
  const auto host = ls::copy_to_host(items.view());
  for (const int first : {0, 408, 409, 1200}) {
    ls::Parameter<Real, 2, Space> piece(100, features);
    ls::copy_from_host(std::vector<Real>(host.begin() + first * features, host.begin() + (first + 100) * features),
                       piece.mutable_view());
    const auto part = scored(piece);
    for (int b = 0; b < users; ++b)
      for (int i = 0; i < 100; ++i)
        CHECK(part[static_cast<std::size_t>(b * 100 + i)] == whole[static_cast<std::size_t>(b * count + first + i)]);
  }
  scored(items);
  const auto steady = context.high_water();
  scored(items);
  CHECK(context.high_water() == steady);
  if constexpr (std::is_same_v<Space, Kokkos::Serial>) {  // elsewhere Kokkos takes memory of its own
    const ls::MlpScorer<Real, Space> usual({.interest = 32, .candidate = 32});
    const ls::Parameter<Real, 2, Space> user(1, 32), all(1682, 32);
    ls::Inference<Space> fresh;
    std::size_t allocations = 0;
    for (int call = 0; call < 20; ++call) {
      const auto before = count_allocations();
      fresh.reset();
      usual.catalogue(fresh, ls::use(fresh, user), ls::use(fresh, all));
      if (call > 2) allocations += count_allocations() - before;
    }
    CHECK(allocations == 0);
  }
}

TEST_CASE("MlpScorer: edges: inputs of 1e4 give finite scores and gradients") {
  using Space = Kokkos::Serial;
  MlpCase<float, Space> example(ls::Random(3), 4);
  ls::initialise(example.inputs.interest, ls::normal(1e4), ls::Random(4));
  ls::Training<Space> context(example);
  const auto outcome = check::run<float>(context, example);
  for (const float y : outcome.output) CHECK(std::isfinite(y));
  for (const auto& [name, gradient] : outcome.gradients)
    for (const float g : gradient) REQUIRE(std::isfinite(g));
}

TEST_CASE("MlpScorer: edges: P22: up to seven hidden layers") {
  using Block = ls::MlpScorer<float, Kokkos::Serial>;
  CHECK(Block({.interest = 4, .candidate = 4, .hidden = {1, 2, 3, 4, 5, 6}}).mlp.layers.size() == 7);
  CHECK(Block({.interest = 4, .candidate = 4, .hidden = {1, 2, 3, 4, 5, 6, 7}}).mlp.layers.size() == 8);
  CHECK_THROWS_WITH_AS(Block({.interest = 4, .candidate = 4, .hidden = {1, 2, 3, 4, 5, 6, 7, 8}}),
                       "MlpScorer: .hidden has 8 values, at most 7 fit", ls::ShapeError);
}

TEST_CASE("MlpScorer: refused: sizes below one, ten hidden layers, inputs that do not fit") {
  using Space = Kokkos::Serial;
  using Block = ls::MlpScorer<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.interest = 1 << 30, .candidate = 1 << 30}),
                       "MlpScorer: interest + candidate is at least 0 and below 2^31, it is 2147483648",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.interest = 4}),
                       "MlpScorer: interest and candidate have at least 1 feature, they have 4 and 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.interest = 4, .candidate = 4, .hidden = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}),
                       "MlpScorer: .hidden has 10 values, at most 7 fit", ls::ShapeError);
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), narrow(3, 1, 2), fewer(2, 1, 4), two(3, 2, 4);
  ls::Tensor<float, 2, Space> items(7, 4), other(7, 2);
  using Cube = ls::Cube<float, Space>;
  using Matrix = ls::Matrix<float, Space>;
  const Block score({.interest = 4, .candidate = 4});
  const Cube x(one.view());
  const char* widths = "MlpScorer: interest and candidate have 4 and 2 features, the layers expect 4 and 4";
  CHECK_THROWS_WITH_AS(score(context, x, Cube(narrow.view())), widths, ls::ShapeError);
  CHECK_THROWS_WITH_AS(score.catalogue(context, x, Matrix(other.view())), widths, ls::ShapeError);
  CHECK_THROWS_WITH_AS(score(context, x, Cube(fewer.view())), "MlpScorer: the interest has 3 users, the candidates 2",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      score.catalogue(context, Cube(two.view()), Matrix(items.view())),
      "MlpScorer: the interest has 2 vectors a user; a whole catalogue needs one that is the same for all items",
      ls::ShapeError);
}

TEST_CASE("MlpScorer: concept: models Scorer, and says that no product scores a catalogue") {
  using Space = Kokkos::Serial;
  static_assert(ls::Scorer<ls::MlpScorer<float, Space>, float, Space>);
  static_assert(!ls::ProductScorer<ls::MlpScorer<float, Space>>);
  CHECK(ls::MlpScorer<float, Space>::block_name == "MlpScorer");
}
