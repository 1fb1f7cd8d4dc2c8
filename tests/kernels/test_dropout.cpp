// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/fill.hpp>
#include <longshore/kernels/dropout.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("dropout: each element is dropped by its word of its block, as the docstring says", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::Random random = ls::Random(7).stream("drops");
  for (const int size : {1, 63, 64, 65, 200, 5000}) {  // runs and chunks that are not full
    CAPTURE(size);
    const auto x = random_tensor<Real, 2, Space>(ls::Random(1), 1, size);
    ls::Tensor<Real, 2, Space> y(1, size);
    ls::dropout_forward<Real, Space>(Space(), random, 0.25, ls::Tensor<Real, 2, Space>(x).view(), y.view());
    const auto from = numbers_of(x.view());
    std::vector<double> expected;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::size_t group = i / 64, word = i % 64 / 16, block = 16 * group + i % 16;
      const bool dropped = static_cast<double>(random.block(block).words[word]) < 0.25 * 4294967296.0;
      expected.push_back(dropped ? 0 : from[i] / 0.75);
    }
    check::close<double>(numbers_of(y.view()), expected, tolerance<Real>);
    for (std::size_t i = 0; i < from.size(); ++i) REQUIRE((numbers_of(y.view())[i] == 0) == (expected[i] == 0));
  }
}

TEST_CASE_TEMPLATE("dropout: backward scales what forward kept, writes or adds, in place or not at all", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::Random random(8);
  ls::Tensor<Real, 2, Space> ones(30, 50), y(30, 50), dx(30, 50);
  ls::fill<Real>(Space(), ones.view(), Real(1));
  auto dy = random_tensor<Real, 2, Space>(ls::Random(2), 30, 50);
  ls::dropout_forward<Real, Space>(Space(), random, 0.5, ones.view(), y.view());
  auto expected = numbers_of(dy.view());
  const auto kept = numbers_of(y.view());
  for (std::size_t i = 0; i < kept.size(); ++i) expected[i] *= kept[i];
  ls::dropout_backward<Real, Space, 2>(Space(), random, 0.5, dy.view(), {dx.view(), ls::Update::write});
  CHECK(numbers_of(dx.view()) == expected);
  ls::fill<Real>(Space(), dx.view(), Real(3));
  ls::dropout_backward<Real, Space, 2>(Space(), random, 0.5, dy.view(), {dx.view(), ls::Update::add});
  auto sums = expected;
  for (double& sum : sums) sum += 3;
  check::close<double>(numbers_of(dx.view()), sums, tolerance<Real>);
  ls::dropout_backward<Real, Space, 2>(Space(), random, 0.5, dy.view(), {});
  ls::dropout_backward<Real, Space, 2>(Space(), random, 0.5, dy.view(), {dy.view(), ls::Update::write});
  CHECK(numbers_of(dy.view()) == expected);
}

TEST_CASE_TEMPLATE("dropout: rates near 0 and 1 keep nearly all and nearly none", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 1, Space> ones(10000), y(10000);
  ls::fill<Real>(Space(), ones.view(), Real(1));
  const auto kept = [&](double rate) {
    ls::dropout_forward<Real, Space>(Space(), ls::Random(9), rate, ones.view(), y.view());
    double count = 0;
    for (const double number : numbers_of(y.view())) {
      REQUIRE((number == 0 || number == doctest::Approx(1 / (1 - rate))));
      count += number > 0;
    }
    return count;
  };
  CHECK(kept(0) == 10000);
  CHECK(kept(1e-12) == 10000);
  CHECK(kept(1 - 1e-12) == 0);
  CHECK(std::abs(kept(0.1) - 9000) < 120);  // 4 deviations
}
