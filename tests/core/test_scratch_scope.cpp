// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/scratch.hpp>
#include <longshore/core/scratch_scope.hpp>
#include <longshore/core/training.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {
struct Nothing {
  void visit(auto&&) {}
};

/// Where the second of two turns makes its value.
template <class Context>
bool second_turn_is_elsewhere(Context& context) {
  const auto kept = ls::scratch<float>(context, 100);
  const float* before[2] = {};
  for (const float*& made : before) {
    const ls::ScratchScope scope(context);
    made = ls::scratch<float>(context, 1000).data();
  }
  CHECK(kept.data() != before[0]);
  return before[0] != before[1];
}
}  // namespace

TEST_CASE("ScratchScope: inference uses the memory again, training keeps it") {
  ls::Inference<Space> inference;
  CHECK_FALSE(second_turn_is_elsewhere(inference));
  ls::Training<Space> training(Nothing{});
  CHECK(second_turn_is_elsewhere(training));
}

TEST_CASE("ScratchScope: ends with its block when an exception leaves it") {
  ls::Inference<Space> context;
  const float* first = nullptr;
  try {
    const ls::ScratchScope scope(context);
    first = ls::scratch<float>(context, 10).data();
    throw ls::Error("on purpose");
  } catch (const ls::Error&) {
  }
  CHECK(ls::scratch<float>(context, 10).data() == first);
}
