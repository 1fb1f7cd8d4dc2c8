// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_metadata.hpp>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include <doctest/doctest.h>

using longshore::Checksum;
using longshore::header_checksum;
using longshore::SafetensorsKeys;

TEST_CASE("only the keys that the library writes are its own") {
  CHECK(SafetensorsKeys::reserved("longshore.xxh64"));
  CHECK(SafetensorsKeys::reserved("longshore.xxh64.items.weights"));
  CHECK(SafetensorsKeys::reserved("longshore.format"));
  CHECK_FALSE(SafetensorsKeys::reserved("longshore.step"));
  CHECK_FALSE(SafetensorsKeys::reserved("format"));
  CHECK_FALSE(SafetensorsKeys::reserved(""));
}

TEST_CASE("the header's checksum is that of length and text with zeros for its own digits") {
  const std::string rest = "\",\"longshore.format\":\"1\"}}   ";
  const std::string zeros = std::string(SafetensorsKeys::opening) + "0000000000000000" + rest;
  const std::uint64_t length = zeros.size();
  Checksum expected;
  expected.update(std::as_bytes(std::span(&length, 1)));
  expected.update(std::as_bytes(std::span(zeros)));
  CHECK(header_checksum(zeros) == expected.digits());
  const std::string digits = std::string(SafetensorsKeys::opening) + "0123456789abcdef" + rest;
  CHECK(header_checksum(digits) == expected.digits());
  CHECK(header_checksum(digits + " ") != expected.digits());
}
