// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/fusers/weighted_fuser.hpp>

#include "../support/fuser_case.hpp"

namespace ls = longshore;

namespace {

constexpr double start[] = {0.7, 0.2, 1.5, 0.4};

struct Make {
  template <class Real, class Space>
  static auto inputs(const ls::Random& random, int shape) {
    return FuserInputs<Real, Space>(random, shape, false);
  }
  // Fixed weights at odd shapes, learned ones at even shapes and in the golden cases.
  static ls::WeightedFuserSettings random(const auto& inputs, int shape) {
    return {.weights = ls::SmallList<double>(std::span(start, inputs.interests.size())), .learned = shape % 2 == 0};
  }
  static ls::WeightedFuserSettings golden(const auto& inputs, const Golden&, const std::string&) {
    return random(inputs, 0);
  }
};
template <class Real, class Space>
using WeightedCase = FuserCase<Real, Space, ls::WeightedFuser, Make>;

}  // namespace

TEST_CASE_TEMPLATE("WeightedFuser: hand: three quarters of the first, one of the second; learning starts there", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> taste(1, 2);
  ls::Tensor<Real, 3, Space> intent(1, 2, 2);
  ls::copy_from_host<Real>({4, 8}, taste.view());
  ls::copy_from_host<Real>({0, 4, -4, 8}, intent.view());
  const ls::Matrix<Real, Space> long_term(taste.view());
  const ls::Cube<Real, Space> short_term(intent.view());
  for (const bool learned : {false, true}) {
    ls::Inference<Space> context;
    const ls::WeightedFuser<Real, Space> fuse({.weights = {6, 2}, .learned = learned});
    const auto y = fuse(context, {}, {long_term, short_term});
    const auto weights = fuse.weights(context, {}, {long_term, short_term});
    context.fence();
    check::close(ls::copy_to_host(y.vectors.data), {3, 7, 2, 8}, tolerance<Real>);
    check::close(ls::copy_to_host(weights), {0.75, 0.25, 0.75, 0.25}, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("WeightedFuser: reference: equals loops over users, candidates and interests", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < FuserInputs<Real, Space>::shapes; ++shape)
    check::fuser_reference<Real, Space>(WeightedCase<Real, Space>(ls::Random(3), shape),
                                        [](const FuserNumbers& x, std::size_t b, std::size_t c, auto& y, auto& w) {
                                          double total = 0;
                                          for (std::size_t k = 0; k < x.parts; ++k) total += start[k];
                                          for (std::size_t d = 0; d < x.widths[0]; ++d) {
                                            double sum = 0;
                                            for (std::size_t k = 0; k < x.parts; ++k)
                                              sum += start[k] / total * x.at(k, b, c, d);
                                            y.push_back(sum);
                                          }
                                          for (std::size_t k = 0; k < x.parts; ++k) w.push_back(start[k] / total);
                                        });
}

TEST_CASE_TEMPLATE("WeightedFuser: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<WeightedCase, typename Where::Real, typename Where::Space>("fusers/weighted_fuser");
}

TEST_CASE("WeightedFuser: gradients: P1: equal central differences") { check::gradients<WeightedCase>(); }

TEST_CASE("WeightedFuser: threads: the same bits everywhere") {
  check::same_bits<WeightedCase>(10);
  check::inference_equals_training<WeightedCase>(10);
}

TEST_CASE(
    "WeightedFuser: edges: a weight of zero leaves an interest out, logits of 1e4 stay finite, frozen logits stay") {
  using Space = Kokkos::Serial;
  const FuserInputs<float, Space> inputs(ls::Random(1), 3, false);
  ls::Inference<Space> context;
  const ls::WeightedFuser<float, Space> only_second({.weights = {0, 3}});
  const auto y = inputs.call(context, [&](const auto& seen, auto list) { return only_second(context, seen, list); });
  CHECK(ls::copy_to_host(y.vectors.data) == ls::copy_to_host(inputs.interests[1].view()));

  WeightedCase<float, Space> extreme(ls::Random(1), 0);
  ls::copy_from_host<float>({1e4f, -1e4f}, extreme.block.logits.mutable_view());
  ls::Training<Space> training(extreme);
  const auto outcome = check::run<float>(training, extreme);
  check::close(outcome.output, {static_cast<double>(extreme.inputs.interests[0].view().data()[0])}, 1e-6);
  for (const float gradient : outcome.gradients.at("block.logits")) CHECK(gradient == 0.0f);

  extreme.block.logits.frozen = true;
  ls::Training<Space> without(extreme);
  CHECK(check::run<float>(without, extreme).gradients.count("block.logits") == 0);
}

TEST_CASE("WeightedFuser: edges: P22: up to eight weights, fixed or learned") {
  using Block = ls::WeightedFuser<float, Kokkos::Serial>;
  for (const bool learned : {false, true}) {
    CHECK(Block({.weights = {1, 2, 3, 4, 5, 6, 7}, .learned = learned}).logits.size() == (learned ? 7 : 0));
    CHECK(Block({.weights = {1, 2, 3, 4, 5, 6, 7, 8}, .learned = learned}).logits.size() == (learned ? 8 : 0));
    CHECK_THROWS_WITH_AS(Block({.weights = {1, 2, 3, 4, 5, 6, 7, 8, 9}, .learned = learned}),
                         "WeightedFuser: .weights has 9 values, at most 8 fit", ls::ShapeError);
  }
}

TEST_CASE("WeightedFuser: refused: weights that weigh nothing, and another number of interests") {
  using Space = Kokkos::Serial;
  using Block = ls::WeightedFuser<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.weights = {1, -2}}), "WeightedFuser: a weight is -2, they are finite and not negative",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.weights = {1, std::numeric_limits<double>::infinity()}}),
                       "WeightedFuser: a weight is inf, they are finite and not negative", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.weights = {1, 0}, .learned = true}),
                       "WeightedFuser: a weight is 0, learned ones start above 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.weights = {0, 0}}), "WeightedFuser: no weight is above 0", ls::ShapeError);
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4);
  const ls::Cube<float, Space> x(one.view());
  const Block block;
  CHECK_THROWS_WITH_AS(block(context, {}, {x}), "WeightedFuser: 1 interest came, exactly 2 are expected",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(block.weights(context, {}, {x, x, x}), "WeightedFuser: 3 interests came, exactly 2 are expected",
                       ls::ShapeError);
}

TEST_CASE("WeightedFuser: concept: models Fuser") {
  using Space = Kokkos::Serial;
  static_assert(ls::Fuser<ls::WeightedFuser<float, Space>, float, Space>);
  CHECK_FALSE(ls::WeightedFuser<float, Space>().sees_candidates());
}
