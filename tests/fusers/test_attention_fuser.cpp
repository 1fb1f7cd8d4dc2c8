// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/fusers/attention_fuser.hpp>

#include "../support/fuser_case.hpp"

namespace ls = longshore;

namespace {

struct Make {
  template <class Real, class Space>
  static auto inputs(const ls::Random& random, int shape) {
    FuserInputs<Real, Space> inputs(random, shape, shape % 2 == 1);
    if (inputs.sees_candidates && hidden(shape) > 0)
      inputs.candidates = random_input<Real, 3, Space>(random.stream("asking"), inputs.candidates.extent(0),
                                                       inputs.candidates.extent(1), hidden(shape));
    return inputs;
  }
  static int hidden(int shape) { return shape % 4 >= 2 ? 5 : 0; }
  static ls::AttentionFuserSettings random(const auto& inputs, int shape) {
    return {.features = inputs.features(),
            .query = inputs.sees_candidates ? ls::FusionQuery::candidate : ls::FusionQuery::learned,
            .hidden = hidden(shape),
            .scaled = shape % 3 != 0};
  }
  static ls::AttentionFuserSettings golden(const auto& inputs, const Golden& golden, const std::string& name) {
    auto settings = random(inputs, 0);
    settings.scaled = golden.integer(name + "/scaled") != 0;
    if (golden.has(name + "/block.keys.bias")) settings.hidden = golden.shape(name + "/block.keys.bias")[0];
    return settings;
  }
};
template <class Real, class Space>
using AttentionCase = FuserCase<Real, Space, ls::AttentionFuser, Make>;

}  // namespace

TEST_CASE_TEMPLATE("AttentionFuser: hand: each candidate weighs the interests by how well they agree with it", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> taste(1, 2), intent(1, 2);
  ls::Tensor<Real, 3, Space> candidates(1, 2, 2);
  ls::copy_from_host<Real>({1, 0}, taste.view());
  ls::copy_from_host<Real>({0, 1}, intent.view());
  const auto third = static_cast<Real>(std::log(3.0));
  ls::copy_from_host<Real>({third, 0, 0, 0}, candidates.view());
  const ls::Matrix<Real, Space> long_term(taste.view()), short_term(intent.view());
  const ls::Cube<Real, Space> asking(candidates.view());
  ls::Inference<Space> context;
  const ls::AttentionFuser<Real, Space> fuse({.features = 2, .query = ls::FusionQuery::candidate, .scaled = false});
  const auto y = fuse(context, asking, {long_term, short_term});
  const auto weights = fuse.weights(context, asking, {long_term, short_term});
  context.fence();
  CHECK(fuse.sees_candidates());
  check::close(ls::copy_to_host(weights), {0.75, 0.25, 0.5, 0.5}, tolerance<Real>);
  check::close(ls::copy_to_host(y.vectors.data), {0.75, 0.25, 0.5, 0.5}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("AttentionFuser: reference: equals loops over users, candidates and interests", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < FuserInputs<Real, Space>::shapes; ++shape) {
    CAPTURE(shape);
    const AttentionCase<Real, Space> example(ls::Random(3), shape);
    const auto keys = ls::copy_to_host(example.block.keys.weights.view()),
               bias = ls::copy_to_host(example.block.keys.bias.view()),
               query = ls::copy_to_host(example.block.query.view());
    const bool scaled = example.block.settings.scaled;
    check::fuser_reference<Real, Space>(
        example, [&](const FuserNumbers& x, std::size_t b, std::size_t c, auto& y, auto& w) {
          const std::size_t features = x.widths[0], width = bias.empty() ? features : bias.size();
          std::vector<double> weights(x.parts);
          double sum = 0;
          for (std::size_t k = 0; k < x.parts; ++k) {
            double score = 0;
            for (std::size_t h = 0; h < width; ++h) {
              double key = bias.empty() ? x.at(k, b, c, h) : static_cast<double>(bias[h]);
              if (!bias.empty()) {
                for (std::size_t d = 0; d < features; ++d)
                  key += static_cast<double>(keys[h * features + d]) * x.at(k, b, c, d);
                key = std::tanh(key);
              }
              score += key * (query.empty() ? x.candidate(b, c, h) : static_cast<double>(query[h]));
            }
            weights[k] = std::exp(scaled ? score / std::sqrt(static_cast<double>(width)) : score);
            sum += weights[k];
          }
          for (double& weight : weights) weight /= sum;
          for (std::size_t d = 0; d < features; ++d) {
            double mixed = 0;
            for (std::size_t k = 0; k < x.parts; ++k) mixed += weights[k] * x.at(k, b, c, d);
            y.push_back(mixed);
          }
          w.insert(w.end(), weights.begin(), weights.end());
        });
  }
}

TEST_CASE_TEMPLATE("AttentionFuser: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<AttentionCase, typename Where::Real, typename Where::Space>("fusers/attention_fuser");
}

TEST_CASE("AttentionFuser: gradients: P1: equal central differences") { check::gradients<AttentionCase>(); }

TEST_CASE("AttentionFuser: threads: the same bits everywhere") {
  check::same_bits<AttentionCase>(20);
  check::inference_equals_training<AttentionCase>(20);
}

TEST_CASE_TEMPLATE("AttentionFuser: edges: one interest is itself, scores of 1e4 choose one and stay finite", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const AttentionCase<Real, Space> one(ls::Random(5), 9);  // one interest
  ls::Inference<Space> context;
  CHECK(ls::copy_to_host(one(context).data) == ls::copy_to_host(one.inputs.interests[0].view()));

  AttentionCase<Real, Space> extreme(ls::Random(5), 0);  // one user, one feature, two interests, a learned query
  ls::copy_from_host<Real>({100}, extreme.inputs.interests[0].mutable_view());
  ls::copy_from_host<Real>({-100}, extreme.inputs.interests[1].mutable_view());
  ls::copy_from_host<Real>({100}, extreme.block.query.mutable_view());
  ls::Training<Space> training(extreme);
  const auto outcome = check::run<Real>(training, extreme);
  CHECK(outcome.output == std::vector<Real>{100});
  for (const auto& [name, gradient] : outcome.gradients)
    for (const Real g : gradient) CHECK(std::isfinite(static_cast<double>(g)));
}

TEST_CASE("AttentionFuser: edges: a candidate that is one of the interests collects every gradient") {
  using Space = Kokkos::Serial;
  FuserInputs<double, Space> inputs(ls::Random(5), 3, false);  // (5, 1, 17), two interests
  const ls::AttentionFuser<double, Space> fuse({.features = 17, .query = ls::FusionQuery::candidate});
  ls::Training<Space> context(inputs);
  const auto cotangent = check::random_cotangent<double>(5 * 17);
  const auto forward = [&] {
    context.reset();
    const auto x = ls::use(context, inputs.interests[0]), other = ls::use(context, inputs.interests[1]);
    return fuse(context, x, {x, other}).vectors;
  };
  const auto objective = [&] {
    const auto y = forward();
    double sum = 0;
    for (std::size_t i = 0; i < cotangent.size(); ++i) sum += cotangent[i] * y.data.data()[i];
    return sum;
  };
  context.backward(forward(), ls::View<const double, 3, Space>(cotangent.data(), 5, 1, 17));
  const auto gradient = ls::copy_to_host(context.gradient_of(inputs.interests[0]).dense);
  for (std::size_t i = 0; i < 17; ++i) {
    double& element = inputs.interests[0].mutable_view().data()[i];
    const double before = element;
    element = before + 1e-6;
    const double above = objective();
    element = before - 1e-6;
    const double below = objective();
    element = before;
    CHECK(gradient[i] == doctest::Approx((above - below) / 2e-6).epsilon(1e-6));
  }
}

TEST_CASE("AttentionFuser: refused: sizes below one, no candidates to ask, candidates of another width or batch") {
  using Space = Kokkos::Serial;
  using Block = ls::AttentionFuser<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.features = 0}),
                       "AttentionFuser: features is at least 1 and hidden at least 0, they are 0 and 0",
                       ls::ShapeError);
  const volatile ls::Index negative = -3;  // volatile: g++ would warn of the array that is never made
  CHECK_THROWS_WITH_AS(Block({.features = negative}),
                       "AttentionFuser: features is at least 1 and hidden at least 0, they are -3 and 0",
                       ls::ShapeError);
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), narrow(3, 2, 2), fewer(2, 1, 4), five(3, 5, 4), two(3, 2, 4);
  using Cube = ls::Cube<float, Space>;
  const Cube x(one.view());
  const Block block({.features = 4, .query = ls::FusionQuery::candidate});
  const auto refuses = [&](const char* text, const ls::Interest<float, Space>& candidates, const Cube& interest) {
    CHECK_THROWS_WITH_AS(block(context, candidates, {interest}), text, ls::ShapeError);
    CHECK_THROWS_WITH_AS(block.weights(context, candidates, {interest}), text, ls::ShapeError);
  };
  refuses("AttentionFuser: the interests have 2 features, 4 are expected", x, Cube(narrow.view()));
  refuses("AttentionFuser: the candidates ask, but none are given; pass them, or set .query = FusionQuery::learned", {},
          x);
  refuses("AttentionFuser: the candidates have 2 features, the keys 4", Cube(narrow.view()), x);
  refuses("AttentionFuser: the candidates have 2 users, the interests 3", Cube(fewer.view()), x);
  refuses("AttentionFuser: the candidates have 5 vectors a user, the interests 2", Cube(five.view()), Cube(two.view()));
}

TEST_CASE("AttentionFuser: concept: models Fuser") {
  using Space = Kokkos::Serial;
  static_assert(ls::Fuser<ls::AttentionFuser<float, Space>, float, Space>);
  CHECK_FALSE(ls::AttentionFuser<float, Space>().sees_candidates());
}
