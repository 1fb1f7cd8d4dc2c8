// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/scorers/cosine_scorer.hpp>

#include "../support/scorer_case.hpp"

namespace ls = longshore;

namespace {

struct Make {
  static constexpr int wider = 0;
  static ls::CosineScorerSettings random(const auto&, const auto&, int shape) {
    return {.scale = shape % 2 == 0 ? 1.0 : 5.0};
  }
  static ls::CosineScorerSettings golden(const auto&, const auto&, const Golden& golden, const std::string& name) {
    return {.scale = golden.numbers(name + "/scale")[0]};
  }
};
template <class Real, class Space>
using CosineCase = ScorerCase<Real, Space, ls::CosineScorer, Make>;
template <class Real, class Space>
using CosineCatalogue = CatalogueCase<Real, Space, ls::CosineScorer, Make>;

}  // namespace

TEST_CASE_TEMPLATE("CosineScorer: hand: along, across and against the interest, whatever the lengths", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> interest(1, 2), items(3, 2);
  ls::Tensor<Real, 3, Space> candidates(1, 3, 2);
  ls::copy_from_host<Real>({3, 4}, interest.view());
  ls::copy_from_host<Real>({6, 8, -4, 3, Real(-0.3), Real(-0.4)}, candidates.view());
  ls::copy_from_host<Real>({6, 8, -4, 3, Real(-0.3), Real(-0.4)}, items.view());
  ls::Inference<Space> context;
  const ls::CosineScorer<Real, Space> score({.scale = 10});
  const auto a = score(context, ls::Matrix<Real, Space>(interest.view()), ls::Cube<Real, Space>(candidates.view()));
  const auto b =
      score.catalogue(context, ls::Matrix<Real, Space>(interest.view()), ls::Matrix<Real, Space>(items.view()));
  context.fence();
  check::close(ls::copy_to_host(a.data), {10, 0, -10}, tolerance<Real>);
  check::close(ls::copy_to_host(b.data), {10, 0, -10}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("CosineScorer: reference: equals loops, and the catalogue equals its items as candidates", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < ScorerInputs<Real, Space>::shapes; ++shape) {
    const CosineCase<Real, Space> example(ls::Random(3), shape);
    const double scale = example.block.settings.scale;
    check::scorer_reference<Real, Space>(example, [&](const auto& u, const auto& v) {
      double uv = 0, uu = 0, vv = 0;
      for (std::size_t d = 0; d < u.size(); ++d) {
        uv += u[d] * v[d];
        uu += u[d] * u[d];
        vv += v[d] * v[d];
      }
      return scale * uv / std::sqrt(uu * vv);
    });
  }
  check::catalogue_equals_candidates<Real, Space, CosineCatalogue<Real, Space>>();
}

TEST_CASE_TEMPLATE("CosineScorer: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<CosineCase, typename Where::Real, typename Where::Space>("scorers/cosine_scorer");
}

TEST_CASE("CosineScorer: gradients: P1: equal central differences, for candidates and for the catalogue") {
  check::gradients<CosineCase>();
  check::gradients<CosineCatalogue>();
}

TEST_CASE("CosineScorer: threads: the same bits everywhere") {
  check::same_bits<CosineCase>(9);
  check::inference_equals_training<CosineCase>(9);
  check::same_bits<CosineCatalogue>(6);
  check::inference_equals_training<CosineCatalogue>(6);
}

TEST_CASE_TEMPLATE("CosineScorer: edges: zero vectors score 0 and send no gradient, in candidates and in the catalogue",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool interest_is_zero : {false, true}) {
    CosineCase<Real, Space> some(ls::Random(3), 3);  // (5, 1, 17)
    CosineCatalogue<Real, Space> all(ls::Random(3), 1);
    auto& nothing = interest_is_zero ? some.inputs.interest : some.inputs.candidates;
    ls::initialise(nothing, ls::constant(0), ls::Random(0));
    ls::initialise(interest_is_zero ? all.interest : all.items, ls::constant(0), ls::Random(0));
    ls::Training<Space> first(some), second(all);
    for (const auto& outcome : {check::run<Real>(first, some), check::run<Real>(second, all)}) {
      for (const Real y : outcome.output) CHECK(y == Real(0));
      for (const auto& [name, gradient] : outcome.gradients)
        for (const Real g : gradient) CHECK(g == Real(0));
    }
  }
}

TEST_CASE("CosineScorer: edges: vectors of 1e4 and of 1e-4 in size score within the scale, with finite gradients") {
  using Space = Kokkos::Serial;
  for (const double size : {1e4, 1e-4}) {
    CosineCase<float, Space> example(ls::Random(3), 4);
    ls::initialise(example.inputs.interest, ls::normal(size), ls::Random(4));
    ls::initialise(example.inputs.candidates, ls::normal(size), ls::Random(5));
    ls::Training<Space> context(example);
    const auto outcome = check::run<float>(context, example);
    for (const float y : outcome.output)
      CHECK(std::abs(y) <= 1.0001f * static_cast<float>(example.block.settings.scale));
    for (const auto& [name, gradient] : outcome.gradients)
      for (const float g : gradient) CHECK(std::isfinite(g));
  }
}

TEST_CASE("CosineScorer: refused: a negative epsilon, users, candidates or features that do not fit") {
  using Space = Kokkos::Serial;
  using Block = ls::CosineScorer<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.epsilon = -1}), "CosineScorer: epsilon is finite and at least 0, it is -1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.epsilon = std::numeric_limits<double>::infinity()}),
                       "CosineScorer: epsilon is finite and at least 0, it is inf", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.scale = std::numeric_limits<double>::quiet_NaN()}),
                       "CosineScorer: scale is a finite number, it is nan", ls::ShapeError);
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), fewer(2, 1, 4), narrow(3, 1, 2), two(3, 2, 4);
  ls::Tensor<float, 2, Space> items(7, 4), other(7, 2);
  using Cube = ls::Cube<float, Space>;
  using Matrix = ls::Matrix<float, Space>;
  const Block score;
  const Cube x(one.view());
  CHECK_THROWS_WITH_AS(score(context, x, Cube(fewer.view())),
                       "CosineScorer: the interest has 3 users, the candidates 2", ls::ShapeError);
  const char* widths =
      "CosineScorer: the interest has 4 features, the items 2; ConcatFuser with .out or a Linear makes them equal";
  CHECK_THROWS_WITH_AS(score(context, x, Cube(narrow.view())), widths, ls::ShapeError);
  CHECK_THROWS_WITH_AS(score.catalogue(context, x, Matrix(other.view())), widths, ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      score.catalogue(context, Cube(two.view()), Matrix(items.view())),
      "CosineScorer: the interest has 2 vectors a user; a whole catalogue needs one that is the same for all "
      "items",
      ls::ShapeError);
}

TEST_CASE("CosineScorer: concept: models Scorer, and scores a catalogue by one product") {
  using Space = Kokkos::Serial;
  static_assert(ls::Scorer<ls::CosineScorer<float, Space>, float, Space>);
  static_assert(ls::ProductScorer<ls::CosineScorer<float, Space>>);
  CHECK(ls::CosineScorer<float, Space>::block_name == "CosineScorer");
}
