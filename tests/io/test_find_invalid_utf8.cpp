// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <random>
#include <string>

#include <longshore/io/find_invalid_utf8.hpp>
#include "tests/reference/read_delimited.hpp"

TEST_CASE("find_invalid_utf8: finds the place of the first wrong byte") {
  CHECK(longshore::find_invalid_utf8("") == std::string::npos);
  CHECK(longshore::find_invalid_utf8("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xac") == std::string::npos);
  CHECK(longshore::find_invalid_utf8("caf\xe9") == 3);
  CHECK(longshore::find_invalid_utf8("ab\xc3") == 2);
  CHECK(longshore::find_invalid_utf8("\x80") == 0);
  CHECK(longshore::find_invalid_utf8("a\xed\xa0\x80") == 1);      // a surrogate
  CHECK(longshore::find_invalid_utf8("a\xc0\xaf") == 1);          // overlong
  CHECK(longshore::find_invalid_utf8("a\xf4\x90\x80\x80") == 1);  // above U+10FFFF
}

TEST_CASE("find_invalid_utf8: agrees with decoding on every two bytes and on a million random texts") {
  std::size_t wrong = 0;
  for (unsigned pair = 0; pair < 65536; ++pair) {
    const std::string text = {static_cast<char>(pair >> 8), static_cast<char>(pair)};
    wrong += (longshore::find_invalid_utf8(text) == std::string::npos) != is_utf8_by_decoding(text) ? 1 : 0;
  }
  std::mt19937 random(3);
  std::size_t valid = 0;
  for (int round = 0; round < 1'000'000; ++round) {
    // Bytes near the borders of the table of well-formed sequences.
    static constexpr unsigned char bytes[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf,
                                              0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5};
    std::string text;
    for (std::size_t i = 1 + random() % 4; i > 0; --i) text += static_cast<char>(bytes[random() % std::size(bytes)]);
    const bool is_valid = is_utf8_by_decoding(text);
    valid += is_valid ? 1 : 0;
    wrong += (longshore::find_invalid_utf8(text) == std::string::npos) != is_valid ? 1 : 0;
  }
  CHECK(wrong == 0);
  CHECK(valid > 10'000);  // the comparison saw both kinds
}
