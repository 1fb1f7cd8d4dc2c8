// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/layers/pair_side.hpp>

#include "../support/check_block.hpp"

namespace ls = longshore;

namespace {

/// A side of four rows with features, vectors that two rows each share, and a mean.
template <class Real, class Space>
struct SideCase {
  ls::Parameter<Real, 2, Space> x, p, b, factors;
  ls::Parameter<Real, 1, Space> weights, mean;
  ls::Index own;

  SideCase(const ls::Random& random, int shape)
      : x(random_input<Real, 2, Space>(random.stream("x"), 4, 1 + shape)),
        p(random_input<Real, 2, Space>(random.stream("p"), 2, 3)),
        b(random_input<Real, 2, Space>(random.stream("b"), 2, 1)),
        factors(random_input<Real, 2, Space>(random.stream("factors"), 3, 1 + shape)),
        weights(random_input<Real, 1, Space>(random.stream("weights"), 1 + shape)),
        mean(random_input<Real, 1, Space>(random.stream("mean"), 1)),
        own(shape % 2) {}
  auto operator()(auto& context) const {
    return ls::pair_side<Real, Space>(
        context, 3, {ls::use(context, x), ls::use(context, p), ls::use(context, b), &weights, &factors, &mean, 4, own});
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("p", p);
    visitor("b", b);
    visitor("factors", factors);
    visitor("weights", weights);
    visitor("mean", mean);
  }
};

}  // namespace

TEST_CASE("pair_side: its gradients equal central differences, those of the mean and of shared vectors too") {
  check::gradients<SideCase>(6);
}

TEST_CASE("pair_side: refuses x of other features or rows") {
  using Space = Kokkos::Serial;
  const ls::Parameter<double, 1, Space> weights(3);
  const ls::Parameter<double, 2, Space> factors(2, 3);
  ls::Tensor<double, 2, Space> narrow(4, 2), fewer(3, 3);
  ls::Inference<Space> context;
  const auto called = [&](ls::Tensor<double, 2, Space>& x) {
    ls::pair_side<double, Space>(context, 2, {x.view(), {}, {}, &weights, &factors, nullptr, 4, 0});
  };
  CHECK_THROWS_WITH_AS(called(narrow), "pair_side: x has 4 rows of 2 features, 4 of 3 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS(called(fewer), "pair_side: x has 3 rows of 3 features, 4 of 3 are expected", ls::ShapeError);
}
