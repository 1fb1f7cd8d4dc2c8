// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/io/byte_stream.hpp>
#include <longshore/io/line_reader.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;

TEST_CASE("byte_stream: a program's own stream may give any number of bytes at a time") {
  for (const std::size_t step : {1UL, 2UL, 3UL, 7UL, 4096UL}) {
    std::string rest;
    for (int i = 0; i < 3000; ++i) rest += "line " + std::to_string(i) + (i % 3 == 0 ? "\r\n" : "\n");
    const ls::ByteStream stream = [&rest, step](std::span<char> room) {
      const std::size_t count = std::min({room.size(), step, rest.size()});
      std::memcpy(room.data(), rest.data(), count);
      rest.erase(0, count);
      return count;
    };
    ls::LineReader lines(stream, "own");
    for (int i = 0; i < 3000; ++i) {
      REQUIRE(lines.next());
      REQUIRE(lines.line() == "line " + std::to_string(i));
    }
    CHECK_FALSE(lines.next());
  }
}

TEST_CASE("byte_stream: P14, the reason of a stream that fails gets name, line and column") {
  int calls = 0;
  const ls::ByteStream stream = [&calls](std::span<char> room) -> std::size_t {
    if (++calls > 1) throw ls::FileError("the line was cut");
    std::memcpy(room.data(), "ab\ncd", 5);
    return 5;
  };
  ls::LineReader lines(stream, "socket");
  CHECK(lines.next());
  CHECK(test::error_text<ls::FileError>([&] { lines.next(); }) == "LineReader: socket:2:3: the line was cut");
}
