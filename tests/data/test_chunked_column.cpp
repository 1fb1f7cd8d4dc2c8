// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>

#include <longshore/data/chunked_column.hpp>

TEST_CASE("chunked_column: gives back what was pushed, around the ends of chunks, and is empty then") {
  longshore::ChunkedColumn<std::int64_t> column;
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{65535}, std::size_t{65536},
                                  std::size_t{65537}, std::size_t{200000}}) {
    for (std::size_t i = 0; i < count; ++i) column.push_back(static_cast<std::int64_t>(i * i));
    CHECK(column.size() == count);
    const auto values = column.take();
    REQUIRE(values.size() == count);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < count; ++i) wrong += values(i) != static_cast<std::int64_t>(i * i) ? 1 : 0;
    CHECK(wrong == 0);
    CHECK(column.size() == 0);
  }
}
