// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/concepts.hpp>
#include <longshore/pooling/deep_attention_pooling.hpp>
#include <vector>

#include "../support/pooling_case.hpp"

namespace ls = longshore;
using Against = ls::SimilarityReference;
using Similarity = ls::Similarity;

namespace {

constexpr Against againsts[] = {Against::others, Against::mean, Against::last};
constexpr Similarity similarities[] = {Similarity::dot, Similarity::scaled_dot, Similarity::cosine};

template <class Real, class Space>
struct DeepCase : PoolingCase<ls::DeepAttentionPooling, Real, Space> {
  using Base = PoolingCase<ls::DeepAttentionPooling, Real, Space>;
  using Block = ls::DeepAttentionPooling<Real, Space>;

  DeepCase(const ls::Random& random, int shape) : Base(random, shape) {
    const ls::Index out[] = {1, 5, 16, 3, 33};
    this->block = Block({.in = features_of(shape),
                         .out = out[shape % 5],
                         .against = againsts[shape / 3 % 3],
                         .similarity = similarities[shape % 3],
                         .bias = shape % 4 != 1,
                         .weights = ls::normal(1)},
                        random);
  }
  DeepCase(const Golden& golden, const std::string& name) : Base(golden, name) {
    const auto& shape = golden.shape(name + "/block.output.weights");
    this->block = Block({.in = shape[1],
                         .out = shape[0],
                         .against = againsts[golden.integer(name + "/against")],
                         .similarity = similarities[golden.integer(name + "/similarity")],
                         .bias = golden.has(name + "/block.output.bias")});
  }
  void visit(auto&& visitor) {
    visitor("x", this->x);
    visitor("block", this->block);
  }
};

/// The output layer left out: identity.
template <class Real, class Space>
ls::DeepAttentionPooling<Real, Space> only_attention(ls::Index features, Against against, Similarity similarity) {
  ls::DeepAttentionPooling<Real, Space> pool(
      {.in = features, .out = features, .against = against, .similarity = similarity, .bias = false});
  std::vector<Real> identity;
  for (ls::Index i = 0; i < features * features; ++i) identity.push_back(i % (features + 1) == 0 ? Real(1) : Real(0));
  ls::copy_from_host<Real>(identity, pool.output.weights.mutable_view());
  return pool;
}

}  // namespace

TEST_CASE("DeepAttentionPooling: concept: models Pooling and hands out weights") {
  using Space = Kokkos::Serial;
  static_assert(ls::Pooling<ls::DeepAttentionPooling<float, Space>, float, Space>);
  static_assert(ls::Pooling<ls::DeepAttentionPooling<double, Space>, double, Space>);
  const DeepCase<float, Space> example(ls::Random(2), 2);
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

TEST_CASE_TEMPLATE("DeepAttentionPooling: hand: three steps, two of them alike", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const PlacedWindows<Space> placed({{0, 0}, {1, 3}, 3});
  ls::Tensor<Real, 2, Space> x(3, 2);
  ls::copy_from_host<Real>({2, 0, 2, 0, 0, 1}, x.view());
  const auto weights_of = [&](Against against, Similarity similarity) {
    ls::Inference<Space> context;
    const auto pool = only_attention<Real, Space>(2, against, similarity);
    return ls::copy_to_host(pool.weights(context, {x.view(), placed.windows()}));
  };
  const auto expected = [](double first, double second, double third) {
    const double sum = std::exp(first) + std::exp(second) + std::exp(third);
    return std::vector<double>{1, std::exp(first) / sum, std::exp(second) / sum, std::exp(third) / sum};
  };
  const double two = std::sqrt(2.0);
  check::close(weights_of(Against::others, Similarity::dot), expected(2, 2, 0), tolerance<Real>);
  check::close(weights_of(Against::others, Similarity::scaled_dot), expected(2 / two, 2 / two, 0), tolerance<Real>);
  check::close(weights_of(Against::others, Similarity::cosine), expected(0.5, 0.5, 0), tolerance<Real>);
  check::close(weights_of(Against::mean, Similarity::dot), expected(8. / 3, 8. / 3, 1. / 3), tolerance<Real>);
  check::close(weights_of(Against::mean, Similarity::cosine), expected(2. / 3, 2. / 3, 1. / 3), tolerance<Real>);
  check::close(weights_of(Against::last, Similarity::dot), expected(0, 0, 1), tolerance<Real>);

  ls::DeepAttentionPooling<Real, Space> pool({.in = 2, .out = 1});
  ls::copy_from_host<Real>({3, 1}, pool.output.weights.mutable_view());
  ls::copy_from_host<Real>({10}, pool.output.bias.mutable_view());
  ls::Inference<Space> context;
  const auto z = pool(context, {x.view(), placed.windows()});
  context.fence();
  CHECK(ls::copy_to_host(z.data)[0] == Real(16));  // one step: 3 * 2 + 1 * 0 + 10
}

TEST_CASE_TEMPLATE("DeepAttentionPooling: reference: equals the formula, pair of steps by pair of steps", Where,
                   LONGSHORE_EVERYWHERE) {
  check::reference<DeepCase, typename Where::Real, typename Where::Space>([](const auto& example) {
    const auto& settings = example.block.settings;
    const auto columns = static_cast<std::size_t>(settings.in);
    const auto x = naive::rows_of(ls::copy_to_host(example.x.view()), columns);
    const auto weights = naive::rows_of(ls::copy_to_host(example.block.output.weights.view()), columns);
    const auto bias = ls::copy_to_host(example.block.output.bias.view());
    return naive::over_windows(x, example.list, weights.size(), [&](const naive::Rows& steps) {
      const auto a = naive::softmax(
          naive::similarity_scores(steps, static_cast<int>(settings.against), static_cast<int>(settings.similarity)));
      auto z = naive::matrix_times(weights, naive::weighted_sum(a, steps));
      for (std::size_t j = 0; j < bias.size(); ++j) z[j] += bias[j];
      return z;
    });
  });
}

TEST_CASE_TEMPLATE("DeepAttentionPooling: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<DeepCase, typename Where::Real, typename Where::Space>("pooling/deep_attention_pooling");
}

TEST_CASE("DeepAttentionPooling: gradients: P1: equal central differences") { check::gradients<DeepCase>(); }

TEST_CASE("DeepAttentionPooling: threads: the same bits everywhere") {
  check::same_bits<DeepCase>(9);
  check::inference_equals_training<DeepCase>(9);
}

TEST_CASE("DeepAttentionPooling: edges: memory full of not-a-number changes nothing") {
  check::dirty_memory<DeepCase>();
}

TEST_CASE_TEMPLATE("DeepAttentionPooling: edges: no windows, empty windows without bias and rows outside of windows",
                   Where, LONGSHORE_EVERYWHERE) {
  check::outside_windows<DeepCase, typename Where::Real, typename Where::Space>();
}

TEST_CASE_TEMPLATE(
    "DeepAttentionPooling: edges: similarities of ten thousand stay finite, a step of zeros has no direction", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const PlacedWindows<Space> placed({{0}, {3}, 3});
  ls::Tensor<Real, 2, Space> x(3, 1);
  ls::copy_from_host<Real>({100, 100, -100}, x.view());
  ls::Inference<Space> context;
  const auto pool = only_attention<Real, Space>(1, Against::mean, Similarity::dot);
  const auto weights = ls::copy_to_host(pool.weights(context, {x.view(), placed.windows()}));
  CHECK(weights == std::vector<Real>{0.5, 0.5, 0});

  DeepCase<Real, Space> example(ls::Random(3), 2);
  example.list = {{0}, {3}, 3};
  example.placed = PlacedWindows<Space>(example.list);
  example.x = ls::Parameter<Real, 2, Space>(3, 2);
  ls::copy_from_host<Real>({0, 0, 3, 4, 6, 8}, example.x.mutable_view());
  example.block = only_attention<Real, Space>(2, Against::others, Similarity::cosine);
  ls::Training<Space> training(example);
  const auto outcome = check::run<Real>(training, example);
  for (const Real z : outcome.output) CHECK(std::isfinite(z));
  for (const Real d : outcome.gradients.at("x")) CHECK(std::isfinite(d));
}

TEST_CASE("DeepAttentionPooling: refused: other features, windows that do not fit, and sizes below one") {
  using Space = Kokkos::Serial;
  using Block = ls::DeepAttentionPooling<float, Space>;
  const Block pool({.in = 5, .out = 3});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(4, 2);
  const PlacedWindows<Space> placed({{0}, {2}, 4});
  ls::Tensor<ls::Index, 1, Space> two(2), three(3);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), placed.windows()}),
                       "DeepAttentionPooling: the steps have 2 features, the weights expect 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), ls::Windows<Space>(two.view(), three.view(), three.view(), 0, 0)}),
                       "DeepAttentionPooling: the windows have 2 begins and 3 ends", ls::ShapeError);
  const PlacedWindows<Space> unordered({{2, 0}, {4, 2}, 4});
  CHECK_THROWS_AS(Block({.in = 2, .out = 3})(context, {x.view(), unordered.windows()}), ls::DataError);
  CHECK_THROWS_WITH_AS((Block({.in = 0, .out = 3})),
                       "DeepAttentionPooling: in and out are at least 1, they are 0 and 3", ls::ShapeError);
}
