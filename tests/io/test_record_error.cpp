// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/io/record_error.hpp>

namespace ls = longshore;

TEST_CASE("record_error: is a DataError that knows its column") {
  try {
    throw ls::RecordError("expected one column", 7);
  } catch (const ls::DataError& error) {
    CHECK(std::string(error.what()) == "expected one column");
    const auto* placed = dynamic_cast<const ls::RecordError*>(&error);
    REQUIRE(placed != nullptr);
    CHECK(placed->column() == 7);
  }
}
