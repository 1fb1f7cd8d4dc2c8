// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/scorers/dot_product_scorer.hpp>

#include "../support/scorer_case.hpp"

namespace ls = longshore;

namespace {

struct Make {
  static constexpr int wider = 0;
  static ls::DotProductScorerSettings random(const auto&, const auto&, int shape) {
    return {.scale = shape % 2 == 0 ? 1.0 : 0.4, .sigmoid = shape % 3 == 1};
  }
  static ls::DotProductScorerSettings golden(const auto&, const auto&, const Golden& golden, const std::string& name) {
    return {.scale = golden.numbers(name + "/scale")[0], .sigmoid = golden.integer(name + "/sigmoid") != 0};
  }
};
template <class Real, class Space>
using DotCase = ScorerCase<Real, Space, ls::DotProductScorer, Make>;
template <class Real, class Space>
using DotCatalogue = CatalogueCase<Real, Space, ls::DotProductScorer, Make>;

}  // namespace

TEST_CASE_TEMPLATE("DotProductScorer: hand: two candidates and a catalogue of three", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> interest(1, 2), items(3, 2);
  ls::Tensor<Real, 3, Space> candidates(1, 2, 2);
  ls::copy_from_host<Real>({2, -1}, interest.view());
  ls::copy_from_host<Real>({1, 1, 0, 3}, candidates.view());
  ls::copy_from_host<Real>({1, 1, 0, 3, 5, 0}, items.view());
  const ls::Matrix<Real, Space> user(interest.view()), all(items.view());
  const ls::Cube<Real, Space> some(candidates.view());
  ls::Inference<Space> context;
  const ls::DotProductScorer<Real, Space> score, twice({.scale = 2}), probability({.sigmoid = true});
  const auto a = score(context, user, some), b = twice(context, user, some), c = score.catalogue(context, user, all),
             d = twice.catalogue(context, user, all), e = probability.catalogue(context, user, all);
  context.fence();
  CHECK(ls::copy_to_host(a.data) == std::vector<Real>{1, -3});
  CHECK(ls::copy_to_host(b.data) == std::vector<Real>{2, -6});
  CHECK(ls::copy_to_host(c.data) == std::vector<Real>{1, -3, 10});
  CHECK(ls::copy_to_host(d.data) == std::vector<Real>{2, -6, 20});
  check::close(ls::copy_to_host(e.data), {1 / (1 + std::exp(-1.0)), 1 / (1 + std::exp(3.0)), 1 / (1 + std::exp(-10.0))},
               tolerance<Real>);
}

TEST_CASE_TEMPLATE("DotProductScorer: reference: equals loops, and the catalogue equals its items as candidates", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < ScorerInputs<Real, Space>::shapes; ++shape) {
    const DotCase<Real, Space> example(ls::Random(3), shape);
    const auto& settings = example.block.settings;
    check::scorer_reference<Real, Space>(example, [&](const auto& u, const auto& v) {
      double sum = 0;
      for (std::size_t d = 0; d < u.size(); ++d) sum += u[d] * v[d];
      return settings.sigmoid ? 1 / (1 + std::exp(-settings.scale * sum)) : settings.scale * sum;
    });
  }
  check::catalogue_equals_candidates<Real, Space, DotCatalogue<Real, Space>>();
}

TEST_CASE_TEMPLATE("DotProductScorer: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<DotCase, typename Where::Real, typename Where::Space>("scorers/dot_product_scorer");
}

TEST_CASE("DotProductScorer: gradients: P1: equal central differences, for candidates and for the catalogue") {
  check::gradients<DotCase>();
  check::gradients<DotCatalogue>();
}

TEST_CASE("DotProductScorer: threads: the same bits everywhere") {
  check::same_bits<DotCase>(9);
  check::inference_equals_training<DotCase>(9);
  check::same_bits<DotCatalogue>(6);
  check::inference_equals_training<DotCatalogue>(6);
}

TEST_CASE("DotProductScorer: edges: scores of 1e4 in size agree with long double, and backward stays finite") {
  using Space = Kokkos::Serial;
  DotCase<float, Space> example(ls::Random(3), 4);  // (4, 3, 33)
  example.block.settings = {};
  ls::initialise(example.inputs.interest, ls::uniform(100), ls::Random(4));
  ls::initialise(example.inputs.candidates, ls::uniform(100), ls::Random(5));
  ls::Training<Space> context(example);
  const auto outcome = check::run<float>(context, example);
  double largest = 0;
  for (std::size_t r = 0; r < outcome.output.size(); ++r) {
    long double sum = 0;
    for (std::size_t d = 0; d < 33; ++d)
      sum += static_cast<long double>(example.inputs.interest.view().data()[r / 3 * 33 + d]) *
             static_cast<long double>(example.inputs.candidates.view().data()[r * 33 + d]);
    CHECK(std::abs(static_cast<long double>(outcome.output[r]) - sum) <= 1e-5L * 33 * 1e4L);
    largest = std::max(largest, static_cast<double>(std::abs(sum)));
  }
  CHECK(largest > 1e4);
  for (const auto& [name, gradient] : outcome.gradients)
    for (const float g : gradient) CHECK(std::isfinite(g));
}

TEST_CASE("DotProductScorer: edges: an interest that is its own candidate collects both gradients") {
  using Space = Kokkos::Serial;
  const ScorerInputs<double, Space> inputs(ls::Random(1), 3);  // (5, 1, 17)
  ls::Training<Space> context(inputs);
  const auto x = ls::use(context, inputs.interest);
  const std::vector<double> ones(5, 1.0);
  context.backward(ls::DotProductScorer<double, Space>()(context, x, x),
                   ls::View<const double, 2, Space>(ones.data(), 5, 1));
  const auto gradient = ls::copy_to_host(context.gradient_of(inputs.interest).dense);
  for (std::size_t i = 0; i < gradient.size(); ++i) CHECK(gradient[i] == 2 * inputs.interest.view().data()[i]);
}

TEST_CASE(
    "DotProductScorer: refused: users, candidates or features that do not fit, an interest a candidate for a catalogue") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), fewer(2, 1, 4), narrow(3, 1, 2), two(3, 2, 4), five(3, 5, 4);
  ls::Tensor<float, 2, Space> items(7, 4), other(7, 2);
  const ls::DotProductScorer<float, Space> score;
  using Cube = ls::Cube<float, Space>;
  using Matrix = ls::Matrix<float, Space>;
  const Cube x(one.view());
  CHECK_THROWS_WITH_AS(score(context, x, Cube(fewer.view())),
                       "DotProductScorer: the interest has 3 users, the candidates 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      score(context, Cube(two.view()), Cube(five.view())),
      "DotProductScorer: the interest has 2 vectors a user, there are 5 candidates; 1 or as many are expected",
      ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      score(context, x, Cube(narrow.view())),
      "DotProductScorer: the interest has 4 features, the items 2; ConcatFuser with .out or a Linear makes "
      "them equal",
      ls::ShapeError);
  using Block = ls::DotProductScorer<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.scale = std::numeric_limits<double>::quiet_NaN()}),
                       "DotProductScorer: scale is a finite number, it is nan", ls::ShapeError);
  CHECK_THROWS_WITH_AS(score(context, {}, x), "DotProductScorer: the interest is empty", ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      score.catalogue(context, x, Matrix(other.view())),
      "DotProductScorer: the interest has 4 features, the items 2; ConcatFuser with .out or a Linear makes "
      "them equal",
      ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      score.catalogue(context, Cube(two.view()), Matrix(items.view())),
      "DotProductScorer: the interest has 2 vectors a user; a whole catalogue needs one that is the same for "
      "all items",
      ls::ShapeError);
}

TEST_CASE("DotProductScorer: concept: models Scorer, and scores a catalogue by one product") {
  using Space = Kokkos::Serial;
  static_assert(ls::Scorer<ls::DotProductScorer<float, Space>, float, Space>);
  static_assert(ls::ProductScorer<ls::DotProductScorer<float, Space>>);
  CHECK(ls::DotProductScorer<float, Space>::block_name == "DotProductScorer");
}
