// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/metrics/mrr.hpp>
#include <tests/support/rankings.hpp>

namespace ls = longshore;

TEST_CASE("mrr: the reciprocal rank of the first relevant item, cut or whole") {
  const auto ranking = ranking_with({{1}, {4, 50}, {20}, {2.5}});
  CHECK(ls::mrr(10)(ranking).per_row == xt::xtensor<double, 1>{1, 0.25, 0, 0.4});
  CHECK(ls::mrr()(ranking).per_row == xt::xtensor<double, 1>{1, 0.25, 0.05, 0.4});
  CHECK(ls::mrr()(ranking).value == doctest::Approx(1.7 / 4));
  CHECK(ls::mrr(10)(ranking).name == "MRR@10");
  CHECK(ls::mrr()(ranking).name == "MRR");
}
