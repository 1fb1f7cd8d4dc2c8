// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/segments.hpp>
#include <string>
#include <vector>

namespace ls = longshore;

TEST_CASE("Segments: by_count puts every count into one segment, bounds into the upper one") {
  const std::vector<std::size_t> counts{0, 9, 10, 49, 50, 1000};
  const auto segments = ls::Segments::by_count(counts, {10, 50}, "events");
  CHECK(segments.names == std::vector<std::string>{"events < 10", "events 10 to 49", "events >= 50"});
  CHECK(segments.of_row == std::vector<ls::Index>{0, 0, 1, 1, 2, 2});
  CHECK(ls::Segments::by_count(counts, {9, 10}, "events").names[1] == "events = 9");
  CHECK(ls::Segments::by_count(counts, {1}, "events").of_row == std::vector<ls::Index>{0, 1, 1, 1, 1, 1});
}

TEST_CASE("Segments: P14, refuses bounds that do not ascend") {
  const std::vector<std::size_t> counts{1};
  CHECK_THROWS_WITH_AS(ls::Segments::by_count(counts, {}, "events"),
                       "Segments::by_count: expected at least one bound, got none", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::Segments::by_count(counts, {5, 5}, "events"),
                       "Segments::by_count: expected ascending bounds, got 5 before 5", ls::ShapeError);
}
