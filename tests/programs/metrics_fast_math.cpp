// SPDX-License-Identifier: Apache-2.0
// not with sanitizers: the question is what -ffast-math does, and -O3 takes them half a minute to compile.
// compile: -O3 -ffast-math
// P12: scores and labels that are NaN or infinite are refused even where the compiler was told that there are none.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/auc.hpp>
#include <longshore/metrics/full_ranking.hpp>
#include <longshore/metrics/log_loss.hpp>
#include <longshore/metrics/rank.hpp>
#include <longshore/metrics/rmse.hpp>

#ifndef __FAST_MATH__
#error "This program must be compiled with -ffast-math."
#endif

namespace ls = longshore;

namespace {

int refused(auto&& call) {
  try {
    call();
  } catch (const ls::DataError&) {
    return 1;
  }
  return 0;
}

}  // namespace

TEST_CASE("P12: ten thousand planted NaN and infinities are refused by the metrics under -ffast-math") {
  std::mt19937 random(5);
  const std::vector<std::uint32_t> specials = {0x7FC00000u, 0xFFC00000u, 0x7F800001u, 0x7F800000u, 0xFF800000u};
  std::vector<float> scores(100, 0.5f), labels(100, 0.0f);
  labels[3] = 1.0f;
  const std::vector<ls::Id> targets{7};
  int found = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::size_t at = random() % scores.size();
    scores[at] = std::bit_cast<float>(specials[random() % 5]);
    found += refused([&] { ls::auc(labels, scores); });
    found += refused([&] { ls::rmse(labels, scores); });
    found += refused([&] { ls::log_loss(labels, scores); });
    scores[at] = std::bit_cast<float>(specials[random() % 3]);  // a ranking takes infinities
    found += refused([&] { ls::rank(scores, 7); });
    found += refused([&] {
      ls::full_ranking({.relevant = targets}, 100, [&](std::size_t, std::size_t, std::span<float> out) {
        std::copy(scores.begin(), scores.end(), out.begin());
      });
    });
    scores[at] = 0.5f;
  }
  CHECK(found == 10'000);
  CHECK(ls::auc(labels, scores) == 0.5);
}

TEST_CASE("P12: infinities keep their places in a ranking under -ffast-math") {
  const float infinity = std::bit_cast<float>(0x7F800000u);
  const std::vector<float> scores{-infinity, 1.0f, infinity, -1.0f};
  CHECK(ls::rank(scores, 2) == 1);
  CHECK(ls::rank(scores, 1) == 2);
  CHECK(ls::rank(scores, 3) == 3);
  CHECK(ls::rank(scores, 0) == 4);
}
