// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <array>
#include <cmath>

#include <longshore/core/error.hpp>
#include <longshore/data/part_sizes.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;
using Sizes = std::array<std::size_t, 3>;

namespace {

Sizes sizes_of(std::size_t events, const ls::Ratios& ratios = {}) {
  const ls::PartSizes sizes = ls::part_sizes(events, ratios);
  return {sizes.train, sizes.validation, sizes.test};
}

}  // namespace

TEST_CASE("part_sizes: validation and test are rounded down, but get one event where they would get none") {
  CHECK(sizes_of(0) == Sizes{0, 0, 0});
  CHECK(sizes_of(1) == Sizes{1, 0, 0});
  CHECK(sizes_of(2) == Sizes{1, 0, 1});
  CHECK(sizes_of(3) == Sizes{1, 1, 1});
  CHECK(sizes_of(9) == Sizes{7, 1, 1});
  CHECK(sizes_of(19) == Sizes{17, 1, 1});
  CHECK(sizes_of(20) == Sizes{16, 2, 2});
  CHECK(sizes_of(100'000) == Sizes{80'000, 10'000, 10'000});
  CHECK(sizes_of(10, {.train = 0.75, .validation = 0, .test = 0.25}) == Sizes{8, 0, 2});
  CHECK(sizes_of(3, {.train = 1, .validation = 0, .test = 0}) == Sizes{3, 0, 0});
  CHECK(sizes_of(10, {.train = 8, .validation = 1, .test = 1}) == Sizes{8, 1, 1});  // only their relation counts
}

TEST_CASE("part_sizes: no event is lost for any number and ratio") {
  for (std::size_t events = 0; events < 300; ++events)
    for (double test = 0; test < 3; test += 0.37) {
      const Sizes sizes = sizes_of(events, {.train = 1, .validation = 0.5, .test = test});
      CHECK(sizes[0] + sizes[1] + sizes[2] == events);
      CHECK(sizes[0] <= events);
    }
}

TEST_CASE("part_sizes: P14, ratios without sense are refused") {
  CHECK(test::error_text<ls::ShapeError>([] { sizes_of(3, {.train = 0}); }) ==
        "part_sizes: expected ratios of at least 0, that of train above 0, got 0, 0.1 and 0.1");
  CHECK_THROWS_AS(sizes_of(3, {.validation = -0.1}), ls::ShapeError);
  CHECK_THROWS_AS(sizes_of(3, {.test = -1}), ls::ShapeError);
  CHECK_THROWS_AS(sizes_of(3, {.test = NAN}), ls::ShapeError);
  CHECK_THROWS_AS(sizes_of(3, {.test = INFINITY}), ls::ShapeError);
}
