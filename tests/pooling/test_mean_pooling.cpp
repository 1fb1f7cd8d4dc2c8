// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/pooling/mean_pooling.hpp>
#include <vector>

#include "../support/check_pooling.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using MeanPoolingCase = PoolingCase<ls::MeanPooling, Real, Space>;

}  // namespace

TEST_CASE("MeanPooling: concept: models Pooling, over sequences and windows") {
  check::models_pooling<ls::MeanPooling>();
}

TEST_CASE_TEMPLATE("MeanPooling: hand: four windows over five steps", Where, LONGSHORE_EVERYWHERE) {
  check::four_windows<ls::MeanPooling, typename Where::Real, typename Where::Space>({2, 2, 5.5, 5, 1, -4, 0, 0});
}

TEST_CASE_TEMPLATE("MeanPooling: hand: steps count by their weights, and those of weight 0 not at all", Where,
                   LONGSHORE_EVERYWHERE) {
  check::four_windows<ls::MeanPooling, typename Where::Real, typename Where::Space>({2.5, 3.5, 3, 5, 0, 0, 0, 0},
                                                                                    {1, 3, 0, 0, 2});
}

TEST_CASE_TEMPLATE("MeanPooling: hand: of logarithms only the differences within a window count", Where,
                   LONGSHORE_EVERYWHERE) {
  check::log_weights<ls::MeanPooling, typename Where::Real, typename Where::Space>({3, 3, 4, 4, 0});
}

TEST_CASE_TEMPLATE("MeanPooling: reference: equals a loop over windows and steps, weighted and not", Where,
                   LONGSHORE_EVERYWHERE) {
  check::reference<MeanPoolingCase, typename Where::Real, typename Where::Space>([](const auto& example) {
    const auto columns = static_cast<std::size_t>(example.x.extent(1));
    const auto x = naive::rows_of(ls::copy_to_host(example.x.view()), columns);
    std::vector<double> expected;
    for (std::size_t w = 0; w < example.list.size(); ++w) {
      const auto begin = example.list.begin[w], end = example.list.end[w];
      naive::Row weights = example.weights(w);
      double sum = 0;
      for (const double weight : weights) sum += weight;
      for (double& weight : weights) weight = sum > 0 ? weight / sum : 0;
      const naive::Row z = weights.empty() ? naive::Row(columns, 0.0)
                                           : naive::weighted_sum(weights, {x.begin() + begin, x.begin() + end});
      expected.insert(expected.end(), z.begin(), z.end());
    }
    return expected;
  });
}

TEST_CASE_TEMPLATE("MeanPooling: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<MeanPoolingCase, typename Where::Real, typename Where::Space>("pooling/mean_pooling");
}

TEST_CASE("MeanPooling: gradients: P1: equal central differences") { check::gradients<MeanPoolingCase>(); }

TEST_CASE("MeanPooling: threads: the same bits everywhere") {
  check::same_bits<MeanPoolingCase>();
  check::inference_equals_training<MeanPoolingCase>();
}

TEST_CASE("MeanPooling: edges: memory full of not-a-number changes nothing") { check::dirty_memory<MeanPoolingCase>(); }

TEST_CASE_TEMPLATE(
    "MeanPooling: edges: no windows give no rows, empty windows zeros, rows outside of windows no gradient", Where,
    LONGSHORE_EVERYWHERE) {
  check::outside_windows<MeanPoolingCase, typename Where::Real, typename Where::Space>();
}

TEST_CASE("MeanPooling: edges: the smallest and the greatest weights make a mean, and only zeros make zeros") {
  using Space = Kokkos::Serial;
  const PlacedWindows<Space> placed({{0, 2, 4}, {2, 4, 6}, 6});
  ls::Tensor<float, 2, Space> x(6, 1);
  ls::copy_from_host<float>({1, 3, 1, 3, 1, 3}, x.view());
  ls::Tensor<float, 1, Space> weights(6);
  const float least = std::numeric_limits<float>::min(), most = std::numeric_limits<float>::max();
  ls::copy_from_host<float>({least, least, most, most, 0, 0}, weights.view());
  ls::Inference<Space> context;
  const auto z = ls::MeanPooling<float, Space>()(context, {x.view(), placed.windows()}, weights.view());
  CHECK(ls::copy_to_host(z.data) == std::vector<float>{2, 2, 0});
}

TEST_CASE("MeanPooling: refused: windows whose arrays do not fit each other") {
  check::refuses_windows<ls::MeanPooling>("MeanPooling");
}

TEST_CASE("MeanPooling: refused: weights of steps that are below 0, infinite or not a number") {
  check::refuses_step_weights<ls::MeanPooling>("MeanPooling");
}
