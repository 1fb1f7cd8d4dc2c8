// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/kernels/normalise_rows.hpp>

#include "../support/check_block.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("normalise_rows: rows get one length, rows without direction become zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto x = tensor_of<Real, 2, Space>({3, 4, 0, 0, Real(0.01), 0}, 3, 2);
  ls::Tensor<Real, 1, Space> inverse(3);
  ls::Tensor<Real, 2, Space> y(3, 2);
  ls::inverse_norms<Real, Space>(Space(), x.view(), Real(0.1), inverse.view());
  check::close(numbers_of(inverse), {0.2, 0, 0}, tolerance<Real>);
  ls::normalise_rows_forward<Real, Space>(Space(), x.view(), std::as_const(inverse).view(), Real(10), y.view());
  check::close(numbers_of(y), {6, 8, 0, 0, 0, 0}, tolerance<Real>);

  const auto dy = tensor_of<Real, 2, Space>({5, 0, 1, 1, 1, 1}, 3, 2);
  auto dx = tensor_of<Real, 2, Space>({1, 1, 1, 1, 1, 1}, 3, 2);
  const auto backward = [&](ls::Target<Real, 2, Space> target) {
    ls::normalise_rows_backward<Real, Space>(Space(), dy.view(), x.view(), std::as_const(inverse).view(), Real(10),
                                             target);
  };
  backward({});
  backward({dx.view(), ls::Update::add});
  check::close(numbers_of(dx), {7.4, -3.8, 1, 1, 1, 1}, tolerance<Real>);
  backward({dx.view(), ls::Update::write});
  check::close(numbers_of(dx), {6.4, -4.8, 0, 0, 0, 0}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("normalise_rows: not-a-number stays visible", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto x = tensor_of<Real, 2, Space>({std::numeric_limits<Real>::quiet_NaN(), 1}, 1, 2);
  ls::Tensor<Real, 1, Space> inverse(1);
  ls::inverse_norms<Real, Space>(Space(), x.view(), Real(0), inverse.view());
  CHECK(std::isnan(numbers_of(inverse)[0]));
}
