// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <array>
#include <string>
#include <string_view>

#include <longshore/io/text_stream.hpp>

TEST_CASE("text_stream: hands out the text once, in the pieces that are asked for") {
  std::array<char, 4> room{};
  longshore::ByteStream stream = longshore::text_stream("abcdefghij");
  std::string text;
  for (std::size_t count = stream(room); count > 0; count = stream(room)) {
    CHECK(count <= room.size());
    text += std::string_view(room.data(), count);
  }
  CHECK(text == "abcdefghij");
  CHECK(stream(room) == 0);
  CHECK(stream({}) == 0);
  longshore::ByteStream nothing = longshore::text_stream("");
  CHECK(nothing(room) == 0);
}
