// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/pooling/sum_pooling.hpp>
#include <vector>

#include "../support/pooling_case.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using SumPoolingCase = PoolingCase<ls::SumPooling, Real, Space>;

}  // namespace

TEST_CASE("SumPooling: concept: models Pooling, over sequences and windows") {
  using Space = Kokkos::Serial;
  static_assert(ls::Pooling<ls::SumPooling<float, Space>, float, Space>);
  static_assert(ls::Pooling<ls::SumPooling<double, Space>, double, Space>);
  const PlacedWindows<Space> placed({{0, 2}, {2, 3}, 3});
  ls::Tensor<ls::Index, 1, Space> offsets(3);
  ls::copy_from_host<ls::Index>({0, 2, 3}, offsets.view());
  ls::Tensor<float, 2, Space> x(3, 1);
  ls::copy_from_host<float>({1, 2, 4}, x.view());
  ls::Inference<Space> context;
  const ls::SumPooling<float, Space> pool;
  const auto of_sequences = pool(context, ls::Sequences<float, Space>{x.view(), {offsets.view(), 2}});
  const auto of_windows = pool(context, {x.view(), placed.windows()});
  CHECK(ls::copy_to_host(of_sequences.data) == ls::copy_to_host(of_windows.data));
}

TEST_CASE_TEMPLATE("SumPooling: hand: four windows over five steps", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // Rows 0 and 1, rows 1 and 2, row 3, none; row 4 is in no window.
  const PlacedWindows<Space> placed({{0, 1, 3, 4}, {2, 3, 4, 4}, 5});
  ls::Tensor<Real, 2, Space> x(5, 2);
  ls::copy_from_host<Real>({1, -1, 3, 5, 8, 5, 1, -4, 9, 9}, x.view());
  ls::Inference<Space> context;
  const auto z = ls::SumPooling<Real, Space>()(context, {x.view(), placed.windows()});
  context.fence();
  CHECK(ls::copy_to_host(z.data) == std::vector<Real>{4, 4, 11, 10, 1, -4, 0, 0});
}

TEST_CASE_TEMPLATE("SumPooling: hand: steps count by their weights, and those of weight 0 not at all", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const PlacedWindows<Space> placed({{0, 1, 3, 4}, {2, 3, 4, 4}, 5});
  ls::Tensor<Real, 2, Space> x(5, 2);
  ls::copy_from_host<Real>({1, -1, 3, 5, 8, 5, 1, -4, 9, 9}, x.view());
  ls::Tensor<float, 1, Space> weights(5);
  ls::copy_from_host<float>({1, 3, 0, 0, 2}, weights.view());
  ls::Inference<Space> context;
  const auto z = ls::SumPooling<Real, Space>()(context, {x.view(), placed.windows()}, weights.view());
  context.fence();
  CHECK(ls::copy_to_host(z.data) == std::vector<Real>{10, 14, 9, 15, 0, 0, 0, 0});
}

TEST_CASE_TEMPLATE("SumPooling: hand: of logarithms only the differences within a window count", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // Neighbours, the same far from 0, ages beyond every number, one that does not count, and none that does.
  const PlacedWindows<Space> placed({{0, 2, 4, 6, 8}, {2, 4, 6, 8, 10}, 10});
  ls::Tensor<Real, 2, Space> x(10, 1);
  ls::copy_from_host<Real>({1, 4, 1, 4, 1, 4, 1, 4, 1, 4}, x.view());
  const double never = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::max();
  ls::Tensor<ls::LogWeight, 1, Space> weights(10);
  ls::copy_from_host<ls::LogWeight>(
      {{-1}, {0}, {1e15 - 1}, {1e15}, {-most}, {most}, {never}, {-1e300}, {never}, {never}}, weights.view());
  ls::Inference<Space> context;
  const auto z = ls::SumPooling<Real, Space>()(context, {x.view(), placed.windows()}, weights.view());
  context.fence();
  check::close(ls::copy_to_host(z.data), {4.5, 4.5, 4, 4, 0}, tolerance<Real>);
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
  using Space = Kokkos::Serial;
  const ls::SumPooling<float, Space> pool;
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(4, 2);
  ls::Tensor<ls::Index, 1, Space> two(2), three(3);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), ls::Windows<Space>(two.view(), three.view(), three.view(), 0, 0)}),
                       "SumPooling: the windows have 2 begins and 3 ends", ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), ls::Windows<Space>(two.view(), two.view(), two.view(), 0, 0)}),
                       "SumPooling: 2 windows need 3 pair offsets, 2 came", ls::ShapeError);
  const PlacedWindows<Space> unordered({{2, 0}, {4, 2}, 4});
  CHECK_THROWS_AS(pool(context, {x.view(), unordered.windows()}), ls::DataError);
  const PlacedWindows<Space> placed({{0, 2}, {2, 4}, 4});
  ls::Tensor<float, 1, Space> weights(3);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), placed.windows()}, weights.view()),
                       "SumPooling: 3 weights came for 4 steps", ls::ShapeError);
}
