// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/copy.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/kernels/weighted_sum.hpp>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("weighted_sum: adds arrays in their order, and gives each its share of the gradient, or adds it",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> x(2, 2), y(2, 2), sum(2, 2), gradient(2, 2);
  ls::copy_from_host<Real>({1, 2, 3, 4}, x.view());
  ls::copy_from_host<Real>({10, 0, -10, 5}, y.view());
  ls::WeightedArrays<Real> terms;
  terms.arrays[0] = x.data();
  terms.weights[0] = 2;
  terms.arrays[1] = y.data();
  terms.weights[1] = Real(-0.5);
  terms.count = 2;
  ls::weighted_sum_forward<Real, 2, Space>(Space(), terms, sum.view());
  Space().fence();
  CHECK(ls::copy_to_host(sum.view()) == std::vector<Real>{-3, 4, 11, Real(5.5)});
  ls::copy_from_host<Real>({100, 100, 100, 100}, gradient.view());
  const ls::View<const Real, 2, Space> dsum = x.view();
  ls::weighted_sum_backward<Real, 2, Space>(Space(), dsum, Real(3), {gradient.view(), ls::Update::add});
  Space().fence();
  CHECK(ls::copy_to_host(gradient.view()) == std::vector<Real>{103, 106, 109, 112});
  ls::weighted_sum_backward<Real, 2, Space>(Space(), dsum, Real(3), {gradient.view(), ls::Update::write});
  Space().fence();
  CHECK(ls::copy_to_host(gradient.view()) == std::vector<Real>{3, 6, 9, 12});
  ls::weighted_sum_backward<Real, 2, Space>(Space(), dsum, Real(3), {});  // nobody wants it
}
