// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/setting_names.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace ls = longshore;

TEST_CASE("SettingNames: hand: in their order, numbers in the shortest form that reads back as the same") {
  const std::vector<std::pair<std::string, std::string>> expected{
      {"features", "64"}, {"rate", "0.1"},       {"sum", "0.30000000000000004"}, {"on", "true"},
      {"order", "x"},     {"factors.kind", "2"}, {"factors.scale", "0.25"},      {"seed", "18446744073709551615"}};
  CHECK(ls::SettingNames()
            .add("features", 64)
            .add("rate", 0.1)
            .add("sum", 0.1 + 0.2)
            .add("on", true)
            .add("order", "x")
            .add("factors", ls::normal(0.25))
            .add("seed", ~std::uint64_t{0})
            .list() == expected);
}
