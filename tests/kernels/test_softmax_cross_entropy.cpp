// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <longshore/kernels/softmax_cross_entropy.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/softmax_arrays.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE(
    "softmax_cross_entropy_forward: on views, equals the definition, and leaves greatest logits and sums", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index items : {1, 33, 129, 700})
    for (const ls::Index rows : {1, 5, 60}) {
      CAPTURE(items);
      CAPTURE(rows);
      SoftmaxArrays<Real, Space> given(rows, items, 5);
      const SoftmaxNumbers numbers(given);
      check::close<double>({given.forward()}, numbers.loss(), tolerance<Real>, 1);
      std::vector<double> expected;
      for (std::size_t b = 0; b < numbers.rows; ++b) {
        const auto x = numbers.logits(b);
        const double greatest = *std::max_element(x.begin(), x.end());
        double sum = 0;
        for (const double logit : x) sum += std::exp(logit - greatest);
        expected.insert(expected.end(), {greatest, std::log(sum)});
      }
      check::close<double>(numbers_of(given.log_sum.view()), expected, tolerance<Real>, 1);
    }
}

TEST_CASE_TEMPLATE("ExponentialSum: adds runs, registers and other sums, in any order of sizes, without overflow", Real,
                   float, double) {
  for (const Real size : {Real(1), Real(1e4)}) {
    std::vector<Real> x(8 * ls::Simd<Real>::width + 3);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = size * (2 * ls::Random(5).uniform<Real>(i) - 1);
    const Real greatest = *std::max_element(x.begin(), x.end());
    double exact = 0;
    for (const Real number : x) exact += std::exp(static_cast<double>(number) - static_cast<double>(greatest));
    const auto check_sum = [&](const ls::ExponentialSum<Real>& sum) {
      CHECK(sum.most == greatest);
      CHECK(static_cast<double>(sum.sum) == doctest::Approx(exact).epsilon(10 * tolerance<Real>));
    };
    ls::ExponentialSum<Real> at_once, by_registers, one_by_one, first, second;
    at_once.add(x.data(), static_cast<ls::Index>(x.size()));
    check_sum(at_once);
    by_registers.template add_registers<8>(x.data());
    by_registers.add(x.data() + x.size() - 3, 3);
    check_sum(by_registers);
    std::sort(x.begin(), x.end());  // the worst order: every number is a new greatest
    for (const Real number : x) one_by_one.add(&number, 1);
    check_sum(one_by_one);
    first.add(x.data(), 5);
    second.add(x.data() + 5, static_cast<ls::Index>(x.size() - 5));
    first.add(second);
    check_sum(first);
    first.add(ls::ExponentialSum<Real>{});  // nothing
    check_sum(first);
    first.add(nullptr, 0);
    check_sum(first);
  }
}

TEST_CASE("ExponentialSum: not-a-number stays, wherever it comes") {
  const float bad = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t place : {0u, 5u, 8u * static_cast<unsigned>(ls::Simd<float>::width) - 1}) {
    std::vector<float> x(8 * static_cast<std::size_t>(ls::Simd<float>::width), 1.0f);
    x[place] = bad;
    ls::ExponentialSum<float> sum, by_registers;
    sum.add(x.data(), static_cast<ls::Index>(x.size()));
    CHECK(std::isnan(sum.sum));
    by_registers.add_registers<8>(x.data());
    CHECK(std::isnan(by_registers.sum));
  }
}
