// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>

#include <longshore/data/chunked_column.hpp>

TEST_CASE("chunked_column: gives back what was pushed, around the ends of chunks, and is empty then") {
  longshore::ChunkedColumn<std::int64_t> column;
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{32767}, std::size_t{32768},
                                  std::size_t{32769}, std::size_t{200000}}) {
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

TEST_CASE("chunked_column: one that was moved from is empty and can be used") {
  longshore::ChunkedColumn<int> from;
  for (int i = 0; i < 10; ++i) from.push_back(i);
  auto to = std::move(from);
  CHECK(to.size() == 10);
  CHECK(from.size() == 0);
  from.push_back(7);
  CHECK(from.take() == xt::xtensor<int, 1>{7});
  from = std::move(to);
  CHECK(from.size() == 10);
  CHECK(to.size() == 0);
  to.push_back(8);
  CHECK(to.take() == xt::xtensor<int, 1>{8});
}
