// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/pooling/last_step.hpp>
#include <vector>

#include "../support/check_pooling.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using LastStepCase = PoolingCase<ls::LastStep, Real, Space>;

}  // namespace

TEST_CASE("LastStep: concept: models Pooling, over sequences and windows") { check::models_pooling<ls::LastStep>(); }

TEST_CASE_TEMPLATE("LastStep: hand: four windows over five steps", Where, LONGSHORE_EVERYWHERE) {
  check::four_windows<ls::LastStep, typename Where::Real, typename Where::Space>({3, 5, 8, 5, 1, -4, 0, 0});
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
  check::refuses_windows<ls::LastStep>("LastStep");
}
