// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_parser.hpp>

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

using longshore::FileError;
using longshore::SafetensorsIndex;
using longshore::SafetensorsLimits;
using longshore::SafetensorsParser;

namespace {

SafetensorsIndex parsed(const std::string& text, const SafetensorsLimits& limits = {}) {
  SafetensorsIndex index;
  index.where = "f";
  index.text = text;
  SafetensorsParser::parse(index, limits);
  return index;
}

std::string refusal(const std::string& text, const SafetensorsLimits& limits = {}) {
  return test::error_text<FileError>([&] { parsed(text, limits); });
}

const std::string good = R"("dtype":"F32","shape":[2,3],"data_offsets":[0,24])";

}  // namespace

TEST_CASE("a header becomes tensors and metadata, in its order") {
  const SafetensorsIndex index = parsed(R"({ "b" : {"shape":[4, 0,7],"data_offsets":[8, 8] ,"dtype":"I64"},
    "__metadata__":{"k":"v","":"","j":"w"}, "":{"dtype":"BOOL","shape":[],"data_offsets":[18446744073709551615,1]} })");
  REQUIRE(index.tensors.size() == 2);
  CHECK(index.name(index.tensors[0]) == "b");
  CHECK(index.tensors[0].dtype == longshore::Dtype::i64);
  CHECK(index.tensors[0].rank == 3);
  CHECK(index.text.substr(index.tensors[0].shape, 8) == "[4, 0,7]");
  CHECK(index.tensors[0].begin == 8);
  CHECK(index.tensors[0].end == 8);
  CHECK(index.name(index.tensors[1]).empty());
  CHECK(index.tensors[1].rank == 0);
  CHECK(index.tensors[1].begin == 18446744073709551615u);
  REQUIRE(index.metadata.size() == 3);
  CHECK(index.key(index.metadata[0]) == "k");
  CHECK(index.value(index.metadata[0]) == "v");
  CHECK(index.key(index.metadata[1]).empty());
  CHECK(index.value(index.metadata[1]).empty());
  CHECK(index.value(index.metadata[2]) == "w");
  CHECK(parsed("{}").tensors.empty());
}

TEST_CASE("escapes are replaced by what they mean") {
  const SafetensorsIndex index = parsed(
      R"({"__metadata__":{"\u00e9\n\"\\\/":"\ud83d\ude00 \u0000.","x":"plain"},"a\tb":{"dty\u0070e":"F\u0033\u0032",)"
      R"("shape":[2,3],"data_offsets":[0,24]}})");
  CHECK(index.key(index.metadata[0]) == "\xc3\xa9\n\"\\/");
  CHECK(index.value(index.metadata[0]) == std::string("\xf0\x9f\x98\x80 \0.", 7));
  CHECK(index.value(index.metadata[1]) == "plain");
  CHECK(index.name(index.tensors[0]) == "a\tb");
  CHECK(index.tensors[0].dtype == longshore::Dtype::f32);
}

TEST_CASE("whatever is not the grammar is refused at its byte") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "f: byte 8: the header is not valid JSON"},
      {"[]", "f: byte 8: the header holds [ where none belongs"},
      {"7", "the header holds a number where none belongs"},
      {"\"a\"", "f: byte 10: the header holds a text where none belongs"},
      {R"({"a":null})", "the header holds null where none belongs"},
      {R"({"a":true})", "the header holds true or false where none belongs"},
      {R"({"a":[]})", "f: byte 13: the header holds [ where none belongs"},
      {R"({"a":{}})", "f: byte 10: tensor \"a\" has no field \"dtype\""},
      {R"({"a":{"dtype":"F32","data_offsets":[0,24]}})", "tensor \"a\" has no field \"shape\""},
      {R"({"a":{"dtype":"F32","shape":[2,3]}})", "tensor \"a\" has no field \"data_offsets\""},
      {R"({"a":{)" + good + R"(,"dtype":"F32"}})", "\"dtype\" comes twice"},
      {R"({"a":{)" + good + R"(,"shape":[1]}})", "\"shape\" comes twice"},
      {R"({"a":{)" + good + R"(,"data_offsets":[0,1]}})", "\"data_offsets\" comes twice"},
      {R"({"a":{)" + good + R"(,"extra":1}})", "a tensor has no field \"extra\""},
      {R"({"a":{"dtype":7}})", "the header holds a number where none belongs"},
      {R"({"a":{"dtype":"F31"}})", "f: byte 26: the element type \"F31\" is unknown"},
      {R"({"a":{"dtype":{}}})", "the header holds { where none belongs"},
      {R"({"a":{"shape":7}})", "the header holds a number where none belongs"},
      {R"({"a":{"shape":"7"}})", "the header holds a text where none belongs"},
      {R"({"a":{"shape":["7"]}})", "the header holds a text where none belongs"},
      {R"({"a":{"shape":[[7]]}})", "f: byte 23: the header holds [ where none belongs"},
      {R"({"a":{"shape":[-1]}})", "the header holds a negative number where none belongs"},
      {R"({"a":{"shape":[-0]}})", "the header holds a negative number where none belongs"},
      {R"({"a":{"shape":[1.0]}})", "a number that is not an integer below 2^64"},
      {R"({"a":{"shape":[1e1]}})", "a number that is not an integer below 2^64"},
      {R"({"a":{"shape":[18446744073709551616]}})", "a number that is not an integer below 2^64"},
      {R"({"a":{"shape":[9223372036854775808]}})", "an extent of 9223372036854775808"},
      {R"({"a":{"shape":[01]}})", "the header is not valid JSON"},
      {R"({"a":{"shape":[1,]}})", "the header is not valid JSON"},
      {R"({"a":{"shape":[null]}})", "the header holds null where none belongs"},
      {R"({"a":{"data_offsets":[]}})", "data_offsets holds fewer than two numbers"},
      {R"({"a":{"data_offsets":[1]}})", "data_offsets holds fewer than two numbers"},
      {R"({"a":{"data_offsets":[0,1,2]}})", "the header holds a number where none belongs"},
      {R"({"a":{"data_offsets":[0.0,1]}})", "a number that is not an integer below 2^64"},
      {R"({"a":{"data_offsets":[true,1]}})", "the header holds true or false where none belongs"},
      {R"({"a":{"data_offsets":{}}})", "the header holds { where none belongs"},
      {R"({"__metadata__":{},"__metadata__":{}})", "\"__metadata__\" comes twice"},
      {R"({"__metadata__":null})", "the header holds null where none belongs"},
      {R"({"__metadata__":{"k":7}})", "the header holds a number where none belongs"},
      {R"({"__metadata__":{"k":{}}})", "the header holds { where none belongs"},
      {R"({"__metadata__":{"k":["v"]}})", "the header holds [ where none belongs"},
      {R"({"__metadata__":["v"]})", "the header holds [ where none belongs"},
      {"{", "the header is not valid JSON"},
      {R"({"a":{)" + good + "}", "the header is not valid JSON"},
      {"{}{}", "f: byte 10: the header is not valid JSON"},
      {"{} x", "the header is not valid JSON"},
      {"{a:1}", "the header is not valid JSON"},
      {"{'a':1}", "the header is not valid JSON"},
      {"{/**/}", "f: byte 9: the header is not valid JSON"},
      {"{\"\x01\":{}}", "the header is not valid JSON"},
      {"{\"\xff\":{}}", "the header is not valid JSON"},
      {"{\"\xc0\xaf\":{}}", "the header is not valid JSON"},
      {R"({"\ud800":{}})", "the header is not valid JSON"},
      {R"({"\q":{}})", "the header is not valid JSON"},
  };
  for (const auto& [header, expected] : cases) {
    const std::string& text = header;  // clang 16 captures no structured binding
    CAPTURE(text);
    const std::string came = refusal(text);
    CHECK_MESSAGE(test::has(came, expected), came);
    CHECK(came.starts_with("f: byte "));
  }
}

TEST_CASE("P22: extents, names, tensors and metadata pairs are counted exactly") {
  const auto tensor = [](const std::string& name, const std::string& shape) {
    return '"' + name + R"(":{"dtype":"F32","shape":[)" + shape + R"(],"data_offsets":[0,0]})";
  };
  const auto accepts = [](const std::string& text, const SafetensorsLimits& limits) {
    return refusal(text, limits) == "nothing was thrown";
  };
  const SafetensorsLimits limits{.tensors = 3, .metadata_pairs = 3, .rank = 3, .name_bytes = 3};
  CHECK(accepts("{" + tensor("a", "1,1") + "}", limits));
  CHECK(accepts("{" + tensor("a", "1,1,1") + "}", limits));
  CHECK(test::has(refusal("{" + tensor("a", "1,1,1,1") + "}", limits), "more than 3 extents in a shape"));
  CHECK(accepts("{" + tensor("ab", "") + "}", limits));
  CHECK(accepts("{" + tensor("abc", "") + "}", limits));
  CHECK(test::has(refusal("{" + tensor("abcd", "") + "}", limits), "a tensor's name of 4 bytes, at most 3"));
  const std::string two = tensor("a", "") + "," + tensor("b", "");
  CHECK(accepts("{" + two + "}", limits));
  CHECK(accepts("{" + two + "," + tensor("c", "") + "}", limits));
  CHECK(test::has(refusal("{" + two + "," + tensor("c", "") + "," + tensor("d", "") + "}", limits),
                  "more than 3 tensors"));
  CHECK(accepts(R"({"__metadata__":{"a":"","b":""}})", limits));
  CHECK(accepts(R"({"__metadata__":{"a":"","b":"","c":""}})", limits));
  CHECK(test::has(refusal(R"({"__metadata__":{"a":"","b":"","c":"","d":""}})", limits), "more than 3 metadata pairs"));
}
