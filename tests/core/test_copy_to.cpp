// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/copy_to.hpp>
#include <longshore/layers/linear.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/pooling/max_pooling.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct Tower {
  std::vector<ls::Linear<Real, Space>> layers;
  ls::AnyOf<ls::MeanPooling<Real, Space>, ls::MaxPooling<Real, Space>> pool;
  void visit(auto&& visitor) {
    visitor("layers", layers);
    visitor("pool", pool);
  }
};

/// Models whose visit depends on the precision, as no model's may.
template <class Real, class Space>
struct Longer {
  ls::Linear<Real, Space> named{{.in = 1, .out = 1}}, second{{.in = 1, .out = 1}};
  void visit(auto&& visitor) {
    visitor("named", named);
    if (std::is_same_v<Real, float>) visitor("second", second);
  }
};
template <class Real, class Space>
struct WithList {
  std::vector<ls::Linear<Real, Space>> layers;
  void visit(auto&& visitor) {
    if (std::is_same_v<Real, float>) visitor("layers", layers);
  }
};
template <class Real, class Space>
struct Swapped {
  ls::Parameter<Real, 1, Space> numbers;
  double setting = 0;
  void visit(auto&& visitor) {
    if (std::is_same_v<Real, float>) visitor("numbers", numbers);
    visitor("setting", setting);
    if (!std::is_same_v<Real, float>) visitor("numbers", numbers);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("a model moves to another space and precision, with lists, settings, flags and choices", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  Tower<double, Kokkos::Serial> model;
  model.layers.emplace_back(ls::LinearSettings{.in = 3, .out = 2}, ls::Random(1));
  model.layers.emplace_back(ls::LinearSettings{.in = 2, .out = 1, .bias = false}, ls::Random(2));
  model.layers[1].weights.frozen = true;
  model.layers[0].weights.gradient_kind = ls::GradientKind::row_sparse;
  model.pool = ls::MaxPooling<double, Kokkos::Serial>{};
  const auto copy = ls::copy_to<Space, Real>(model);
  static_assert(std::is_same_v<std::remove_cv_t<decltype(copy)>, Tower<Real, Space>>);
  REQUIRE(copy.layers.size() == 2);
  CHECK(copy.layers[0].settings.in == 3);
  CHECK(copy.layers[1].weights.frozen);
  CHECK(copy.layers[0].weights.gradient_kind == ls::GradientKind::row_sparse);
  CHECK(copy.layers[1].weights.gradient_kind == ls::GradientKind::dense);
  CHECK(copy.layers[1].bias.empty());
  CHECK(copy.pool.block.index() == 1);
  const auto from = ls::copy_to_host(model.layers[0].weights.view());
  const auto to = ls::copy_to_host(copy.layers[0].weights.view());
  for (std::size_t i = 0; i < from.size(); ++i) CHECK(to[i] == static_cast<Real>(from[i]));
}

TEST_CASE("P14: a copy that does not name the same parts is refused") {
  using Space = Kokkos::Serial;
  CHECK_THROWS_WITH_AS((ls::copy_to<Space, float>(Longer<double, Space>{})),
                       "copy_to: the copy has a part that the model has not: second.settings", ls::Error);
  CHECK_THROWS_WITH_AS((ls::copy_to<Space, double>(Longer<float, Space>{})),
                       "copy_to: the model has a part that the copy has not", ls::Error);
  CHECK_THROWS_WITH_AS((ls::copy_to<Space, float>(WithList<double, Space>{})),
                       "copy_to: the copy has a list that the model has not", ls::Error);
  CHECK_THROWS_WITH_AS((ls::copy_to<Space, float>(Swapped<double, Space>{})),
                       "copy_to: numbers is another part in the copy", ls::Error);
  CHECK_THROWS_WITH_AS((ls::copy_to<Space, double>(Swapped<float, Space>{})),
                       "copy_to: setting is another part in the copy", ls::Error);
}

TEST_CASE("P14: a copy in a narrower precision refuses numbers that would become infinite, and keeps infinite ones") {
  using Space = Kokkos::Serial;
  Tower<double, Space> model;
  model.layers.emplace_back(ls::LinearSettings{.in = 2, .out = 1, .bias = false}, ls::Random(1));
  ls::copy_from_host<double>({-1e300, 1}, model.layers[0].weights.mutable_view());
  CHECK_THROWS_WITH_AS((ls::copy_to<Space, float>(model)),
                       "copy_to: layers.0.weights holds -1e+300, which is infinite in the copy's precision",
                       ls::DataError);
  const double infinite = std::numeric_limits<double>::infinity();
  ls::copy_from_host<double>({-infinite, 3e38}, model.layers[0].weights.mutable_view());
  const auto narrow = ls::copy_to<Space, float>(model);
  CHECK(ls::copy_to_host(narrow.layers[0].weights.view()) ==
        std::vector<float>{-std::numeric_limits<float>::infinity(), 3e38f});
}
