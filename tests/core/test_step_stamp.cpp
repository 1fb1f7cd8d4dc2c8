// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/step_stamp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include <doctest/doctest.h>

#include "../support/sanitized.hpp"

namespace ls = longshore;

TEST_CASE("StepStamp: no two steps have one number, whichever stamp they are of") {
  std::set<std::uint64_t> seen;
  std::size_t steps = 0;
  const auto walk = [&](ls::StepStamp& stamp) {
    for (int k = 0; k < 10; ++k, ++steps, stamp.next()) seen.insert(stamp.value());
  };
  std::optional<ls::StepStamp> again;  // always at the same place
  for (int k = 0; k < (sanitized ? 100 : 10'000); ++k) walk(again.emplace());
  ls::StepStamp beside[100];
  for (auto& stamp : beside) walk(stamp);
  CHECK(seen.size() == steps);
  CHECK(seen.count(0) == 0);
}

TEST_CASE("StepStamp: a number moves with the stamp, and the one left behind goes on with another") {
  ls::StepStamp first;
  const auto number = first.value();
  ls::StepStamp second(std::move(first));
  CHECK(second.value() == number);
  CHECK(first.value() != number);
  CHECK(first.value() != 0);
  ls::StepStamp third;
  const auto left_behind = first.value();
  third = std::move(second);
  CHECK(third.value() == number);
  CHECK(second.value() != number);
  third.next();
  second.next();
  CHECK(std::set<std::uint64_t>{number, left_behind, third.value(), second.value()}.size() == 4);
}
