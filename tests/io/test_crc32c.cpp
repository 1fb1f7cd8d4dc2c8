// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/crc32c.hpp>

#include <array>
#include <cstddef>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using longshore::crc32c;

TEST_CASE("the CRC-32C has its known answers") {
  CHECK(crc32c(test::bytes_of_text("123456789")) == 0xE3069283u);
  CHECK(crc32c({}) == 0u);
  // RFC 3720, section B.4
  CHECK(crc32c(test::bytes_of_text(std::string(32, '\0'))) == 0x8A9136AAu);
  CHECK(crc32c(test::bytes_of_text(std::string(32, '\xff'))) == 0x62A8AB43u);
  std::array<std::byte, 32> rising{};
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<std::byte>(i);
  CHECK(crc32c(rising) == 0x46DD794Eu);
}

TEST_CASE("the CRC-32C can be computed while compiling") {
  constexpr std::array<std::byte, 1> letter{std::byte{'a'}};
  static_assert(crc32c(letter) == 0xC1D04330u);
}
