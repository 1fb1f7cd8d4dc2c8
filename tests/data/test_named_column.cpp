// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/named_column.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;

TEST_CASE("named_column: finds a column by its name, letter by letter") {
  const std::vector<std::string> header = {"User", "user", "item"};
  CHECK(ls::named_column(header, "user") == 1);
  CHECK(ls::named_column(header, "item") == 2);
}

TEST_CASE("named_column: P14, a name that is not there is refused with those that are") {
  const auto error_of = [](const std::vector<std::string>& header) {
    return test::error_text<ls::DataError>([&] { ls::named_column(header, "cost"); });
  };
  CHECK(error_of({"user", "Cost"}) == "expected a column 'cost' in the header, got 'user', 'Cost'");
  const std::string many = error_of(std::vector<std::string>(1000, "a\tname"));
  CHECK(many.size() < 500);
  CHECK(many.ends_with("'a\\x09name', ..."));
}
