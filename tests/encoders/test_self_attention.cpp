// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <longshore/core/concepts.hpp>
#include <longshore/encoders/self_attention.hpp>
#include <vector>

#include "../support/attention_loops.hpp"
#include "../support/check_attending.hpp"
#include "../support/check_twice.hpp"
#include "../support/ragged_case.hpp"
#include "../support/refuses_offsets.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct SelfAttentionCase : RaggedCase<Real, Space, ls::SelfAttention> {
  using Base = RaggedCase<Real, Space, ls::SelfAttention>;
  using Base::block;

  SelfAttentionCase(const ls::Random& random, int shape, double dropout = 0)
      : Base(random, shape, heads_of(shape) * each_of(shape)) {
    block = ls::SelfAttention<Real, Space>({.features = heads_of(shape) * each_of(shape),
                                            .heads = heads_of(shape),
                                            .causal = shape % 2 == 0,
                                            .bias = shape % 7 != 6,
                                            .dropout = dropout},
                                           random);
    ls::initialise(block.in_proj.bias, ls::normal(1), random.stream("in_bias"));
    ls::initialise(block.out_proj.bias, ls::normal(1), random.stream("out_bias"));
  }
  SelfAttentionCase(const Golden& golden, const std::string& name) : Base(golden, name) {
    block = ls::SelfAttention<Real, Space>({.features = golden.shape(name + "/x")[1],
                                            .heads = static_cast<int>(golden.integer(name + "/heads")),
                                            .causal = golden.integer(name + "/causal") != 0,
                                            .bias = golden.has(name + "/block.in_proj.bias")});
  }
  static int heads_of(int shape) { return std::array<int, 5>{1, 2, 1, 3, 2}[static_cast<std::size_t>(shape % 5)]; }
  static int each_of(int shape) { return std::array<int, 5>{2, 1, 5, 3, 4}[static_cast<std::size_t>(shape % 5)]; }
};

/// The same with dropped weights: the same ones in every forward pass of a step.
template <class Real, class Space>
struct DroppedAttentionCase : SelfAttentionCase<Real, Space> {
  DroppedAttentionCase(const ls::Random& random, int shape) : SelfAttentionCase<Real, Space>(random, shape, 0.3) {}
};

template <class Real, class Space>
std::vector<double> expected_of(const SelfAttentionCase<Real, Space>& example) {
  return by_loops_of_attention(example.block, wide(example.x), example.ragged.bounds);
}

}  // namespace

TEST_CASE("SelfAttention: concept: models Encoder") {
  static_assert(ls::Encoder<ls::SelfAttention<float, Kokkos::Serial>, float, Kokkos::Serial>);
  const SelfAttentionCase<float, Kokkos::Serial> example(ls::Random(1), 1);
  ls::Inference<Kokkos::Serial> context;
  const auto y = example.block(
      context, ls::Sequences<float, Kokkos::Serial>{ls::use(context, example.x), example.ragged.offsets()});
  CHECK(y.count() == 7);
  CHECK(y.offsets.longest == 7);
}

TEST_CASE_TEMPLATE("SelfAttention: hand: two steps of one feature, causal or not", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Ragged<Space> ragged({2});
  ls::Tensor<Real, 2, Space> steps(2, 1);
  ls::copy_from_host<Real>({1, 2}, steps.view());
  for (const bool causal : {true, false}) {
    ls::SelfAttention<Real, Space> block({.features = 1, .causal = causal});
    ls::copy_from_host<Real>({1, 1, 10}, block.in_proj.weights.mutable_view());  // q = x, k = x, v = 10 x + 1
    ls::copy_from_host<Real>({0, 0, 1}, block.in_proj.bias.mutable_view());
    ls::copy_from_host<Real>({2}, block.out_proj.weights.mutable_view());
    ls::copy_from_host<Real>({3}, block.out_proj.bias.mutable_view());
    ls::Inference<Space> context;
    const auto y = block(context, ls::Sequences<Real, Space>{steps.view(), ragged.offsets()});
    context.fence();
    // Values 11 and 21; step 1 scores them 1 and 2, step 2 scores them 2 and 4.
    const double late = 1 / (1 + std::exp(-1.0)), later = 1 / (1 + std::exp(-2.0));
    const std::vector<double> expected{causal ? 2 * 11 + 3 : 2 * (11 + 10 * late) + 3, 2 * (11 + 10 * later) + 3};
    check::close(ls::copy_to_host(y.steps.data), expected, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("SelfAttention: reference: equals loops over sequences, heads, steps and keys", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 16; ++shape) {
    CAPTURE(shape);
    const SelfAttentionCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    check::close(ls::copy_to_host(value.data), expected_of(example), tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("SelfAttention: reference: heads wider than a tile of features, sequences longer than tiles of keys",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool causal : {true, false}) {
    SelfAttentionCase<Real, Space> example(ls::Random(9), 0);
    example.ragged = Ragged<Space>({150, 3, 64, 65});
    example.x = random_input<Real, 2, Space>(ls::Random(10), 282, 150);
    example.block = ls::SelfAttention<Real, Space>({.features = 150, .causal = causal}, ls::Random(11));
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    check::close(ls::copy_to_host(value.data), expected_of(example), 3 * tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("SelfAttention: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<SelfAttentionCase, typename Where::Real, typename Where::Space>("encoders/self_attention");
}

TEST_CASE_TEMPLATE("SelfAttention: edges: P13: scores of 1e4 stay finite, forward and backward", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SelfAttentionCase<Real, Space> example(ls::Random(2), 4);
  const auto outcome = check::finite(example, 100);
  if (std::is_same_v<Real, double>) check::close(outcome.output, expected_of(example), 1e-9);
}

TEST_CASE_TEMPLATE(
    "SelfAttention: edges: P13: 10,000 sequences of none to five steps with scores up to 1e4 equal long double", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 4;
  std::vector<ls::Index> lengths;
  std::vector<Real> steps;  // whole numbers: scores are exact, and some are equal
  std::uint64_t next = 0;
  const ls::Random random(11);
  for (std::uint64_t b = 0; b < 10'000; ++b) {
    const std::uint64_t size = b % 3 == 0 ? 70 : b % 3 == 1 ? 9 : 1;
    lengths.push_back(static_cast<ls::Index>(random.below(next++, 6)));
    for (std::size_t i = 0; i < features * static_cast<std::size_t>(lengths.back()); ++i)
      steps.push_back(b % 5 == 0 ? static_cast<Real>(size)
                                 : static_cast<Real>(random.below(next++, 2 * size + 1)) - static_cast<Real>(size));
  }
  const Ragged<Space> ragged(lengths);
  ls::Tensor<Real, 2, Space> x(ragged.steps(), 4);
  ls::copy_from_host(steps, x.view());
  for (const bool causal : {false, true}) {
    CAPTURE(causal);
    ls::SelfAttention<Real, Space> block({.features = 4, .causal = causal});
    std::vector<Real> all(48), one(16);  // queries, keys, values and the output are the steps themselves
    for (std::size_t d = 0; d < features; ++d) {
      one[5 * d] = 1;
      for (std::size_t part = 0; part < 3; ++part) all[16 * part + 5 * d] = 1;
    }
    ls::copy_from_host(all, block.in_proj.weights.mutable_view());
    ls::copy_from_host(one, block.out_proj.weights.mutable_view());
    ls::initialise(block.in_proj.bias, ls::constant(0), random);
    ls::initialise(block.out_proj.bias, ls::constant(0), random);
    ls::Inference<Space> context;
    const auto value = block(context, ls::Sequences<Real, Space>{x.view(), ragged.offsets()});
    context.fence();
    const auto y = ls::copy_to_host(value.steps.data);
    const auto at = [&](std::size_t row, std::size_t d) { return static_cast<long double>(steps[row * features + d]); };
    long double worst = 0;
    for (std::size_t b = 0; b < ragged.count(); ++b) {
      const auto first = static_cast<std::size_t>(ragged.bounds[b]),
                 end = static_cast<std::size_t>(ragged.bounds[b + 1]);
      for (std::size_t q = first; q < end; ++q) {
        std::vector<long double> scores;
        for (std::size_t k = first; k < (causal ? q + 1 : end); ++k) {
          scores.push_back(0);
          for (std::size_t d = 0; d < features; ++d) scores.back() += at(q, d) * at(k, d) / 2;
        }
        const long double most = *std::max_element(scores.begin(), scores.end());
        long double sum = 0;
        for (auto& score : scores) sum += score = std::exp(score - most);
        for (std::size_t d = 0; d < features; ++d) {
          long double expected = 0;
          for (std::size_t k = 0; k < scores.size(); ++k) expected += scores[k] / sum * at(first + k, d);
          const Real actual = y[q * features + d];
          REQUIRE(std::isfinite(static_cast<double>(actual)));
          worst = std::max(worst,
                           std::abs(static_cast<long double>(actual) - expected) / std::max(1.0L, std::abs(expected)));
        }
      }
    }
    CHECK(worst <= 1e-5L);
  }
}

TEST_CASE_TEMPLATE("SelfAttention: edges: not-a-number in a step reaches all who see it and no other sequence", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SelfAttentionCase<Real, Space> example(ls::Random(2), 8);
  example.ragged = Ragged<Space>({40, 3});
  auto numbers = std::vector<Real>(43 * 9, Real(0.5));
  numbers[20 * 9 + 4] = std::numeric_limits<Real>::quiet_NaN();
  example.x = ls::Parameter<Real, 2, Space>(43, 9);
  ls::copy_from_host(numbers, example.x.mutable_view());
  REQUIRE(example.block.settings.causal);
  ls::Inference<Space> context;
  const auto value = example(context);
  context.fence();
  const auto y = ls::copy_to_host(value.data);
  // Steps before it may get it too: a weight of zero times not-a-number.
  for (std::size_t t = 20; t < 43; ++t) CHECK((y[t * 9] != y[t * 9]) == (t < 40));
}

TEST_CASE_TEMPLATE("SelfAttention: edges: causal steps do not depend on what follows, bit for bit", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SelfAttentionCase<Real, Space> example(ls::Random(2), 4);
  check::causal(example);
}

TEST_CASE("SelfAttention: edges: a sequence of 10,000 steps needs no memory that grows with the square") {
  using Space = Kokkos::DefaultHostExecutionSpace;
  check::long_sequence(ls::SelfAttention<float, Space>({.features = 4, .heads = 2, .causal = true}, ls::Random(2)));
}

TEST_CASE("SelfAttention: gradients: P1: equal central differences") { check::gradients<SelfAttentionCase>(); }

TEST_CASE("SelfAttention: gradients: with dropped weights too") { check::gradients<DroppedAttentionCase>(); }

TEST_CASE("SelfAttention: gradients: two uses of a value add up") {
  check::twice(SelfAttentionCase<double, Kokkos::Serial>(ls::Random(3), 1));
  check::twice(SelfAttentionCase<double, Kokkos::Serial>(ls::Random(3), 8));
}

TEST_CASE_TEMPLATE("SelfAttention: edges: dropout keeps the mean, differs from step to step, and is off in inference",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // All scores and values are 1: the output is the share of weights that are kept, scaled.
  ls::SelfAttention<Real, Space> block({.features = 1, .dropout = 0.25});
  ls::copy_from_host<Real>({0, 0, 0}, block.in_proj.weights.mutable_view());
  ls::copy_from_host<Real>({0, 0, 1}, block.in_proj.bias.mutable_view());
  ls::copy_from_host<Real>({1}, block.out_proj.weights.mutable_view());
  const Ragged<Space> ragged(std::vector<ls::Index>(40, 100));
  auto x = random_input<Real, 2, Space>(ls::Random(1), 4000, 1);
  ls::Training<Space> context(block);
  const auto draw = [&] {
    check::repeat_step(context);
    const auto y = block(context, ls::Sequences<Real, Space>{x.mutable_view(), ragged.offsets()});
    context.fence();
    return ls::copy_to_host(y.steps.data);
  };
  const auto first = draw();
  double mean = 0, square = 0;
  for (const Real number : first) {
    mean += static_cast<double>(number) / 4000;
    square += static_cast<double>(number) * static_cast<double>(number) / 4000;
  }
  CHECK(mean == doctest::Approx(1).epsilon(0.005));                                 // 5 deviations: 0.0046
  CHECK(square - mean * mean == doctest::Approx(0.25 / 0.75 / 100).epsilon(0.15));  // independent draws
  CHECK(draw() == first);
  context.set_step(1);
  CHECK(draw() != first);
  ls::Inference<Space> inference;
  const auto y = block(inference, ls::Sequences<Real, Space>{x.mutable_view(), ragged.offsets()});
  inference.fence();
  for (const Real number : ls::copy_to_host(y.steps.data)) REQUIRE(static_cast<double>(number) == doctest::Approx(1));
}

TEST_CASE("SelfAttention: threads: the same bits everywhere") {
  check::same_bits<SelfAttentionCase>(10);
  check::same_bits<DroppedAttentionCase>(10);
  check::inference_equals_training<SelfAttentionCase>();
}

TEST_CASE("SelfAttention: refused: another number of features, heads that do not divide them, and bad rates") {
  using Space = Kokkos::Serial;
  using Block = ls::SelfAttention<float, Space>;
  const Block block({.features = 4, .heads = 2});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> wide_steps(3, 5);
  CHECK_THROWS_WITH_AS(block(context, ls::Sequences<float, Space>{wide_steps.view(), Ragged<Space>({3}).offsets()}),
                       "SelfAttention: x has 5 features, 4 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .heads = 3}), "SelfAttention: 3 heads do not divide 4 features",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 0}), "SelfAttention: features and heads are at least 1, they are 0 and 1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 1 << 30}),
                       "SelfAttention: 3 times features is at least 0 and below 2^31, it is 3221225472",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .dropout = 1}),
                       "SelfAttention: dropout is at least 0 and below 1, it is 1", ls::ShapeError);
  test::refuses_offsets(block, 4);
}
