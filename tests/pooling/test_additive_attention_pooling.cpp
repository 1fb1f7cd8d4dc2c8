// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/concepts.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <vector>

#include "../support/pooling_case.hpp"

namespace ls = longshore;
using Kind = ls::ActivationKind;

namespace {

constexpr Kind kinds[] = {Kind::tanh, Kind::sigmoid, Kind::relu, Kind::identity};

double activation(Kind kind, double x) {
  if (kind == Kind::tanh) return std::tanh(x);
  if (kind == Kind::sigmoid) return 1 / (1 + std::exp(-x));
  return kind == Kind::relu ? std::max(x, 0.0) : x;
}

template <class Real, class Space>
struct AdditiveCase : PoolingCase<ls::AdditiveAttentionPooling, Real, Space> {
  using Base = PoolingCase<ls::AdditiveAttentionPooling, Real, Space>;
  using Block = ls::AdditiveAttentionPooling<Real, Space>;

  AdditiveCase(const ls::Random& random, int shape) : Base(random, shape) {
    const ls::Index hidden[] = {1, 5, 16, 3, 33};
    this->block = Block({.in = features_of(shape),
                         .hidden = hidden[shape % 5],
                         .bias = shape % 3 != 1,
                         .softmax = shape % 4 != 3,
                         .activation = kinds[shape % 3],
                         .weights = ls::normal(1)},
                        random);
  }
  AdditiveCase(const Golden& golden, const std::string& name) : Base(golden, name) {
    const auto& shape = golden.shape(name + "/block.matrix");
    this->block = Block({.in = shape[1],
                         .hidden = shape[0],
                         .bias = golden.has(name + "/block.bias"),
                         .softmax = golden.integer(name + "/softmax") != 0,
                         .activation = kinds[golden.integer(name + "/activation")]});
  }
  void visit(auto&& visitor) {
    visitor("x", this->x);
    visitor("block", this->block);
  }
};

}  // namespace

TEST_CASE("AdditiveAttentionPooling: concept: models Pooling and hands out weights") {
  using Space = Kokkos::Serial;
  static_assert(ls::Pooling<ls::AdditiveAttentionPooling<float, Space>, float, Space>);
  static_assert(ls::Pooling<ls::AdditiveAttentionPooling<double, Space>, double, Space>);
  const AdditiveCase<float, Space> example(ls::Random(2), 2);
  ls::Inference<Space> context;
  const auto weights =
      ls::copy_to_host(example.block.weights(context, {ls::use(context, example.x), example.placed.windows()}));
  const auto pairs = example.list.pairs();
  REQUIRE(weights.size() == static_cast<std::size_t>(pairs.back()));
  for (std::size_t w = 0; w < example.list.size(); ++w) {
    float sum = 0;
    for (auto p = pairs[w]; p < pairs[w + 1]; ++p) sum += weights[static_cast<std::size_t>(p)];
    CHECK(sum == doctest::Approx(1));
  }
}

TEST_CASE_TEMPLATE("AdditiveAttentionPooling: hand: scores are the weights, and softmax of equal scores is the mean",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const PlacedWindows<Space> placed({{0, 1}, {2, 3}, 3});
  ls::Tensor<Real, 2, Space> x(3, 2);
  ls::copy_from_host<Real>({1, 2, 3, 4, 5, 6}, x.view());
  ls::AdditiveAttentionPoolingSettings settings{.in = 2, .hidden = 2, .softmax = false, .activation = Kind::identity};
  ls::AdditiveAttentionPooling<Real, Space> pool(settings);
  ls::copy_from_host<Real>({1, 0, 0, 2}, pool.matrix.mutable_view());
  ls::copy_from_host<Real>({1, -1}, pool.bias.mutable_view());
  ls::copy_from_host<Real>({1, 1}, pool.query.mutable_view());
  ls::Inference<Space> context;
  const ls::Windowed<Real, Space> windowed(x.view(), placed.windows());
  const auto z = pool(context, windowed);
  context.fence();
  // s = (x_1 + 1) + (2 x_2 - 1) = 5, 11, 17
  CHECK(ls::copy_to_host(pool.weights(context, windowed)) == std::vector<Real>{5, 11, 11, 17});
  CHECK(ls::copy_to_host(z.data) == std::vector<Real>{38, 54, 118, 146});
  pool.settings.softmax = true;
  ls::copy_from_host<Real>({0, 0}, pool.query.mutable_view());
  const auto mean = pool(context, windowed);
  context.fence();
  CHECK(ls::copy_to_host(mean.data) == std::vector<Real>{2, 3, 4, 5});
}

TEST_CASE_TEMPLATE("AdditiveAttentionPooling: reference: equals the formula, window by window and step by step", Where,
                   LONGSHORE_EVERYWHERE) {
  check::reference<AdditiveCase, typename Where::Real, typename Where::Space>([](const auto& example) {
    const auto columns = static_cast<std::size_t>(example.x.extent(1));
    const auto x = naive::rows_of(ls::copy_to_host(example.x.view()), columns);
    const auto matrix = naive::rows_of(ls::copy_to_host(example.block.matrix.view()), columns);
    const auto bias = ls::copy_to_host(example.block.bias.view()), query = ls::copy_to_host(example.block.query.view());
    const auto& settings = example.block.settings;
    return naive::over_windows(x, example.list, columns, [&](const naive::Rows& steps) {
      const auto scores = naive::additive_scores(steps, matrix, naive::Row(bias.begin(), bias.end()),
                                                 naive::Row(query.begin(), query.end()),
                                                 [&](double s) { return activation(settings.activation, s); });
      return naive::weighted_sum(settings.softmax ? naive::softmax(scores) : scores, steps);
    });
  });
}

TEST_CASE_TEMPLATE("AdditiveAttentionPooling: golden: output and gradients equal PyTorch's", Where,
                   LONGSHORE_EVERYWHERE) {
  check::golden<AdditiveCase, typename Where::Real, typename Where::Space>("pooling/additive_attention_pooling");
}

TEST_CASE("AdditiveAttentionPooling: gradients: P1: equal central differences") { check::gradients<AdditiveCase>(); }

TEST_CASE("AdditiveAttentionPooling: threads: the same bits everywhere") {
  check::same_bits<AdditiveCase>();
  check::inference_equals_training<AdditiveCase>();
}

TEST_CASE("AdditiveAttentionPooling: edges: memory full of not-a-number changes nothing") {
  check::dirty_memory<AdditiveCase>();
}

TEST_CASE_TEMPLATE("AdditiveAttentionPooling: edges: no windows, empty windows and rows outside of windows", Where,
                   LONGSHORE_EVERYWHERE) {
  check::outside_windows<AdditiveCase, typename Where::Real, typename Where::Space>();
}

TEST_CASE_TEMPLATE("AdditiveAttentionPooling: edges: scores of ten thousand stay finite, many rows equal few", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::AdditiveAttentionPooling<Real, Space> pool({.in = 1, .hidden = 1, .bias = false, .activation = Kind::identity});
  ls::copy_from_host<Real>({1}, pool.matrix.mutable_view());
  ls::copy_from_host<Real>({1}, pool.query.mutable_view());
  const PlacedWindows<Space> placed({{0, 2}, {2, 4}, 4});
  ls::Tensor<Real, 2, Space> x(4, 1);
  ls::copy_from_host<Real>({10000, -10000, -10000, -10000}, x.view());
  ls::Inference<Space> context;
  CHECK(ls::copy_to_host(pool.weights(context, {x.view(), placed.windows()})) == std::vector<Real>{1, 0, 0.5, 0.5});

  // More rows than one group of rows takes, all the same windows: each must give the same.
  const ls::AdditiveAttentionPooling<Real, Space> wide({.in = 3, .hidden = 4}, ls::Random(5));
  const ls::Index count = 700, length = 3;
  WindowList list;
  list.steps = count * length;
  for (ls::Index w = 0; w < count; ++w) {
    list.begin.push_back(w * length);
    list.end.push_back((w + 1) * length);
  }
  const PlacedWindows<Space> many(list);
  ls::Tensor<Real, 2, Space> rows(list.steps, 3);
  std::vector<Real> elements;
  for (ls::Index i = 0; i < list.steps * 3; ++i) elements.push_back(static_cast<Real>(i % 9) - Real(4));
  ls::copy_from_host<Real>(elements, rows.view());
  const auto z = ls::copy_to_host(wide(context, {rows.view(), many.windows()}).data);
  for (std::size_t i = 3; i < z.size(); ++i) REQUIRE(z[i] == doctest::Approx(z[i % 3]));
}

TEST_CASE("AdditiveAttentionPooling: refused: other features, windows that do not fit, sizes and activations") {
  using Space = Kokkos::Serial;
  using Block = ls::AdditiveAttentionPooling<float, Space>;
  const Block pool({.in = 5, .hidden = 3});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(4, 2);
  const PlacedWindows<Space> placed({{0}, {2}, 4});
  ls::Tensor<ls::Index, 1, Space> two(2), three(3);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), placed.windows()}),
                       "AdditiveAttentionPooling: the steps have 2 features, the weights expect 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool.weights(context, {x.view(), placed.windows()}),
                       "AdditiveAttentionPooling: the steps have 2 features, the weights expect 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), ls::Windows<Space>(two.view(), three.view(), three.view(), 0, 0)}),
                       "AdditiveAttentionPooling: the windows have 2 begins and 3 ends", ls::ShapeError);
  const PlacedWindows<Space> unordered({{2, 0}, {4, 2}, 4});
  CHECK_THROWS_AS(Block({.in = 2, .hidden = 3})(context, {x.view(), unordered.windows()}), ls::DataError);
  CHECK_THROWS_WITH_AS((Block({.in = 5, .hidden = 0})),
                       "AdditiveAttentionPooling: in and hidden are at least 1, they are 5 and 0", ls::ShapeError);
  const volatile ls::Index negative = -3;  // volatile: g++ would warn of the array that is never made
  CHECK_THROWS_WITH_AS((Block({.in = negative, .hidden = 2})),
                       "AdditiveAttentionPooling: in and hidden are at least 1, they are -3 and 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 5, .hidden = 3, .activation = Kind::gelu})),
                       "AdditiveAttentionPooling: the activation is identity, relu, sigmoid or tanh; it is number 3",
                       ls::ShapeError);
}
