// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/pooling/sum_pooling.hpp>
#include <vector>

#include "../support/check_pooling.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using SumPoolingCase = PoolingCase<ls::SumPooling, Real, Space>;

}  // namespace

TEST_CASE("SumPooling: concept: models Pooling, over sequences and windows") {
  check::models_pooling<ls::SumPooling>();
}

TEST_CASE_TEMPLATE("SumPooling: hand: four windows over five steps", Where, LONGSHORE_EVERYWHERE) {
  check::four_windows<ls::SumPooling, typename Where::Real, typename Where::Space>({4, 4, 11, 10, 1, -4, 0, 0});
}

TEST_CASE_TEMPLATE("SumPooling: hand: steps count by their weights, and those of weight 0 not at all", Where,
                   LONGSHORE_EVERYWHERE) {
  check::four_windows<ls::SumPooling, typename Where::Real, typename Where::Space>({10, 14, 9, 15, 0, 0, 0, 0},
                                                                                   {1, 3, 0, 0, 2});
}

TEST_CASE_TEMPLATE("SumPooling: hand: of logarithms only the differences within a window count", Where,
                   LONGSHORE_EVERYWHERE) {
  check::log_weights<ls::SumPooling, typename Where::Real, typename Where::Space>({4.5, 4.5, 4, 4, 0});
}

TEST_CASE_TEMPLATE("SumPooling: reference: equals a loop over windows and steps, weighted and not", Where,
                   LONGSHORE_EVERYWHERE) {
  check::reference<SumPoolingCase, typename Where::Real, typename Where::Space>([](const auto& example) {
    const auto columns = static_cast<std::size_t>(example.x.extent(1));
    const auto x = naive::rows_of(ls::copy_to_host(example.x.view()), columns);
    std::vector<double> expected;
    for (std::size_t w = 0; w < example.list.size(); ++w) {
      const auto begin = example.list.begin[w], end = example.list.end[w];
      const naive::Row weights = example.weights(w);
      const naive::Row z = weights.empty() ? naive::Row(columns, 0.0)
                                           : naive::weighted_sum(weights, {x.begin() + begin, x.begin() + end});
      expected.insert(expected.end(), z.begin(), z.end());
    }
    return expected;
  });
}

TEST_CASE_TEMPLATE("SumPooling: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<SumPoolingCase, typename Where::Real, typename Where::Space>("pooling/sum_pooling");
}

TEST_CASE("SumPooling: gradients: P1: equal central differences") { check::gradients<SumPoolingCase>(); }

TEST_CASE("SumPooling: threads: the same bits everywhere") {
  check::same_bits<SumPoolingCase>();
  check::inference_equals_training<SumPoolingCase>();
}

TEST_CASE("SumPooling: edges: memory full of not-a-number changes nothing") { check::dirty_memory<SumPoolingCase>(); }

TEST_CASE_TEMPLATE(
    "SumPooling: edges: no windows give no rows, empty windows zeros, rows outside of windows no gradient", Where,
    LONGSHORE_EVERYWHERE) {
  check::outside_windows<SumPoolingCase, typename Where::Real, typename Where::Space>();
}

TEST_CASE("SumPooling: refused: windows whose arrays do not fit each other") {
  check::refuses_windows<ls::SumPooling>("SumPooling");
}

TEST_CASE("SumPooling: refused: weights of steps that are below 0, infinite or not a number") {
  check::refuses_step_weights<ls::SumPooling>("SumPooling");
}
