// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/pooling/max_pooling.hpp>
#include <vector>

#include "../support/check_pooling.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using MaxPoolingCase = PoolingCase<ls::MaxPooling, Real, Space>;

}  // namespace

TEST_CASE("MaxPooling: concept: models Pooling, over sequences and windows") {
  check::models_pooling<ls::MaxPooling>();
}

TEST_CASE_TEMPLATE("MaxPooling: hand: four windows over five steps", Where, LONGSHORE_EVERYWHERE) {
  check::four_windows<ls::MaxPooling, typename Where::Real, typename Where::Space>({3, 5, 8, 5, 1, -4, 0, 0});
}

TEST_CASE_TEMPLATE("MaxPooling: reference: equals a loop over windows and steps", Where, LONGSHORE_EVERYWHERE) {
  check::reference<MaxPoolingCase, typename Where::Real, typename Where::Space>([](const auto& example) {
    const auto columns = static_cast<std::size_t>(example.x.extent(1));
    const auto x = naive::rows_of(ls::copy_to_host(example.x.view()), columns);
    return naive::over_windows(x, example.list, columns, [](const naive::Rows& steps) {
      naive::Row z = steps[0];
      for (const auto& row : steps)
        for (std::size_t d = 0; d < z.size(); ++d) z[d] = std::max(z[d], row[d]);
      return z;
    });
  });
}

TEST_CASE_TEMPLATE("MaxPooling: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<MaxPoolingCase, typename Where::Real, typename Where::Space>("pooling/max_pooling");
}

TEST_CASE("MaxPooling: gradients: P1: equal central differences") { check::gradients<MaxPoolingCase>(); }

TEST_CASE("MaxPooling: threads: the same bits everywhere") {
  check::same_bits<MaxPoolingCase>();
  check::inference_equals_training<MaxPoolingCase>();
}

TEST_CASE("MaxPooling: edges: memory full of not-a-number changes nothing") { check::dirty_memory<MaxPoolingCase>(); }

TEST_CASE_TEMPLATE(
    "MaxPooling: edges: no windows give no rows, empty windows zeros, rows outside of windows no gradient", Where,
    LONGSHORE_EVERYWHERE) {
  check::outside_windows<MaxPoolingCase, typename Where::Real, typename Where::Space>();
}

TEST_CASE("MaxPooling: refused: windows whose arrays do not fit each other") {
  check::refuses_windows<ls::MaxPooling>("MaxPooling");
}

TEST_CASE_TEMPLATE("MaxPooling: edges: of equal numbers the first gets the gradient, not-a-number counts as greatest",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  MaxPoolingCase<Real, Space> example(ls::Random(1), 4);
  example.list = {{0, 1}, {3, 4}, 4};
  example.placed = PlacedWindows<Space>(example.list);
  example.x = ls::Parameter<Real, 2, Space>(4, 1);
  ls::copy_from_host<Real>({2, 7, 7, 7}, example.x.mutable_view());
  {
    ls::Training<Space> context(example);
    const std::vector<Real> cotangent{10, 100};
    const auto outcome = check::run<Real>(context, example, &cotangent);
    CHECK(outcome.output == std::vector<Real>{7, 7});
    CHECK(outcome.gradients.at("x") == std::vector<Real>{0, 110, 0, 0});
  }
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  ls::copy_from_host<Real>({nan, 7, 8, -9}, example.x.mutable_view());
  ls::Inference<Space> context;
  const auto late = ls::copy_to_host(example(context).data);
  CHECK(std::isnan(late[0]));
  CHECK(late[1] == 8);
}
