// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_limits.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <doctest/doctest.h>
#include <longshore/core/error.hpp>
#include <longshore/io/safetensors_reader.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/safetensors_bytes.hpp"

using test::has;
using test::safetensors_bytes;
using test::verdict;

namespace {

const longshore::SafetensorsLimits limits;

std::string tensors(std::uint64_t count, std::uint64_t rank = 0, std::uint64_t name_bytes = 6) {
  std::string header = "{";
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    header += (i > 0 ? ",\"" : "\"") + std::string(name_bytes - number.size(), '.') + number +
              R"(":{"dtype":"U8","shape":[0)";
    for (std::uint64_t axis = 1; axis < rank; ++axis) header += ",1";
    header += R"(],"data_offsets":[0,0]})";
  }
  return safetensors_bytes(header + "}");
}

std::string pairs(std::uint64_t count) {
  std::string header = "{\"__metadata__\":{";
  for (std::uint64_t i = 0; i < count; ++i) header += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
  return safetensors_bytes(header + "}}");
}

}  // namespace

TEST_CASE("P22: every default limit of a safetensors header is exact") {
  CHECK(verdict(tensors(limits.tensors - 1)) == "accepted");
  CHECK(verdict(tensors(limits.tensors)) == "accepted");
  CHECK(has(verdict(tensors(limits.tensors + 1)), "more than 10000 tensors"));

  CHECK(verdict(pairs(limits.metadata_pairs - 1)) == "accepted");
  CHECK(verdict(pairs(limits.metadata_pairs)) == "accepted");
  CHECK(has(verdict(pairs(limits.metadata_pairs + 1)), "more than 20000 metadata pairs"));

  CHECK(verdict(tensors(1, limits.rank - 1)) == "accepted");
  CHECK(verdict(tensors(1, limits.rank)) == "accepted");
  CHECK(has(verdict(tensors(1, limits.rank + 1)), "more than 8 extents"));

  CHECK(verdict(tensors(1, 1, limits.name_bytes - 1)) == "accepted");
  CHECK(verdict(tensors(1, 1, limits.name_bytes)) == "accepted");
  CHECK(has(verdict(tensors(1, 1, limits.name_bytes + 1)), "a tensor's name of 1025 bytes, at most 1024"));

  const auto text = [](std::uint64_t bytes) {
    return safetensors_bytes(R"({"__metadata__":{"k":")" + std::string(bytes, 'v') + "\"}}");
  };
  CHECK(verdict(text(limits.text_bytes - 1)) == "accepted");
  CHECK(verdict(text(limits.text_bytes)) == "accepted");
  CHECK(has(verdict(text(limits.text_bytes + 1)), "more than 65536 bytes without a quotation mark"));

  const auto header = [](std::uint64_t bytes) { return safetensors_bytes("{}" + std::string(bytes - 2, ' ')); };
  CHECK(verdict(header(limits.header_bytes - 1)) == "accepted");
  CHECK(verdict(header(limits.header_bytes)) == "accepted");
  CHECK(has(verdict(header(limits.header_bytes + 1)), "a header of 100000001 bytes, at most 100000000 are read"));
}

TEST_CASE("limits that the reader cannot count to are refused") {
  const auto refusal = [](const longshore::SafetensorsLimits& wide) {
    const std::string file = safetensors_bytes("{}");
    return test::error_text<longshore::ShapeError>(
        [&] { longshore::SafetensorsReader(std::as_bytes(std::span(file)), {.limits = wide}); });
  };
  CHECK(has(refusal({.header_bytes = std::uint64_t{1} << 32}), "limits beyond"));
  CHECK(has(refusal({.rank = 256}), "limits beyond"));
  CHECK(has(refusal({.name_bytes = 65'536}), "limits beyond"));
  CHECK(refusal({.header_bytes = (std::uint64_t{1} << 32) - 1, .rank = 255, .name_bytes = 65'535}) ==
        "nothing was thrown");
}
