// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/io/delimited_format.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/text_stream.hpp>

namespace ls = longshore;

TEST_CASE("delimited_format: any separator will do that holds no quote, line end or NUL") {
  const auto reader = [](const std::string& separator) {
    ls::DelimitedReader records(ls::LineReader(ls::text_stream("a" + separator + "b"), "text"),
                                {.separator = separator});
    return records.next() && records.size() == 2 && records.text(0) == "a" && records.text(1) == "b";
  };
  for (const std::string separator : {",", "\t", ";", "|", " ", "::", "<>", "\xc2\xa7"}) CHECK(reader(separator));
  for (const std::string separator : {"", "\"", "a\"", "\n", "\r", ":\n"})
    CHECK_THROWS_AS(reader(separator), ls::ShapeError);
  CHECK_THROWS_AS(reader(std::string(1, '\0')), ls::ShapeError);
  CHECK_THROWS_WITH_AS(reader("\n"), "DelimitedReader: expected a separator without quotes and line ends, got '\\x0a'",
                       ls::ShapeError);
}
