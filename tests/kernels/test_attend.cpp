// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/kernels/attend.hpp>
#include <vector>

#include "../support/attend_arrays.hpp"
#include "../support/check_block.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("attend: equals the definition, shorter and longer than tiles of queries, keys and features", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool causal : {false, true})
    for (const ls::Index length : {1, 2, 16, 17, 64, 65, 130})
      for (const ls::Index features : {1, 5, 128, 131}) {
        CAPTURE(causal);
        CAPTURE(length);
        CAPTURE(features);
        AttendArrays<Real, Space> given(length, features, causal);
        const auto actual = given.forward();
        const AttendNumbers numbers(given);
        check::close<double>(actual, numbers.output(), 2 * tolerance<Real>);
        std::vector<double> expected;
        for (std::size_t q = 0; q < numbers.length; ++q) {
          double greatest = 0, sum = 0;
          numbers.weights(q, greatest, sum);
          expected.insert(expected.end(), {greatest, 1 / sum});
        }
        check::close<double>(numbers_of(given.statistics.view()), expected, 10 * tolerance<Real>);
      }
}

TEST_CASE_TEMPLATE("attend: a head in the middle of wider rows touches nothing else", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  AttendArrays<Real, Space> given(20, 3, true);
  const auto expected = given.forward();
  const auto wide = [](const ls::Tensor<Real, 2, Space>& tensor) {
    std::vector<Real> numbers(20 * 7, Real(9));
    const auto elements = ls::copy_to_host(tensor.view());
    for (std::size_t i = 0; i < 20; ++i)
      for (std::size_t d = 0; d < 3; ++d) numbers[i * 7 + 2 + d] = elements[i * 3 + d];
    return filled_tensor<Real, 2, Space>(numbers, 20, 7);
  };
  auto query = wide(given.query), key = wide(given.key), value = wide(given.value), attended = wide(given.value);
  auto memory = given.tiles();
  const auto in = [&](const auto& tensor) { return given.in(tensor).from(0, 2); };
  ls::for_each_team<Space>(
      Space(), 1,
      AttendOnce<Real>{given.shape, 20, 0, 0, in(query), in(key), in(value), given.out(attended).from(0, 2),
                       given.out(given.statistics), memory.data()});
  const auto actual = numbers_of(attended.view());
  for (std::size_t i = 0; i < 20; ++i)
    for (std::size_t d = 0; d < 7; ++d) REQUIRE(actual[i * 7 + d] == (d >= 2 && d < 5 ? expected[i * 3 + d - 2] : 9));
}

TEST_CASE_TEMPLATE("attend: drops weights by row, head and key alone, and scales up the others", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // Values are the unit vectors, so that the result shows the weights.
  const auto weights = [](ls::Index length, ls::Index row, ls::Index head) {
    AttendArrays<Real, Space> given(length, 70, false);
    given.shape.heads = 2;
    given.shape.random = ls::Random(8);
    given.shape.first_kept = 1u << 30;
    given.shape.kept_scale = static_cast<Real>(4.0 / 3);
    std::vector<Real> units(static_cast<std::size_t>(length) * 70, Real(0));
    for (std::size_t k = 0; k < static_cast<std::size_t>(length); ++k) units[k * 71] = Real(1);
    ls::copy_from_host(units, given.value.view());
    const auto actual = given.forward(row, head);
    const AttendNumbers numbers(given);
    const auto whole = numbers.output();
    std::vector<bool> dropped;
    for (std::size_t q = 0; q < numbers.length; ++q)
      for (std::size_t k = 0; k < numbers.length; ++k) {
        const std::size_t i = q * 70 + k;
        dropped.push_back(actual[i] == 0);
        if (!dropped.back()) REQUIRE(actual[i] == doctest::Approx(whole[i] * 4 / 3).epsilon(1e-4));
      }
    return dropped;
  };
  const auto count = [](const std::vector<bool>& dropped) {
    return static_cast<double>(std::count(dropped.begin(), dropped.end(), true));
  };
  const auto all = weights(70, 100, 1), few = weights(20, 110, 1), other = weights(70, 100, 0);
  CHECK(std::abs(count(all) - 4900 * 0.25) < 4 * std::sqrt(4900 * 0.1875));
  CHECK(all == weights(70, 100, 1));
  CHECK(all != other);
  for (std::size_t q = 0; q < 20; ++q)  // rows 110 to 129 are queries 10 to 29 of the longer sequence
    for (std::size_t k = 0; k < 20; ++k) REQUIRE(few[q * 20 + k] == all[(q + 10) * 70 + k]);
}
