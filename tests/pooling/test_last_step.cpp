// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/concepts.hpp>
#include <longshore/pooling/last_step.hpp>
#include <vector>

#include "../support/pooling_case.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using LastStepCase = PoolingCase<ls::LastStep, Real, Space>;

}  // namespace

TEST_CASE("LastStep: concept: models Pooling, over sequences and windows") {
  using Space = Kokkos::Serial;
  static_assert(ls::Pooling<ls::LastStep<float, Space>, float, Space>);
  static_assert(ls::Pooling<ls::LastStep<double, Space>, double, Space>);
  const PlacedWindows<Space> placed({{0, 2}, {2, 3}, 3});
  ls::Tensor<ls::Index, 1, Space> offsets(3);
  ls::copy_from_host<ls::Index>({0, 2, 3}, offsets.view());
  ls::Tensor<float, 2, Space> x(3, 1);
  ls::copy_from_host<float>({1, 2, 4}, x.view());
  ls::Inference<Space> context;
  const ls::LastStep<float, Space> pool;
  const auto of_sequences = pool(context, ls::Sequences<float, Space>{x.view(), {offsets.view(), 2}});
  const auto of_windows = pool(context, {x.view(), placed.windows()});
  CHECK(ls::copy_to_host(of_sequences.data) == ls::copy_to_host(of_windows.data));
}

TEST_CASE_TEMPLATE("LastStep: hand: four windows over five steps", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // Rows 0 and 1, rows 1 and 2, row 3, none; row 4 is in no window.
  const PlacedWindows<Space> placed({{0, 1, 3, 4}, {2, 3, 4, 4}, 5});
  ls::Tensor<Real, 2, Space> x(5, 2);
  ls::copy_from_host<Real>({1, -1, 3, 5, 8, 5, 1, -4, 9, 9}, x.view());
  ls::Inference<Space> context;
  const auto z = ls::LastStep<Real, Space>()(context, {x.view(), placed.windows()});
  context.fence();
  CHECK(ls::copy_to_host(z.data) == std::vector<Real>{3, 5, 8, 5, 1, -4, 0, 0});
}

TEST_CASE_TEMPLATE("LastStep: reference: equals a loop over windows and steps", Where, LONGSHORE_EVERYWHERE) {
  check::reference<LastStepCase, typename Where::Real, typename Where::Space>([](const auto& example) {
    const auto columns = static_cast<std::size_t>(example.x.extent(1));
    const auto x = naive::rows_of(ls::copy_to_host(example.x.view()), columns);
    return naive::over_windows(x, example.list, columns, [](const naive::Rows& steps) { return steps.back(); });
  });
}

TEST_CASE_TEMPLATE("LastStep: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<LastStepCase, typename Where::Real, typename Where::Space>("pooling/last_step");
}

TEST_CASE("LastStep: gradients: P1: equal central differences") { check::gradients<LastStepCase>(); }

TEST_CASE("LastStep: threads: the same bits everywhere") {
  check::same_bits<LastStepCase>();
  check::inference_equals_training<LastStepCase>();
}

TEST_CASE("LastStep: edges: memory full of not-a-number changes nothing") { check::dirty_memory<LastStepCase>(); }

TEST_CASE_TEMPLATE("LastStep: edges: no windows give no rows, empty windows zeros, rows outside of windows no gradient",
                   Where, LONGSHORE_EVERYWHERE) {
  check::outside_windows<LastStepCase, typename Where::Real, typename Where::Space>();
}

TEST_CASE("LastStep: refused: windows whose arrays do not fit each other") {
  using Space = Kokkos::Serial;
  const ls::LastStep<float, Space> pool;
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(4, 2);
  ls::Tensor<ls::Index, 1, Space> two(2), three(3);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), ls::Windows<Space>(two.view(), three.view(), three.view(), 0, 0)}),
                       "LastStep: the windows have 2 begins and 3 ends", ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), ls::Windows<Space>(two.view(), two.view(), two.view(), 0, 0)}),
                       "LastStep: 2 windows need 3 pair offsets, 2 came", ls::ShapeError);
  const PlacedWindows<Space> unordered({{2, 0}, {4, 2}, 4});
  CHECK_THROWS_AS(pool(context, {x.view(), unordered.windows()}), ls::DataError);
}
