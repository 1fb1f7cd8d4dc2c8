// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <longshore/core/fill.hpp>
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

TEST_CASE_TEMPLATE(
    "softmax_cross_entropy_forward: P13: 10,000 rows of logits up to 1e4, equal ones and one, equal long double", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr ls::Index rows = 1000;
  std::uint64_t next = 0;
  const ls::Random random(10);
  for (const ls::Index items : {1, 2, 3, 5, 8, 13, 33, 40, 64, 130}) {
    CAPTURE(items);
    SoftmaxArrays<Real, Space> given(rows, items, 1);
    std::vector<Real> sizes, table;
    for (ls::Index b = 0; b < rows; ++b)  // powers of two and zero: the logits are exact, and some are equal
      sizes.push_back(b % 20 == 0 ? Real(0) : static_cast<Real>(std::ldexp(b % 2 == 0 ? 1 : -1, -(b % 16))));
    for (ls::Index i = 0; i < items; ++i)
      table.push_back(static_cast<Real>(i % 7 == 3 ? 5000.0 : 1e4 * (2 * random.uniform<double>(next++) - 1)));
    ls::copy_from_host(sizes, given.interests.view());
    ls::copy_from_host(table, given.table.view());
    ls::fill<Real>(Space(), given.bias.view(), Real(0));
    const SoftmaxNumbers numbers(given);
    const double loss = given.forward();
    const auto actual = numbers_of(given.log_sum.view());
    long double total = 0;
    double worst = 0;
    for (std::size_t b = 0; b < numbers.rows; ++b) {
      const auto x = numbers.logits(b);
      const double most = *std::max_element(x.begin(), x.end());
      long double sum = 0;
      for (const double logit : x) sum += std::exp(static_cast<long double>(logit) - most);
      const double hit = x[static_cast<std::size_t>(numbers.targets[b])];
      total += numbers.scale * numbers.weights[b] * (most + std::log(sum) - hit);
      REQUIRE(actual[2 * b] == most);
      REQUIRE(std::isfinite(actual[2 * b + 1]));
      worst = std::max(worst, std::abs(actual[2 * b + 1] - static_cast<double>(std::log(sum))));
    }
    CHECK(worst <= 1e-5);
    CHECK(std::abs(loss - static_cast<double>(total)) <= 1e-5 * std::max(1.0, static_cast<double>(total)));
  }
}

TEST_CASE_TEMPLATE("softmax_cross_entropy_forward: a small loss keeps its digits, wherever the target lies", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index items : {1, 2, 40, 129, 700})
    for (const ls::Id target : {ls::Id{0}, static_cast<ls::Id>(items / 2), static_cast<ls::Id>(items - 1)})
      for (const int gap : {0, 1, 8, 20, 60}) {
        CAPTURE(items);
        CAPTURE(target);
        CAPTURE(gap);
        SoftmaxArrays<Real, Space> given(2, items, 1);
        std::vector<Real> table(static_cast<std::size_t>(items));
        table[static_cast<std::size_t>(target)] = 1;
        ls::copy_from_host(table, given.table.view());
        ls::copy_from_host(std::vector<Real>(2, static_cast<Real>(gap)), given.interests.view());
        ls::copy_from_host(std::vector<ls::Id>(2, target), given.targets.view());
        ls::copy_from_host(std::vector<float>(2, 1), given.weights.view());
        ls::fill<Real>(Space(), given.bias.view(), Real(0));
        const double expected = std::log1p((items - 1) * std::exp(-gap));  // of each of two rows, which weigh 1/2
        CHECK(std::abs(given.forward() - expected) <= tolerance<Real> * expected);
      }
}
