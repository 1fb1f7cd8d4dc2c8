// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_header.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

using longshore::Checksums;
using longshore::FileError;
using longshore::SafetensorsHeader;
using longshore::SafetensorsReaderSettings;
using test::has;

namespace {

std::string tensor(const std::string& name, const std::string& dtype, const std::string& shape,
                   const std::string& offsets) {
  return '"' + name + R"(":{"dtype":")" + dtype + R"(","shape":[)" + shape + R"(],"data_offsets":[)" + offsets + "]}";
}

std::string refusal(const std::string& text, std::uint64_t bytes, const SafetensorsReaderSettings& settings = {}) {
  return test::error_text<FileError>([&] { SafetensorsHeader("f", text, bytes, settings); });
}

/// A header as the library writes it: its checksum first, then `pairs`, then `tensors`.
std::string checksummed(const std::string& pairs, const std::string& tensors = "") {
  std::string text =
      std::string(longshore::SafetensorsKeys::opening) + "0000000000000000\"" + pairs + "}" + tensors + "}";
  text.replace(longshore::SafetensorsKeys::opening.size(), 16, longshore::header_checksum(text));
  return text;
}

}  // namespace

TEST_CASE("tensors come in the order of their data and are found by name") {
  const SafetensorsHeader header("f",
                                 "{" + tensor("b", "F32", "2,3", "8,32") + "," + tensor("none", "F64", "0,5", "8,8") +
                                     "," + tensor("a", "I64", "", "0,8") + R"(,"__metadata__":{"z":"1","k":"2"}})",
                                 32, {});
  REQUIRE(header.size() == 3);
  CHECK(header.entry(0).name == "a");
  CHECK(header.entry(0).shape.empty());
  CHECK(header.entry(1).name == "none");
  CHECK(header.entry(1).shape == std::vector<std::int64_t>{0, 5});
  CHECK(header.entry(2).name == "b");
  CHECK(header.entry(2).dtype == longshore::Dtype::f32);
  CHECK(header.entry(2).shape == std::vector<std::int64_t>{2, 3});
  CHECK(header.entry(2).begin == 8);
  CHECK(header.entry(2).end == 32);
  CHECK(header.find("b") == 2);
  CHECK(header.find("a") == 0);
  CHECK_FALSE(header.find("c").has_value());
  CHECK_FALSE(header.find("").has_value());
  CHECK(header.metadata("k") == "2");
  CHECK_FALSE(header.metadata("y").has_value());
  CHECK(header.metadata() == longshore::Metadata{{"z", "1"}, {"k", "2"}});
}

TEST_CASE("a header that moves keeps its names") {
  SafetensorsHeader first("f", "{" + tensor("a", "U8", "3", "0,3") + R"(,"__metadata__":{"k":"v"}})", 3, {});
  const SafetensorsHeader second = std::move(first);
  CHECK(second.entry(0).name == "a");
  CHECK(second.metadata("k") == "v");
}

TEST_CASE("spaces may follow the header, and shapes may be written with spaces") {
  const std::string header = "{ \"a\" : {\"dtype\":\"U8\",\"shape\":[ 2 ,\n3 ],\"data_offsets\":[0,6]} }";
  CHECK(SafetensorsHeader("f", header + std::string(1000, ' '), 6, {}).entry(0).shape ==
        std::vector<std::int64_t>{2, 3});
  CHECK(has(refusal(" " + header, 6), "f: byte 8: the header must begin with {"));
  CHECK(has(refusal("\xef\xbb\xbf" + header, 6), "f: byte 8: the header must begin with {"));
  CHECK(has(refusal("", 0), "f: byte 8: the header must begin with {"));
  CHECK(has(refusal("{}" + std::string(1, '\0'), 0), "f: byte 10: a NUL in the header"));
  CHECK(has(refusal("{}" + std::string("\0garbage", 8), 0), "f: byte 10: a NUL in the header"));
}

TEST_CASE("the data must be covered exactly, without overlap") {
  const std::string a = tensor("a", "U8", "4", "0,4");
  CHECK(has(refusal("{" + a + "}", 5), "f: the tensors end at 4 of the data, which has 5 bytes"));
  CHECK(has(refusal("{}", 1), "f: the tensors end at 0 of the data, which has 1 bytes"));
  CHECK(has(refusal("{" + a + "}", 3), "tensor \"a\" ends at 4 of the data, which has 3 bytes"));
  CHECK(
      has(refusal("{" + tensor("a", "U8", "4", "1,5") + "}", 5), "begins at 1 of the data, the one before ends at 0"));
  CHECK(has(refusal("{" + a + "," + tensor("b", "U8", "4", "5,9") + "}", 9),
            "tensor \"b\" begins at 5 of the data, the one before ends at 4"));
  CHECK(has(refusal("{" + a + "," + tensor("b", "U8", "4", "3,7") + "}", 7),
            "tensor \"b\" begins at 3 of the data, the one before ends at 4"));
  CHECK(
      has(refusal("{" + a + "," + tensor("b", "U8", "4", "0,4") + "}", 4), "begins at 0 of the data, the one before"));
  CHECK(has(refusal("{" + tensor("a", "U8", "4", "4,0") + "}", 4), "begins at 4 of the data"));
  CHECK(has(refusal("{" + a + "," + tensor("b", "U8", "4", "4,0") + "}", 4), "ends at 0 of the data"));
  CHECK(has(refusal("{" + a + "," + tensor("b", "U8", "0", "2,2") + "}", 4), "begins at 2 of the data"));
  CHECK(has(refusal("{" + tensor("b", "U8", "0", "18446744073709551615,18446744073709551615") + "}", 4), "begins at"));
}

TEST_CASE("tensors without elements begin and end where a neighbour does") {
  const std::string a = tensor("a", "U8", "4", "0,4");
  for (const char* place : {"0,0", "4,4"})
    CHECK(refusal("{" + a + "," + tensor("x", "F64", "3,0", place) + "," + tensor("y", "F32", "0", place) + "}", 4) ==
          "nothing was thrown");
  CHECK(refusal("{" + tensor("x", "F64", "0", "0,0") + "}", 0) == "nothing was thrown");
}

TEST_CASE("a tensor is as large as its shape and type say, and no product wraps") {
  CHECK(has(refusal("{" + tensor("a", "F32", "2,3", "0,23") + "}", 23), "has 23 bytes, its shape and type need 24"));
  CHECK(has(refusal("{" + tensor("a", "F32", "", "0,8") + "}", 8), "has 8 bytes, its shape and type need 4"));
  CHECK(has(refusal("{" + tensor("a", "F32", "0", "0,4") + "}", 4), "has 4 bytes, its shape and type need 0"));
  CHECK(has(refusal("{" + tensor("a", "U8", "4294967296,4294967296", "0,0") + "}", 0),
            "a shape whose size leaves 63 bits"));
  CHECK(has(refusal("{" + tensor("a", "F32", "4611686018427387905", "0,4") + "}", 4),
            "a shape whose size leaves 63 bits"));
  CHECK(has(refusal("{" + tensor("a", "F64", "9223372036854775807,2", "0,0") + "}", 0),
            "a shape whose size leaves 63 bits"));
  CHECK(has(refusal("{" + tensor("a", "U8", "9223372036854775807", "0,1") + "}", 1), "need 9223372036854775807"));
}

TEST_CASE("two tensors of one name and two pairs of one key are refused, even when an escape hides it") {
  CHECK(has(refusal("{" + tensor("a", "U8", "0", "0,0") + "," + tensor("a", "U8", "0", "0,0") + "}", 0),
            "tensor \"a\" comes twice"));
  CHECK(has(refusal("{" + tensor("a", "U8", "1", "0,1") + "," + tensor("\\u0061", "U8", "1", "1,2") + "}", 2),
            "tensor \"a\" comes twice"));
  CHECK(has(refusal(R"({"__metadata__":{"k":"1","j":"2","k":"1"}})", 0), "the metadata key \"k\" comes twice"));
}

TEST_CASE("P22: the bytes between two quotation marks are counted exactly") {
  const SafetensorsReaderSettings settings{.limits = {.text_bytes = 40}};
  const auto with_text = [](std::size_t bytes) {
    return R"({"__metadata__":{"k":")" + std::string(bytes, 'v') + "\"}}";
  };
  CHECK(refusal(with_text(39), 0, settings) == "nothing was thrown");
  CHECK(refusal(with_text(40), 0, settings) == "nothing was thrown");
  CHECK(has(refusal(with_text(41), 0, settings), "f: byte 30: more than 40 bytes without a quotation mark"));
  const auto escaped = [](std::size_t bytes) {
    return R"({"__metadata__":{"k":"\"\\)" + std::string(bytes - 4, 'v') + "\"}}";
  };
  CHECK(refusal(escaped(40), 0, settings) == "nothing was thrown");
  CHECK(has(refusal(escaped(41), 0, settings), "more than 40 bytes"));
  const auto with_gap = [](std::size_t bytes) {
    return R"({"__metadata__":{"k")" + std::string(bytes, ' ') + ":\"\"}}";
  };
  CHECK(refusal(with_gap(39), 0, settings) == "nothing was thrown");
  CHECK(has(refusal(with_gap(40), 0, settings), "more than 40 bytes"));  // the colon is between the texts too
  const auto behind = [](std::size_t bytes) { return "{" + std::string(bytes, '\n') + "}"; };
  CHECK(refusal(behind(38), 0, settings) == "nothing was thrown");
  CHECK(has(refusal(behind(39), 0, settings), "more than 40 bytes"));
}

TEST_CASE("a header with checksums must match them, as the policy says") {
  const std::string none = "{" + tensor("a", "U8", "1", "0,1") + "}";
  const std::string a = "," + tensor("a", "U8", "1", "0,1");
  const std::string format = R"(,"longshore.format":"1")";
  const std::string sum = R"(,"longshore.xxh64.a":"0123456789abcdef")";
  const SafetensorsReaderSettings required{.checksums = Checksums::required};
  const SafetensorsReaderSettings ignored{.checksums = Checksums::ignored};

  CHECK(refusal(none, 1) == "nothing was thrown");
  CHECK(has(refusal(none, 1, required), "the header has no checksum at its beginning, and it is required"));
  CHECK(refusal(checksummed(format + sum, a), 1, required) == "nothing was thrown");

  std::string changed = checksummed(format + sum + R"(,"k":"v")", a);
  changed[changed.find("\"v\"") + 1] = 'w';
  CHECK(has(refusal(changed, 1), "f: byte 8: the header does not match its checksum"));
  CHECK(refusal(changed, 1, ignored) == "nothing was thrown");

  CHECK(has(refusal(checksummed(sum, a), 1), "longshore.format is \"missing\", this library reads up to 1"));
  CHECK(has(refusal(checksummed(R"(,"longshore.format":"2")" + sum, a), 1), "longshore.format is \"2\", this library"));
  CHECK(has(refusal(checksummed(format, a), 1), "tensor \"a\" has no checksum"));
  CHECK(refusal(checksummed(format, a), 1, ignored) == "nothing was thrown");

  const std::string moved =
      R"({"__metadata__":{"longshore.format":"1","longshore.xxh64":"0123456789abcdef"})" + a + "}";
  CHECK(has(refusal(moved, 1), "was it rewritten by another program that copied the metadata?"));
  CHECK(has(refusal(R"({"__metadata__":{"longshore.xxh64":"0123"}})", 0), "the header has no checksum"));
  CHECK(has(refusal(R"({"__metadata__":{"longshore.xxh64":"0123","longshore.format":"1"}})", 0), "does not match"));
  CHECK(refusal(moved, 1, ignored) == "nothing was thrown");

  CHECK(SafetensorsHeader("f", checksummed(format + sum + R"(,"k":"v")", a), 1, {}).metadata() ==
        longshore::Metadata{{"k", "v"}});
}
