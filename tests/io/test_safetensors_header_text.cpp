// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_header_text.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

using longshore::DataError;
using longshore::Dtype;
using longshore::Metadata;
using longshore::SafetensorsHeaderText;
using longshore::SafetensorsLimits;
using longshore::ShapeError;
using longshore::TensorEntry;
using test::has;

namespace {

std::string text_of(std::vector<TensorEntry>& tensors, const Metadata& metadata,
                    const std::vector<std::string>& digits) {
  SafetensorsHeaderText header(tensors, metadata, {});
  CHECK(header.bytes() == header.finished(digits).size());
  return header.finished(digits);
}

template <class Kind>
std::string refusal(std::vector<TensorEntry> tensors, const Metadata& metadata = {},
                    const SafetensorsLimits& limits = {}) {
  return test::error_text<Kind>([&] { SafetensorsHeaderText(tensors, metadata, limits); });
}

}  // namespace

TEST_CASE("the header has length, checksums, metadata, tensors, and spaces up to a multiple of 64") {
  std::vector<TensorEntry> tensors = {{.name = "a", .dtype = Dtype::f32, .shape = {2, 3}},
                                      {.name = "b", .dtype = Dtype::i64}};
  const std::string text = text_of(tensors, {{"k", "v"}}, {"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"});
  CHECK(text.size() % 64 == 0);
  std::uint64_t length = 0;
  std::memcpy(&length, text.data(), 8);
  CHECK(length == text.size() - 8);
  std::string expected =
      R"({"__metadata__":{"longshore.xxh64":"0000000000000000","longshore.format":"1","k":"v",)"
      R"("longshore.xxh64.b":"bbbbbbbbbbbbbbbb","longshore.xxh64.a":"aaaaaaaaaaaaaaaa"},)"
      R"("b":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]}})";
  expected.append(length - expected.size(), ' ');
  CHECK(text.substr(8 + 36, 16) == longshore::header_checksum(expected));
  std::string zeroed = text.substr(8);
  zeroed.replace(36, 16, 16, '0');
  CHECK(zeroed == expected);
}

TEST_CASE("large elements come first, so that every tensor is aligned without holes") {
  std::vector<TensorEntry> tensors = {{.name = "bytes", .dtype = Dtype::u8, .shape = {3}},
                                      {.name = "halves", .dtype = Dtype::f16, .shape = {3}},
                                      {.name = "none", .dtype = Dtype::f64, .shape = {0, 9}},
                                      {.name = "floats", .dtype = Dtype::f32, .shape = {3}},
                                      {.name = "more bytes", .dtype = Dtype::boolean, .shape = {1}},
                                      {.name = "longs", .dtype = Dtype::i64, .shape = {3}}};
  const SafetensorsHeaderText header(tensors, {}, {});
  std::uint64_t total = 0;
  for (const TensorEntry& tensor : tensors) {
    CHECK(tensor.begin % longshore::facts_of(tensor.dtype).bytes == 0);
    total += tensor.end - tensor.begin;
  }
  CHECK(total == 3 + 6 + 12 + 1 + 24);
  CHECK(tensors[5].begin == 0);
  CHECK(tensors[3].begin == 24);
  CHECK(tensors[1].begin == 36);
  CHECK(tensors[0].begin == 42);  // equal sizes: as declared
  CHECK(tensors[4].begin == 45);
}

TEST_CASE("texts are escaped, and those that are not UTF-8 are refused") {
  std::vector<TensorEntry> tensors = {{.name = "q\"\\\n\x01\xc3\xa9"}};
  const std::string text = text_of(tensors, {{"k\t", std::string("v\0", 2)}}, {"aaaaaaaaaaaaaaaa"});
  CHECK(has(text, "\"k\\t\":\"v\\u0000\""));
  CHECK(has(text, "\"q\\\"\\\\\\n\\u0001\xc3\xa9\":{\"dtype\""));
  CHECK(refusal<DataError>({{.name = "\xff"}}) == "SafetensorsWriter: \"\\xff\" is not UTF-8");
  CHECK(refusal<DataError>({}, {{"k", "\xc3"}}) == "SafetensorsWriter: \"\\xc3\" is not UTF-8");
  CHECK(has(refusal<DataError>({}, {{"\xed\xa0\x80", "v"}}), "is not UTF-8"));
}

TEST_CASE("names and keys must differ and not be the library's own") {
  CHECK(has(refusal<DataError>({{.name = "a"}, {.name = "a"}}), "two tensors are called \"a\""));
  CHECK(has(refusal<DataError>({{.name = "__metadata__"}}), "no tensor can be called \"__metadata__\""));
  CHECK(has(refusal<DataError>({}, {{"k", "1"}, {"k", "2"}}), "two metadata pairs have the key \"k\""));
  CHECK(has(refusal<DataError>({}, {{"longshore.xxh64", "1"}}), "\"longshore.xxh64\" is the library's own"));
  CHECK(has(refusal<DataError>({}, {{"longshore.xxh64.a", "1"}}), "is the library's own"));
  CHECK(has(refusal<DataError>({}, {{"longshore.format", "1"}}), "is the library's own"));
}

TEST_CASE("extents are not negative, and sizes stay in 63 bits") {
  constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();
  CHECK(has(refusal<ShapeError>({{.name = "a", .shape = {2, -1}}}), "tensor \"a\" has a negative extent, or its size"));
  CHECK(has(refusal<ShapeError>({{.name = "a", .shape = {large, 2}}}), "leaves 63 bits"));
  CHECK(has(refusal<ShapeError>(
                {{.name = "a", .dtype = Dtype::u8, .shape = {large}}, {.name = "b", .dtype = Dtype::u8, .shape = {1}}}),
            "tensor \"b\" has a negative extent, or its size leaves 63 bits"));
  CHECK(refusal<ShapeError>({{.name = "a", .dtype = Dtype::u8, .shape = {large}}}) == "nothing was thrown");
}

TEST_CASE("P22: what is written stays within the limits of the reader, exactly") {
  const auto tensors = [](std::size_t count) {
    std::vector<TensorEntry> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back({.name = std::to_string(i)});
    return made;
  };
  CHECK(refusal<DataError>(tensors(2), {}, {.tensors = 3}) == "nothing was thrown");
  CHECK(refusal<DataError>(tensors(3), {}, {.tensors = 3}) == "nothing was thrown");
  CHECK(has(refusal<DataError>(tensors(4), {}, {.tensors = 3}), "4 tensors, at most 3"));

  CHECK(refusal<DataError>(tensors(1), {{"k", "v"}}, {.metadata_pairs = 5}) == "nothing was thrown");
  CHECK(refusal<DataError>(tensors(1), {{"k", "v"}}, {.metadata_pairs = 4}) == "nothing was thrown");
  CHECK(
      has(refusal<DataError>(tensors(1), {{"k", "v"}}, {.metadata_pairs = 3}), "4 metadata pairs with the checksums"));

  CHECK(refusal<ShapeError>({{.name = "a", .shape = {1}}}, {}, {.rank = 2}) == "nothing was thrown");
  CHECK(refusal<ShapeError>({{.name = "a", .shape = {1, 1}}}, {}, {.rank = 2}) == "nothing was thrown");
  CHECK(has(refusal<ShapeError>({{.name = "a", .shape = {1, 1, 1}}}, {}, {.rank = 2}), "has 3 extents, at most 2"));

  CHECK(refusal<DataError>({{.name = "ab"}}, {}, {.name_bytes = 3}) == "nothing was thrown");
  CHECK(refusal<DataError>({{.name = "abc"}}, {}, {.name_bytes = 3}) == "nothing was thrown");
  CHECK(has(refusal<DataError>({{.name = "abcd"}}, {}, {.name_bytes = 3}), "\"abcd\" has 4 bytes, at most 3"));

  const auto text = [](std::size_t bytes) { return Metadata{{"k", std::string(bytes, 'v')}}; };
  CHECK(refusal<DataError>({}, text(39), {.text_bytes = 40}) == "nothing was thrown");
  CHECK(refusal<DataError>({}, text(40), {.text_bytes = 40}) == "nothing was thrown");
  CHECK(has(refusal<DataError>({}, text(41), {.text_bytes = 40}), "takes 41 bytes in the header, at most 40"));

  std::vector<TensorEntry> none;
  const std::uint64_t length = SafetensorsHeaderText(none, {}, {}).bytes() - 8;
  CHECK(refusal<DataError>({}, {}, {.header_bytes = length + 1}) == "nothing was thrown");
  CHECK(refusal<DataError>({}, {}, {.header_bytes = length}) == "nothing was thrown");
  CHECK(has(refusal<DataError>({}, {}, {.header_bytes = length - 1}),
            "a header of " + std::to_string(length) + " bytes"));
}
