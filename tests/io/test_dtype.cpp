// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/dtype.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using longshore::Dtype;

TEST_CASE("every element type has the name and the size of the safetensors format") {
  const std::vector<std::pair<std::string, std::uint64_t>> expected = {
      {"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I64", 8}, {"I32", 4}, {"I16", 2},
      {"I8", 1},  {"U64", 8}, {"U32", 4}, {"U16", 2},  {"U8", 1},  {"BOOL", 1}};
  REQUIRE(longshore::dtype_table.size() == expected.size());
  for (const auto& [name, bytes] : expected) {
    const auto dtype = longshore::dtype_named(name);
    REQUIRE(dtype.has_value());
    CHECK(longshore::facts_of(*dtype).name == name);
    CHECK(longshore::facts_of(*dtype).bytes == bytes);
  }
}

TEST_CASE("other names are unknown, however similar") {
  for (const char* name : {"", "f32", "F3", "F320", "F32 ", "F8_E4M3", "C64", "BOO"})
    CHECK_FALSE(longshore::dtype_named(name).has_value());
}

TEST_CASE("C++ types are stored bit for bit") {
  CHECK(longshore::dtype_of<double>() == Dtype::f64);
  CHECK(longshore::dtype_of<float>() == Dtype::f32);
  CHECK(longshore::dtype_of<std::int64_t>() == Dtype::i64);
  CHECK(longshore::dtype_of<std::int32_t>() == Dtype::i32);
  CHECK(longshore::dtype_of<std::int16_t>() == Dtype::i16);
  CHECK(longshore::dtype_of<std::int8_t>() == Dtype::i8);
  CHECK(longshore::dtype_of<std::uint64_t>() == Dtype::u64);
  CHECK(longshore::dtype_of<std::uint32_t>() == Dtype::u32);
  CHECK(longshore::dtype_of<std::uint16_t>() == Dtype::u16);
  CHECK(longshore::dtype_of<std::uint8_t>() == Dtype::u8);
}
