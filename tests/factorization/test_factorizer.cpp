// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/factorizer.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include "../support/small_factors.hpp"

namespace ls = longshore;

namespace {

using Space = Kokkos::Serial;
using Small = test::SmallFactors<float, Space>;

template <class Real, class Space>
struct Nothing {
  void visit(auto&&) {}
};

}  // namespace

TEST_CASE("Factorizer: a model with epochs and named settings is one, another block is none") {
  static_assert(ls::Factorizer<Small>);
  static_assert(ls::InnerProductFactors<Small>);
  static_assert(ls::Block<Nothing<float, Space>>);
  static_assert(!ls::Factorizer<Nothing<float, Space>>);
  static_assert(!ls::InnerProductFactors<Nothing<float, Space>>);
  static_assert(!ls::Factorizer<int>);
}
