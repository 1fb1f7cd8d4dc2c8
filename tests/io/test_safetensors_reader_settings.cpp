// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_reader_settings.hpp>

#include <cstddef>
#include <cstring>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/safetensors_bytes.hpp"

using longshore::Checksums;
using longshore::NonFinite;
using test::has;
using test::verdict;

TEST_CASE("checksums are checked where they are, unless the settings demand or ignore them") {
  const std::string foreign = test::safetensors_bytes(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 2);
  CHECK(verdict(foreign) == "accepted");
  CHECK(verdict(foreign, {.checksums = Checksums::ignored}) == "accepted");
  CHECK(has(verdict(foreign, {.checksums = Checksums::required}), "and it is required"));
  // A tensor's checksum without the header's is what a damaged or rewritten header looks like.
  const std::string half = test::safetensors_bytes(
      R"({"__metadata__":{"longshore.xxh64.a":"0000000000000000"},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})",
      2);
  CHECK(has(verdict(half), "the header has no checksum at its beginning"));
  CHECK(verdict(half, {.checksums = Checksums::ignored}) == "accepted");
}

TEST_CASE("values that are not finite are refused unless the settings accept them") {
  std::string file = test::safetensors_bytes(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8);
  const float infinity = std::numeric_limits<float>::infinity();
  std::memcpy(file.data() + file.size() - 4, &infinity, 4);
  CHECK(has(verdict(file), "byte " + std::to_string(file.size() - 4) + ": tensor \"a\" holds a NaN or an infinity"));
  CHECK(verdict(file, {.non_finite = NonFinite::accept}) == "accepted");
}
