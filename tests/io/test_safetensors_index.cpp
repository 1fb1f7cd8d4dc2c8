// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_index.hpp>

#include <string>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

using longshore::FileError;
using longshore::SafetensorsIndex;

TEST_CASE("names, keys and texts are places in the header") {
  SafetensorsIndex index;
  index.text = "name key value";
  CHECK(index.name({.name = 0, .name_bytes = 4}) == "name");
  CHECK(index.key({.key = 5, .key_bytes = 3}) == "key");
  CHECK(index.value({.value = 9, .value_bytes = 5}) == "value");
  CHECK(index.name({}).empty());
}

TEST_CASE("an error counts bytes from the beginning of the file and names the tensor") {
  SafetensorsIndex index;
  index.where = "reader: a.safetensors";
  index.text = "{\"weights\"";
  CHECK(test::error_text<FileError>([&] { index.refuse(3, "a ", 7); }) == "reader: a.safetensors: byte 11: a 7");
  CHECK(test::error_text<FileError>([&] { index.refuse_tensor({.name = 2, .name_bytes = 7}, "is bad"); }) ==
        "reader: a.safetensors: byte 10: tensor \"weights\" is bad");
}

TEST_CASE("an entry stays small, as hostile headers have many") {
  CHECK(sizeof(SafetensorsIndex::Tensor) <= 32);
  CHECK(sizeof(SafetensorsIndex::Pair) <= 16);
}
