// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/order.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

TEST_CASE("Order: hand: each order has a name") {
  CHECK(longshore::name_of(longshore::Order::sequential) == "sequential");
  CHECK(longshore::name_of(longshore::Order::blocked) == "blocked");
}
