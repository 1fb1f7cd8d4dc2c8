// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/log_loss_with_logits.hpp>
#include <tests/support/golden.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("log_loss_with_logits: equals scikit-learn's log_loss of the probabilities") {
  const Golden golden("metrics/classification");
  for (const auto& name : golden.cases())
    CHECK(ls::log_loss_with_logits(golden.integers(name + "/labels"), golden.numbers(name + "/logits")) ==
          doctest::Approx(golden.numbers(name + "/log_loss_of_logits")[0]).epsilon(1e-12));
}

TEST_CASE("log_loss_with_logits: P13, 10,000 logits up to 10,000 in size are finite and within 1e-5 of long double") {
  const ls::Random random(13);
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const double size = std::pow(10.0, random.uniform<double>(2 * i) * 8 - 4);
    const double logit = i % 2 ? size : -size;
    const int label = static_cast<int>(random.below(2 * i + 1, 2));
    const long double against = label == 1 ? -static_cast<long double>(logit) : static_cast<long double>(logit);
    const long double expected = against > 0 ? against + std::log1p(std::exp(-against)) : std::log1p(std::exp(against));
    const double found = ls::log_loss_with_logits(std::vector<int>{label}, std::vector<double>{logit});
    REQUIRE(std::isfinite(found));
    REQUIRE(std::abs(static_cast<long double>(found) - expected) <= 1e-5L * expected + 1e-300L);
  }
  CHECK(ls::log_loss_with_logits(std::vector<int>{1, 0}, std::vector<double>{1e308, -1e308}) == 0);
}

TEST_CASE("log_loss_with_logits: P14, refuses lengths that differ and other labels") {
  CHECK_THROWS_AS(ls::log_loss_with_logits(std::vector<int>{1}, std::vector<float>{1, 2}), ls::ShapeError);
  CHECK_THROWS_AS(ls::log_loss_with_logits(std::vector<int>{2}, std::vector<float>{1}), ls::DataError);
}
