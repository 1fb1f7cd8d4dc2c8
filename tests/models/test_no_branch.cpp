// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/concepts.hpp>
#include <longshore/models/no_branch.hpp>

namespace ls = longshore;

TEST_CASE("a view that is left out gives no interest") {
  using Space = Kokkos::Serial;
  static_assert(ls::Branch<ls::NoBranch<float, Space>, float, Space>);
  ls::Inference<Space> context;
  const ls::NoBranch<float, Space> branch;
  CHECK_FALSE(branch(context, {}, {}, {}));
  CHECK_FALSE(branch.sees_candidates());
}
