// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/checksum.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using longshore::Checksum;
using test::bytes_of_text;

TEST_CASE("the checksum has the known answers of XXH64") {
  Checksum empty;
  CHECK(empty.value() == 0xEF46DB3751D8E999u);
  CHECK(empty.digits() == "ef46db3751d8e999");
  Checksum letter;
  letter.update(bytes_of_text("a"));
  CHECK(letter.digits() == "d24ec4f1a98c6e5b");
  Checksum word;
  word.update(bytes_of_text("abc"));
  CHECK(word.digits() == "44bc2cf5ad770999");
}

TEST_CASE("pieces give the checksum of the whole") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * i);
  Checksum whole;
  whole.update(bytes_of_text(text));
  for (const std::size_t piece : {1u, 7u, 32u, 1000u}) {
    Checksum pieces;
    for (std::size_t begin = 0; begin < text.size(); begin += piece) {
      pieces.update({});
      pieces.update(bytes_of_text(text).subspan(begin, std::min(piece, text.size() - begin)));
    }
    CHECK(pieces.value() == whole.value());
  }
}

TEST_CASE("the digits keep leading zeros and are 16") {
  for (int i = 0; i < 64; ++i) {
    Checksum checksum;
    checksum.update(bytes_of_text(std::to_string(i)));
    CHECK(checksum.digits().size() == 16);
    CHECK(std::stoull(checksum.digits(), nullptr, 16) == checksum.value());
  }
}
