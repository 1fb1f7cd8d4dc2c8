// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/embeddings/position_embedding.hpp>
#include <vector>

#include "../support/check_twice.hpp"
#include "../support/ragged_case.hpp"
#include "../support/refuses_offsets.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct PositionCase : RaggedCase<Real, Space, ls::PositionEmbedding> {
  using Base = RaggedCase<Real, Space, ls::PositionEmbedding>;
  using Base::block;

  PositionCase(const ls::Random& random, int shape) : Base(random, shape, features_of(shape)) {
    // Exactly as many rows as the longest sequence needs, or some that no sequence reaches.
    const ls::Index longest = this->ragged.offsets().longest;
    block = ls::PositionEmbedding<Real, Space>(
        {.longest = (longest > 0 ? longest : 1) + shape % 3,
         .features = features_of(shape),
         .kind = shape % 7 == 6 ? ls::PositionKind::sinusoid : ls::PositionKind::learned,
         .from = shape % 2 ? ls::PositionsFrom::end : ls::PositionsFrom::start,
         .scale = shape % 4 == 3 ? 2.5 : 1,
         .initial = ls::normal(1)},
        random);
  }
  PositionCase(const Golden& golden, const std::string& name) : Base(golden, name) {
    block = ls::PositionEmbedding<Real, Space>(
        {.longest = golden.shape(name + "/block.weights")[0],
         .features = golden.shape(name + "/block.weights")[1],
         .from = golden.integer(name + "/end") ? ls::PositionsFrom::end : ls::PositionsFrom::start,
         .scale = golden.integer(name + "/root") ? std::sqrt(golden.shape(name + "/x")[1]) : 1});
  }
  static int features_of(int shape) {
    constexpr int widths[] = {1, 5, 16, 33, 3};
    return widths[shape % 5];
  }
};

}  // namespace

TEST_CASE("PositionEmbedding: concept: models Encoder") {
  static_assert(ls::Encoder<ls::PositionEmbedding<float, Kokkos::Serial>, float, Kokkos::Serial>);
  const PositionCase<float, Kokkos::Serial> example(ls::Random(1), 1);
  ls::Inference<Kokkos::Serial> context;
  const auto y = example.block(
      context, ls::Sequences<float, Kokkos::Serial>{ls::use(context, example.x), example.ragged.offsets()});
  CHECK(y.count() == 7);
  CHECK(y.offsets.longest == 7);
}

TEST_CASE_TEMPLATE("PositionEmbedding: hand: two sequences, counted from the start and from the end", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Ragged<Space> ragged({2, 3});
  ls::Tensor<Real, 2, Space> steps(5, 1);
  ls::copy_from_host<Real>({1, 2, 3, 4, 5}, steps.view());
  const auto with = [&](ls::PositionsFrom from) {
    ls::PositionEmbedding<Real, Space> block({.longest = 4, .features = 1, .from = from, .scale = 10});
    ls::copy_from_host<Real>({100, 200, 300, 400}, block.weights.mutable_view());
    ls::Inference<Space> context;
    const auto y = block(context, ls::Sequences<Real, Space>{steps.view(), ragged.offsets()});
    context.fence();
    return ls::copy_to_host(y.steps.data);
  };
  CHECK(with(ls::PositionsFrom::start) == std::vector<Real>{110, 220, 130, 240, 350});
  CHECK(with(ls::PositionsFrom::end) == std::vector<Real>{210, 120, 330, 240, 150});
}

TEST_CASE_TEMPLATE("PositionEmbedding: hand: the sinusoid of the first three positions", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const auto kind : {ls::PositionKind::sinusoid, ls::PositionKind::learned_from_sinusoid}) {
    const ls::PositionEmbedding<Real, Space> block({.longest = 3, .features = 4, .kind = kind});
    CHECK(block.weights.frozen == (kind == ls::PositionKind::sinusoid));
    const std::vector<double> expected{0,           1,           0,           1,           0.841470985,
                                       0.540302306, 0.009999833, 0.999950000, 0.909297427, -0.416146837,
                                       0.019998667, 0.999800007};
    check::close(ls::copy_to_host(block.weights.view()), expected, 1e-6);
  }
}

TEST_CASE_TEMPLATE("PositionEmbedding: reference: equals loops over sequences and steps", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 16; ++shape) {
    CAPTURE(shape);
    const PositionCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    const auto x = ls::copy_to_host(example.x.view()), table = ls::copy_to_host(example.block.weights.view());
    const auto features = static_cast<std::size_t>(example.block.settings.features);
    std::vector<double> expected;
    for (std::size_t b = 0; b < example.ragged.count(); ++b)
      for (ls::Index t = 0; t < example.ragged.length(b); ++t)
        for (std::size_t d = 0; d < features; ++d) {
          const bool backwards = example.block.settings.from == ls::PositionsFrom::end;
          const auto p = static_cast<std::size_t>(backwards ? example.ragged.length(b) - 1 - t : t);
          expected.push_back(example.block.settings.scale * static_cast<double>(x[expected.size()]) +
                             static_cast<double>(table[p * features + d]));
        }
    check::close(ls::copy_to_host(value.data), expected, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("PositionEmbedding: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<PositionCase, typename Where::Real, typename Where::Space>("embeddings/position_embedding");
}

TEST_CASE("PositionEmbedding: edges: a sequence as long as the table passes, counted from either side") {
  using Space = Kokkos::Serial;
  const Ragged<Space> ragged({4, 0, 1});
  ls::Tensor<float, 2, Space> steps(5, 2);
  for (const auto from : {ls::PositionsFrom::start, ls::PositionsFrom::end}) {
    const ls::PositionEmbedding<float, Space> block({.longest = 4, .features = 2, .from = from});
    ls::Inference<Space> context;
    const auto y =
        ls::copy_to_host(block(context, ls::Sequences<float, Space>{steps.view(), ragged.offsets()}).steps.data);
    const auto table = ls::copy_to_host(block.weights.view());
    // The lone step of the last sequence is at position 0 either way.
    CHECK(y[8] == table[0]);
    CHECK(y[9] == table[1]);
  }
}

TEST_CASE("PositionEmbedding: gradients: P1: equal central differences") { check::gradients<PositionCase>(); }

TEST_CASE("PositionEmbedding: gradients: two uses of a value add up, and a sinusoid has none") {
  check::twice(PositionCase<double, Kokkos::Serial>(ls::Random(3), 1));
  check::twice(PositionCase<double, Kokkos::Serial>(ls::Random(3), 7));
  const PositionCase<double, Kokkos::Serial> fixed(ls::Random(3), 6);
  ls::Training<Kokkos::Serial> context(fixed);
  const auto outcome = check::run<double>(context, fixed);
  CHECK(outcome.gradients.count("block.weights") == 0);
  CHECK(outcome.gradients.count("x") == 1);
}

TEST_CASE("PositionEmbedding: threads: the same bits everywhere") {
  check::same_bits<PositionCase>(10);
  check::inference_equals_training<PositionCase>();
}

TEST_CASE("PositionEmbedding: concept: positions from the end know how many steps follow") {
  using Block = ls::PositionEmbedding<float, Kokkos::Serial>;
  CHECK_FALSE(Block({.longest = 2, .features = 1, .from = ls::PositionsFrom::start}).sees_ahead());
  CHECK(Block({.longest = 2, .features = 1, .from = ls::PositionsFrom::end}).sees_ahead());
}

TEST_CASE("PositionEmbedding: edges: P22: sequences as long as the table are taken, longer ones refused") {
  using Space = Kokkos::Serial;
  const ls::PositionEmbedding<float, Space> block({.longest = 4, .features = 2});
  ls::Inference<Space> context;
  for (const ls::Index length : {3, 4, 5}) {
    const Ragged<Space> ragged({length, 1});
    ls::Tensor<float, 2, Space> x(length + 1, 2);
    const ls::Sequences<float, Space> sequences{x.view(), ragged.offsets()};
    if (length <= 4)
      CHECK(block(context, sequences).offsets.longest == length);
    else
      CHECK_THROWS_WITH_AS(
          block(context, sequences),
          "PositionEmbedding: a sequence has 5 steps, the table has rows for 4; raise .longest or cut the sequences",
          ls::ShapeError);
  }
}

TEST_CASE("PositionEmbedding: refused: sequences longer than the table, another number of features, empty tables") {
  using Space = Kokkos::Serial;
  const ls::PositionEmbedding<float, Space> block({.longest = 4, .features = 2});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> steps(5, 2), wide(4, 3);
  CHECK_THROWS_WITH_AS(
      block(context, ls::Sequences<float, Space>{steps.view(), Ragged<Space>({5}).offsets()}),
      "PositionEmbedding: a sequence has 5 steps, the table has rows for 4; raise .longest or cut the sequences",
      ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, ls::Sequences<float, Space>{wide.view(), Ragged<Space>({4}).offsets()}),
                       "PositionEmbedding: x has 3 features, 2 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::PositionEmbedding<float, Space>({.longest = 0, .features = 2})),
                       "PositionEmbedding: longest and features are at least 1, they are 0 and 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::PositionEmbedding<float, Space>(
                           {.longest = 4, .features = 2, .scale = std::numeric_limits<double>::quiet_NaN()})),
                       "PositionEmbedding: scale is a finite number, it is nan", ls::ShapeError);
  const volatile ls::Index negative = -3;  // volatile: g++ would warn of the array that is never made
  CHECK_THROWS_WITH_AS((ls::PositionEmbedding<float, Space>({.longest = negative, .features = 2})),
                       "PositionEmbedding: longest and features are at least 1, they are -3 and 2", ls::ShapeError);
  test::refuses_offsets(block, 2);
}
