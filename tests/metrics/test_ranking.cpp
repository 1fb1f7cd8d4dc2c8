// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/metrics/ranking.hpp>

namespace ls = longshore;

TEST_CASE("Ranking: rows and the line that states the protocol") {
  ls::Ranking ranking;
  CHECK(ranking.size() == 0);
  ranking.ranks = {3, 1, 2};
  ranking.offsets = {0, 1, 3};
  ranking.candidates = {9, 8};
  ranking.items = 10;
  ranking.tied = 2;
  CHECK(ranking.size() == 2);
  CHECK(ranking.row(0).size() == 1);
  CHECK(ranking.row(1)[1] == 2);
  CHECK_FALSE(ranking.sampled());
  CHECK(ranking.description() == "full ranking over 10 items, 2 rows, ties: pessimistic (2 of 3 targets tied)");
  CHECK_NOTHROW(ranking.check("f"));
  ranking.kept = 1;
  CHECK(ranking.description() ==
        "full ranking over 10 items, 2 rows, ties: pessimistic (2 of 3 targets tied, 1 kept though to be removed)");
  ranking.kept = 0;
  ranking.ties = ls::TiePolicy::lowest_id_first;
  ranking.negatives = 100;
  CHECK(ranking.sampled());
  CHECK(ranking.description() ==
        "sampled ranking, 100 negatives a row, 2 rows, ties: lowest id first (2 of 3 targets tied)");
  ranking.ties = ls::TiePolicy::mean;
  CHECK(ranking.description().find("ties: mean") != std::string::npos);
  ranking.ties = ls::TiePolicy::optimistic;
  CHECK(ranking.description().find("ties: optimistic") != std::string::npos);
}
