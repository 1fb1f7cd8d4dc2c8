// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <numeric>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/random_split.hpp>
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Rows = std::vector<std::size_t>;

TEST_CASE("random_split: each user's events are divided by the ratios, and none is lost") {
  const ls::InteractionLog log = test::random_log(3, 2000, 40, 100);
  const ls::Split split = ls::random_split(log, {}, 1);
  std::vector<std::size_t> users(40, 0), tests(40, 0), validations(40, 0);
  for (const ls::Id user : log.users) ++users[static_cast<std::size_t>(user)];
  for (const std::size_t row : split.test) ++tests[static_cast<std::size_t>(log.users(row))];
  for (const std::size_t row : split.validation) ++validations[static_cast<std::size_t>(log.users(row))];
  for (std::size_t user = 0; user < 40; ++user) {
    CHECK(tests[user] == ls::part_sizes(users[user], {}).test);
    CHECK(validations[user] == ls::part_sizes(users[user], {}).validation);
  }
  Rows all = split.train;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  all.insert(all.end(), split.test.begin(), split.test.end());
  std::ranges::sort(all);
  Rows expected(log.size());
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  CHECK(all == expected);
  CHECK(std::ranges::is_sorted(split.train));
  CHECK(std::ranges::is_sorted(split.test));
}

TEST_CASE("random_split: P4, the seed alone decides; other users do not matter") {
  const ls::InteractionLog log = test::random_log(3, 300, 8, 50);
  CHECK(ls::random_split(log, {}, 7).test == ls::random_split(log, {}, 7).test);
  CHECK(ls::random_split(log, {}, 7).test != ls::random_split(log, {}, 8).test);
  std::vector<test::Event> events = test::events_of(log);
  events.push_back({"new", "x", 1, 0});
  const ls::Split more = ls::random_split(test::log_of(events), {}, 7);
  CHECK(more.test == ls::random_split(log, {}, 7).test);
  // The time of an event does not matter either.
  ls::InteractionLog reversed = log;
  for (ls::Seconds& time : reversed.times) time = -time;
  CHECK(ls::random_split(reversed, {}, 7).test == ls::random_split(log, {}, 7).test);
}

TEST_CASE("random_split: every event is as likely for the test as any other") {
  std::vector<test::Event> events;
  for (int i = 0; i < 10; ++i) events.push_back({"a", std::to_string(i), 1, i});
  const ls::InteractionLog log = test::log_of(events);
  std::vector<int> counts(10, 0);
  for (std::uint64_t seed = 0; seed < 5000; ++seed)
    for (const std::size_t row : ls::random_split(log, {}, seed).test) ++counts[row];
  for (const int count : counts) CHECK(count == doctest::Approx(500).epsilon(0.17));  // four standard deviations
}

TEST_CASE("random_split: P14, ratios without sense are refused") {
  CHECK_THROWS_AS(ls::random_split(ls::InteractionLog(), {.train = 0}, 1), ls::ShapeError);
}
