// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/tape.hpp>
#include <vector>

namespace ls = longshore;

namespace {
/// What the steps are called with: it lists them.
struct Called {
  std::vector<int> steps;
};
}  // namespace

TEST_CASE("a tape runs its steps in reverse, and those with an output only where a gradient reached it") {
  ls::Tape<Called> tape;
  auto* const reached = tape.make(ls::Gradient{});
  auto* const missed = tape.make(ls::Gradient{});
  double number = 0;
  reached->data = &number;
  for (const int step : {1, 2, 3}) tape.record(nullptr, [step](Called& called) { called.steps.push_back(step); });
  tape.record(missed, [](Called& called) { called.steps.push_back(4); });
  tape.record(reached, [](Called& called) { called.steps.push_back(5); });
  Called called;
  tape.run(called);
  CHECK(called.steps == std::vector<int>{5, 3, 2, 1});
  tape.reset();
  tape.run(called);
  CHECK(called.steps.size() == 4);
}
