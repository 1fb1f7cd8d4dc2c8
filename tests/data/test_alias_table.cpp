// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <longshore/data/alias_table.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("alias_table: places are drawn in proportion to their weights, those of weight 0 never") {
  const std::vector<std::vector<double>> tables{{1}, {0.5, 0.25, 0, 0.25}, {0, 0, 1}, {0.1, 0.2, 0.3, 0.4}};
  for (const std::vector<double>& shares : tables) {
    const ls::AliasTable table(shares);
    std::vector<double> counts(shares.size());
    constexpr std::uint64_t draws = 40000;
    for (std::uint64_t i = 0; i < draws; ++i) counts[static_cast<std::size_t>(table(ls::Random(3), i))] += 1.0 / draws;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      CHECK(std::abs(counts[k] - shares[k]) < 0.01);
      CHECK((counts[k] == 0) == (shares[k] == 0));
    }
  }
}

TEST_CASE("alias_table: reference: what places keep and what they get from others is their share") {
  const std::vector<double> shares{0.05, 0.3, 0, 0.25, 0.4};
  const ls::AliasTable table(shares);
  std::vector<double> sums(5);
  for (std::size_t k = 0; k < 5; ++k) {
    sums[k] += table.keep()[k] / 5;
    sums[static_cast<std::size_t>(table.alias()[k])] += (1 - table.keep()[k]) / 5;
  }
  for (std::size_t k = 0; k < 5; ++k) CHECK(sums[k] == doctest::Approx(shares[k]).epsilon(1e-12));
}

TEST_CASE("alias_table: whatever rounding leaves over, no place of weight 0 is drawn") {
  for (std::size_t size = 2; size < 60; ++size) {
    std::vector<double> shares(size, 0.0);
    double sum = 0;
    for (std::size_t k = 1; k < size; k += 2) sum += shares[k] = std::pow(1.0 + static_cast<double>(k % 7), 0.75);
    for (double& share : shares) share /= sum;
    const ls::AliasTable table(shares);
    for (std::uint64_t i = 0; i < 2000; ++i) REQUIRE(shares[static_cast<std::size_t>(table(ls::Random(4), i))] > 0);
  }
}
