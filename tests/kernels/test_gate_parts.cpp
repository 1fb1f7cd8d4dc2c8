// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/kernels/gate_parts.hpp>

#include "../support/check_block.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("gate_parts: blends feature by feature; gradients are written, added or left out", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto third = static_cast<Real>(std::log(3.0));  // sigmoid 0.75
  PartArrays<Real, Space> arrays(1, 2);
  arrays.add(1, 1, 2, {4, 8}).add(1, 2, 2, {0, 4, 8, -8});
  const auto logits = tensor_of<Real, 3, Space>({third, 0, 0, -third}, 1, 2, 2);
  ls::Tensor<Real, 3, Space> gates(1, 2, 2), y(1, 2, 2), shares(1, 2, 2);
  ls::gate_parts_forward<Real, Space>(Space(), arrays.parts(), logits.view(), gates.view(), y.view());
  ls::gate_parts_shares<Real, Space>(Space(), arrays.parts(), logits.view(), shares.view());
  check::close(numbers_of(gates), {0.75, 0.5, 0.5, 0.25}, tolerance<Real>);
  check::close(numbers_of(y), {3, 6, 6, -4}, tolerance<Real>);
  check::close(numbers_of(shares), {0.625, 0.375, 0.375, 0.625}, tolerance<Real>);

  const auto dy = tensor_of<Real, 3, Space>({1, 10, 100, 1000}, 1, 2, 2);
  auto dlogits = tensor_of<Real, 3, Space>({7, 7, 7, 7}, 1, 2, 2);
  const auto backward = [&](unsigned wanted, unsigned adding, ls::Target<Real, 3, Space> target) {
    ls::gate_parts_backward<Real, Space>(Space(), dy.view(), arrays.parts(), std::as_const(gates).view(),
                                         arrays.targets(wanted, adding, 7), target);
  };
  backward(0b11, 0b10, {dlogits.view(), ls::Update::add});
  check::close(arrays.gradient(0), {50.75, 255}, tolerance<Real>);
  check::close(arrays.gradient(1), {7.25, 12, 57, 757}, tolerance<Real>);
  check::close(numbers_of(dlogits), {7.75, 17, -93, 3007}, tolerance<Real>);
  backward(0b01, 0b01, {dlogits.view(), ls::Update::write});
  check::close(arrays.gradient(0), {57.75, 262}, tolerance<Real>);
  CHECK(arrays.gradient(1) == std::vector<Real>{7, 7, 7, 7});
  check::close(numbers_of(dlogits), {0.75, 10, -100, 3000}, tolerance<Real>);
  backward(0, 0, {});
}
