// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/check_offsets.hpp>

#include <climits>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "../support/error_text.hpp"

namespace ls = longshore;

namespace {

std::string refusal(const std::vector<ls::Index>& offsets, ls::Index rows, ls::Index longest) {
  const ls::Offsets<Kokkos::Serial> checked{{offsets.data(), offsets.size()}, longest};
  return test::error_text<ls::DataError>([&] { ls::check_offsets("f", checked, rows); });
}

}  // namespace

TEST_CASE("offsets that cut the rows into sequences pass, empty sequences and none at all too") {
  for (const auto& [offsets, rows, longest] : std::vector<std::tuple<std::vector<ls::Index>, ls::Index, ls::Index>>{
           {{0, 2, 2, 5}, 5, 3}, {{0, 0, 0}, 0, 0}, {{0, INT_MAX}, INT_MAX, INT_MAX}, {{0}, 0, 0}, {{}, 0, 0}})
    CHECK(refusal(offsets, rows, longest) == "nothing was thrown");
}

TEST_CASE("P14: offsets that would lead a kernel astray are refused, with the place") {
  CHECK(refusal({1, 2}, 2, 1) == "f: offsets start at 0, they start at 1");
  CHECK(refusal({-1, 2}, 2, 3) == "f: offsets start at 0, they start at -1");
  CHECK(refusal({0, 3, 2, 5}, 5, 3) == "f: offsets do not decrease, after 3 comes 2 at position 2");
  CHECK(refusal({0, INT_MIN}, 5, 3).starts_with("f: offsets do not decrease, after 0 comes -"));
  CHECK(refusal({0, 3}, 5, 3) == "f: offsets end at the number of rows, 5, they end at 3");
  CHECK(refusal({0, 6}, 5, 6) == "f: offsets end at the number of rows, 5, they end at 6");
  CHECK(refusal({}, 5, 0) == "f: offsets end at the number of rows, 5, they end at 0");
  CHECK(refusal({0, 3, 5}, 5, 2) == "f: the longest sequence has 3 steps, the offsets say 2");
  CHECK(refusal({0, 3, 5}, 5, 4) == "f: the longest sequence has 3 steps, the offsets say 4");
}
