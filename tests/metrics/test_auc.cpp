// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/auc.hpp>
#include <tests/support/golden.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("auc: pairs counted by hand, half for equal scores") {
  CHECK(ls::auc(std::array{0, 0, 1, 1}, std::array{0.1F, 0.4F, 0.35F, 0.8F}) == 0.75);
  CHECK(ls::auc(std::array{0, 1, 1}, std::array{1.0, 1.0, 2.0}) == 0.75);
  CHECK(ls::auc(xt::xtensor<float, 1>{0, 1}, xt::xtensor<float, 1>{3, 3}) == 0.5);
  CHECK(ls::auc(std::array{true, false}, std::array{0.0F, -0.0F}) == 0.5);
  CHECK(ls::auc(std::array{1, 0}, std::array{-1e300, 1e300}) == 0);
}

TEST_CASE("auc: random scores full of ties agree with every pair looked at") {
  const ls::Random random(6);
  for (std::uint64_t round = 0; round < 50; ++round) {
    const auto draws = random.at(round);
    std::vector<int> labels{0, 1};
    std::vector<float> scores;
    for (std::uint64_t i = 0; i < 60; ++i) {
      if (i >= 2) labels.push_back(static_cast<int>(draws.below(2 * i, 2)));
      scores.push_back(static_cast<float>(draws.below(2 * i + 1, 8)));
    }
    double won = 0, pairs = 0;
    for (std::size_t p = 0; p < 60; ++p)
      for (std::size_t n = 0; n < 60; ++n)
        if (labels[p] == 1 && labels[n] == 0) {
          won += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
          ++pairs;
        }
    REQUIRE(ls::auc(labels, scores) == won / pairs);
  }
}

TEST_CASE("auc: equals scikit-learn's roc_auc_score") {
  const Golden golden("metrics/classification");
  for (const auto& name : golden.cases())
    CHECK(ls::auc(golden.integers(name + "/labels"), golden.numbers(name + "/logits")) ==
          doctest::Approx(golden.numbers(name + "/auc")[0]).epsilon(1e-14));
}

TEST_CASE("auc: two million rows are counted, not rounded") {
  std::vector<float> labels(2000000), scores(2000000);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = static_cast<float>(i % 2);
    scores[i] = static_cast<float>(i / 2);  // every positive ties with one negative, and beats those before
  }
  CHECK(ls::auc(labels, scores) == 0.5);
}

TEST_CASE("auc: P14, refuses one class, other labels and numbers that are none") {
  using Floats = std::vector<float>;
  CHECK_THROWS_WITH_AS(ls::auc(Floats{1, 1}, Floats{1, 2}),
                       "auc: expected rows of both labels, got 2 positive and 0 negative", ls::DataError);
  CHECK_THROWS_AS(ls::auc(Floats{0, 2}, Floats{1, 2}), ls::DataError);
  CHECK_THROWS_AS(ls::auc(Floats{0, 1}, Floats{1}), ls::ShapeError);
  CHECK_THROWS_AS(ls::auc(Floats{0, 1}, Floats{1, std::numeric_limits<float>::quiet_NaN()}), ls::DataError);
  CHECK_THROWS_AS(ls::auc(Floats{}, Floats{}), ls::DataError);
}
