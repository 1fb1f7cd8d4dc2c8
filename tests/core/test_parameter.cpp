// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/parameter.hpp>

#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/copy.hpp>

#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("a parameter starts with zeros and owns its elements: a copy is another array", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Weights = ls::Parameter<Real, 2, typename Where::Space>;
  Weights weights(2, 3);
  CHECK(ls::copy_to_host(weights.view()) == std::vector<Real>(6, 0));
  CHECK(weights.size() == 6);
  CHECK(weights.extent(0) == 2);
  CHECK(weights.extent(1) == 3);
  CHECK_FALSE(weights.empty());
  CHECK(weights.view().data() == weights.mutable_view().data());
  CHECK(weights.tensor().data() == weights.view().data());
  ls::copy_from_host({1, 2, 3, 4, 5, 6}, weights.mutable_view());
  const Weights copied = weights;
  ls::copy_from_host(std::vector<Real>(6, 9), weights.mutable_view());
  CHECK(ls::copy_to_host(copied.view()) == std::vector<Real>{1, 2, 3, 4, 5, 6});
  CHECK(copied.view().data() != weights.view().data());
}

TEST_CASE("assigning one of equal extents keeps the memory, so that contexts stay bound; its flags come along") {
  using Weights = ls::Parameter<float, 1, Kokkos::Serial>;
  Weights model(3), best(3), larger(4);
  ls::copy_from_host({7, 8, 9}, best.mutable_view());
  best.frozen = true;
  best.gradient_kind = ls::GradientKind::row_sparse;
  const float* const place = model.view().data();
  model = best;
  CHECK(model.view().data() == place);
  CHECK(ls::copy_to_host(model.view()) == std::vector<float>{7, 8, 9});
  CHECK(model.frozen);
  CHECK(model.gradient_kind == ls::GradientKind::row_sparse);
  model = larger;
  CHECK(model.extent(0) == 4);
  CHECK_FALSE(model.frozen);
}

TEST_CASE("a parameter without elements is empty, is trained and dense unless it is told otherwise") {
  using Weights = ls::Parameter<double, 2, Kokkos::Serial>;
  CHECK(Weights().empty());
  CHECK(Weights(0, 5).empty());
  CHECK(Weights(0, 5).extent(1) == 5);
  CHECK_FALSE(Weights(1, 1).frozen);
  CHECK(Weights(1, 1).gradient_kind == ls::GradientKind::dense);
  const volatile int below = -1;  // g++ would warn of the allocation that never happens
  CHECK_THROWS_AS(Weights(int{below}, 5), ls::ShapeError);
}

TEST_CASE("a const parameter shows its elements as constants, and parameters are told from other parts") {
  using Weights = ls::Parameter<float, 2, Kokkos::Serial>;
  static_assert(std::is_same_v<decltype(std::declval<Weights&>().view()), ls::View<const float, 2, Kokkos::Serial>>);
  static_assert(std::is_same_v<decltype(std::declval<Weights&>().mutable_view()), ls::View<float, 2, Kokkos::Serial>>);
  static_assert(ls::is_parameter<Weights>);
  static_assert(!ls::is_parameter<ls::Tensor<float, 2, Kokkos::Serial>>);
  static_assert(!std::is_constructible_v<Weights, int>);
  static_assert(!std::is_constructible_v<Weights, int, float>);
  static_assert(Weights::rank == 2 && std::is_same_v<Weights::value_type, float>);
}
