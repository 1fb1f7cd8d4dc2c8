// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/tensor.hpp>
#include <longshore/interop/xtensor_view.hpp>

#include "../support/spaces.hpp"

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;

TEST_CASE("xtensor arrays and views share memory") {
  xt::xtensor<float, 2> array = {{1, 2, 3}, {4, 5, 6}};
  const auto view = ls::view_of_xtensor<Host>(array);
  CHECK(view.data() == array.data());
  CHECK(view(1, 2) == 6);
  const auto& constant = array;
  static_assert(std::is_same_v<decltype(ls::view_of_xtensor<Host>(constant)), ls::View<const float, 2, Host>>);
  auto adapted = ls::adapt(view);
  adapted(0, 0) = 9;
  CHECK(array(0, 0) == 9);
  CHECK(adapted.shape()[1] == 3);
}

TEST_CASE_TEMPLATE("arrays of any space are copied into xtensor", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  ls::Tensor<Real, 3, typename Where::Space> tensor(1, 2, 2);
  ls::copy_from_host<Real>({1, 2, 3, 4}, tensor.view());
  const auto array = ls::to_xtensor(std::as_const(tensor).view());
  CHECK(array.dimension() == 3);
  CHECK(array(0, 1, 0) == 3);
}
