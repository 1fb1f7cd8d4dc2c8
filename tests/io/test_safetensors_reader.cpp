// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/io/safetensors_writer.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/safetensors_bytes.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::Checksums;
using longshore::Dtype;
using longshore::FileError;
using longshore::NonFinite;
using longshore::SafetensorsReader;
using longshore::ShapeError;
using test::error_text;
using test::has;
using test::safetensors_bytes;
using test::verdict;

namespace {

/// A file of the library of about 4 KiB: floats, doubles, integers, bytes, a scalar, an empty tensor, metadata.
std::string own_file() {
  const test::TemporaryFolder folder;
  longshore::SafetensorsWriter writer(folder / "a",
                                      {{.name = "floats", .dtype = Dtype::f32, .shape = {20, 20}},
                                       {.name = "doubles", .dtype = Dtype::f64, .shape = {50}},
                                       {.name = "integers", .dtype = Dtype::i32, .shape = {5, 40}},
                                       {.name = "scalar", .dtype = Dtype::f64},
                                       {.name = "empty", .dtype = Dtype::f32, .shape = {0}},
                                       {.name = "bytes", .dtype = Dtype::u8, .shape = {500}}},
                                      {{"step", "1000"}, {"note", "of \"no\" use"}});
  std::vector<float> floats(400);
  std::vector<double> doubles(50);
  std::vector<std::int32_t> integers(200);
  for (std::size_t i = 0; i < floats.size(); ++i) floats[i] = static_cast<float>(i) * 0.37f - 50.0f;
  for (std::size_t i = 0; i < doubles.size(); ++i) doubles[i] = static_cast<double>(i) * 0.73 - 10.0;
  for (std::size_t i = 0; i < integers.size(); ++i) integers[i] = static_cast<std::int32_t>(i * i) - 999;
  writer.write<float>("floats", floats);
  writer.write<double>("doubles", doubles);
  writer.write<std::int32_t>("integers", integers);
  writer.write<double>("scalar", std::vector<double>{2.5});
  writer.write<float>("empty", {});
  writer.write<std::uint8_t>("bytes", std::vector<std::uint8_t>(500, 200));
  writer.commit();
  return test::content_of(folder / "a");
}

std::size_t header_end(const std::string& file) {
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  return 8 + static_cast<std::size_t>(length);
}

}  // namespace

TEST_CASE("tensors are read by name into the caller's memory") {
  std::string file = safetensors_bytes(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                       R"("h":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]}})",
                                       10);
  const float values[] = {1.5f, -2.0f};
  std::memcpy(file.data() + header_end(file), values, 8);
  file[file.size() - 1] = '\x3f';
  const SafetensorsReader reader(test::bytes_of_text(file), {}, "f");
  CHECK(reader.size() == 2);
  CHECK(reader.entry(1).name == "h");
  CHECK(reader.entry(1).dtype == Dtype::bf16);
  CHECK(reader.data_offset() == header_end(file));
  std::vector<float> floats(2);
  reader.read<float>("a", floats);
  CHECK(floats == std::vector<float>{1.5f, -2.0f});
  CHECK(reader.read<float>("a") == floats);
  std::vector<std::byte> half(2);
  reader.read_bytes("h", half);
  CHECK(half[1] == std::byte{0x3f});
  CHECK_FALSE(reader.find("b").has_value());
  CHECK(reader.find("a")->shape == std::vector<std::int64_t>{2});
  CHECK_FALSE(reader.metadata("k").has_value());
  reader.verify();
}

TEST_CASE("what the file does not have is refused") {
  const std::string file = safetensors_bytes(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8);
  const SafetensorsReader reader(test::bytes_of_text(file), {}, "f");
  std::vector<float> floats(2);
  std::vector<float> three(3);
  CHECK(error_text<FileError>([&] { reader.read<float>("b", floats); }) ==
        "SafetensorsReader: f: there is no tensor \"b\"");
  CHECK(error_text<FileError>([&] { reader.read<double>("a"); }) ==
        "SafetensorsReader: f: tensor \"a\" holds F32, the caller reads F64");
  CHECK(error_text<ShapeError>([&] { reader.read<float>("a", three); }) ==
        "SafetensorsReader: f: tensor \"a\" has 8 bytes, the destination has 12");
}

TEST_CASE("a file is read as memory is, and its path is in every error") {
  const test::TemporaryFolder folder;
  const std::string file = own_file();
  test::make_file(folder / "a", file);
  const SafetensorsReader reader(folder / "a", {.checksums = Checksums::required});
  reader.verify();
  CHECK(reader.read<double>("scalar") == std::vector<double>{2.5});
  const std::string path = (folder / "a").string();
  CHECK(reader.path() == path);
  CHECK(SafetensorsReader(std::as_bytes(std::span(file)), {}, "the request").path() == "the request");
  CHECK(has(error_text<FileError>([&] { reader.read<float>("b"); }), path));
  CHECK(has(error_text<FileError>([&] { SafetensorsReader(folder / "b"); }), "open: No such file or directory"));
  CHECK(has(error_text<FileError>([&] { SafetensorsReader{folder.path()}; }), "is not a regular file"));
  std::string damaged = file;
  damaged[header_end(file) + 399] ^= 1;
  test::make_file(folder / "a", damaged);
  CHECK(error_text<FileError>([&] { SafetensorsReader(folder / "a").verify(); }) ==
        "SafetensorsReader: " + path + ": byte " + std::to_string(header_end(file)) +
            ": tensor \"doubles\" does not match its checksum");
  test::make_file(folder / "a", file.substr(0, file.size() - 1));
  CHECK(has(error_text<FileError>([&] { SafetensorsReader(folder / "a"); }),
            "\"bytes\" ends at 3308 of the data, which has 3307 bytes"));
}

TEST_CASE("P9: every class of malformed files is refused with its reason") {
  const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  const auto with = [](const std::string& tensors, std::size_t bytes) {
    return safetensors_bytes("{" + tensors + "}", bytes);
  };
  const auto with_length = [](std::uint64_t length, const std::string& rest) {
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + rest;
  };
  REQUIRE(verdict(with(a, 8)) == "accepted");
  struct Malformed {
    std::string name, bytes, reason;
  };
  const std::vector<Malformed> corpus = {
      {"nothing at all", "", "byte 0: the file has 0 bytes"},
      {"shorter than a length", "1234567", "byte 0: the file has 7 bytes"},
      {"a length and nothing", with_length(2, ""), "a header of 2 bytes in a file of 8"},
      {"no header", with_length(0, ""), "the header must begin with {"},
      {"header longer than the file", with_length(100, "{}"), "a header of 100 bytes in a file of 10"},
      {"header longer than the limit", with_length(100'000'001, "{}"), "at most 100000000 are read"},
      {"length of all ones", with_length(UINT64_MAX, "{}"), "at most 100000000 are read"},
      {"length that wraps with 8", with_length(UINT64_MAX - 7, "{}"), "at most 100000000 are read"},
      {"white space first", safetensors_bytes(" {}"), "must begin with {"},
      {"byte order mark", safetensors_bytes("\xef\xbb\xbf{}"), "must begin with {"},
      {"a list", safetensors_bytes("[]"), "must begin with {"},
      {"cut JSON", safetensors_bytes("{" + a, 8), "not valid JSON"},
      {"text behind the JSON", safetensors_bytes("{" + a + "}x", 8), "not valid JSON"},
      {"second JSON", safetensors_bytes("{" + a + "}{}", 8), "not valid JSON"},
      {"NUL as padding", safetensors_bytes("{" + a + "}" + std::string(3, '\0'), 8), "a NUL in the header"},
      {"NUL that hides a tail", safetensors_bytes("{" + a + std::string("}\0{", 3), 8), "a NUL in the header"},
      {"comment", with("/* */" + a, 8), "not valid JSON"},
      {"trailing comma", with(a + ",", 8), "not valid JSON"},
      {"invalid UTF-8",
       with(R"(")"
            "\xff"
            R"(":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})",
            8),
       "not valid JSON"},
      {"lone surrogate", with(R"("\udc00":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})", 8), "not valid JSON"},
      {"nesting of a million", safetensors_bytes("{\"a\":" + std::string(60'000, '[')), "[ where none belongs"},
      {"nested objects", safetensors_bytes(R"({"a":{"dtype":{"b":{}}}})"), "{ where none belongs"},
      {"duplicate tensor", with(a + "," + a, 8), "the one before ends at 8"},
      {"duplicate empty tensor",
       with(
           R"("a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})",
           0),
       "comes twice"},
      {"duplicate field", with(R"("a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})", 8),
       "comes twice"},
      {"duplicate metadata", with(R"("__metadata__":{"k":"1","k":"2"},)" + a, 8), "comes twice"},
      {"two metadata objects", with(R"("__metadata__":{},"__metadata__":{},)" + a, 8), "comes twice"},
      {"metadata that is a number", with(R"("__metadata__":{"k":1},)" + a, 8), "a number where none belongs"},
      {"missing type", with(R"("a":{"shape":[2],"data_offsets":[0,8]})", 8), "no field \"dtype\""},
      {"missing shape", with(R"("a":{"dtype":"F32","data_offsets":[0,8]})", 8), "no field \"shape\""},
      {"missing offsets", with(R"("a":{"dtype":"F32","shape":[2]})", 8), "no field \"data_offsets\""},
      {"unknown field", with(R"("a":{"x":1,"dtype":"F32","shape":[2],"data_offsets":[0,8]})", 8),
       "a tensor has no field"},
      {"unknown type", with(R"("a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]})", 8), "\"F4\" is unknown"},
      {"negative extent", with(R"("a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]})", 8), "a negative number"},
      {"extent with a fraction", with(R"("a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})", 8),
       "not an integer"},
      {"extent over 63 bits", with(R"("a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,8]})", 8),
       "an extent"},
      {"too many extents", with(R"("a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]})", 8),
       "8 extents"},
      {"product that wraps to fit",
       with(R"("a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]})", 0), "leaves 63 bits"},
      {"empty tensor whose other extents wrap",
       with(R"("a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]})", 0), "leaves 63 bits"},
      {"bytes that wrap to fit", with(R"("a":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]})", 8),
       "leaves 63 bits"},
      {"offsets too small for the shape", with(R"("a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]})", 8),
       "need 12"},
      {"offsets too large for the shape", with(R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]})", 8), "need 4"},
      {"offsets past the end", with(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})", 7), "which has 7 bytes"},
      {"offsets near 2^64",
       with(R"("a":{"dtype":"U8","shape":[0],"data_offsets":[18446744073709551615,18446744073709551615]})", 0),
       "begins at"},
      {"offsets over 64 bits", with(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551624]})", 8),
       "not an integer below"},
      {"offsets with fractions", with(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0.0,8.0]})", 8),
       "not an integer"},
      {"offsets that go back", with(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]})", 8), "begins at 8"},
      {"one offset", with(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[8]})", 8), "fewer than two numbers"},
      {"three offsets", with(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]})", 8),
       "a number where none belongs"},
      {"overlap", with(a + R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]})", 12),
       "the one before ends at 8"},
      {"hole", with(a + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]})", 16), "the one before ends at 8"},
      {"hole at the beginning", with(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]})", 12),
       "before ends at 0"},
      {"bytes behind the data", with(a, 9), "the tensors end at 8 of the data, which has 9"},
      {"empty tensor inside another", with(a + R"(,"e":{"dtype":"F32","shape":[0],"data_offsets":[4,4]})", 8),
       "begins at 4"},
      {"empty tensor behind the end", with(a + R"(,"e":{"dtype":"F32","shape":[0],"data_offsets":[9,9]})", 8),
       "begins at 9"},
  };
  CHECK(corpus.size() >= 50);
  for (const Malformed& file : corpus) {
    CAPTURE(file.name);
    const std::string came = verdict(file.bytes);
    CHECK_MESSAGE(has(came, file.reason), came);
    CHECK(came.starts_with("SafetensorsReader: memory: "));
  }
}

TEST_CASE("P8: a file that is cut anywhere is refused") {
  const std::string file = own_file();
  REQUIRE(file.size() >= 4096);
  REQUIRE(verdict(file) == "accepted");
  std::size_t accepted = 0;
  for (std::size_t length = 0; length < file.size(); ++length)
    accepted += verdict(std::string_view(file).substr(0, length)) == "accepted";
  CHECK(accepted == 0);
  CHECK(verdict(file + '\0') != "accepted");
}

TEST_CASE("P8: every flipped bit of the header is detected") {
  std::string file = own_file();
  std::size_t undetected = 0;
  for (std::size_t bit = 0; bit < header_end(file) * 8; ++bit) {
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
    undetected += verdict(file) == "accepted";
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
  }
  CHECK(undetected == 0);
  CHECK(verdict(file) == "accepted");
}

TEST_CASE("P8: every flipped bit of the header of a file without tensors is detected") {
  const test::TemporaryFolder folder;
  longshore::SafetensorsWriter(folder / "a", {}).commit();
  std::string file = test::content_of(folder / "a");
  std::size_t undetected = 0;
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
    undetected += verdict(file) == "accepted";
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
  }
  CHECK(undetected == 0);
}

TEST_CASE("P8: a hundred thousand flipped bits of the data are detected") {
  std::string file = own_file();
  const std::size_t begin = header_end(file);
  // The header stays as it is: one reader per thousand flips sees each of them, as the memory under it changes.
  std::mt19937_64 random(1);
  std::size_t undetected = 0;
  for (int round = 0; round < 100; ++round) {
    const SafetensorsReader reader(test::bytes_of_text(file), {.non_finite = NonFinite::accept});
    for (int flip = 0; flip < 1000; ++flip) {
      const std::size_t bit = begin * 8 + random() % ((file.size() - begin) * 8);
      file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
      undetected += error_text<FileError>([&] { reader.verify(); }) == "nothing was thrown";
      file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
    }
    reader.verify();
  }
  CHECK(undetected == 0);
}

TEST_CASE("P12: ten thousand planted NaN and infinities are reported, each at its byte") {
  std::mt19937 random(3);
  const std::string floats =
      safetensors_bytes(R"({"x":{"dtype":"F32","shape":[3000],"data_offsets":[0,12000]}})", 12'000);
  const std::string doubles =
      safetensors_bytes(R"({"x":{"dtype":"F64","shape":[3000],"data_offsets":[0,24000]}})", 24'000);
  std::size_t missed = 0;
  const auto plant = [&](std::string file, const auto& specials) {
    const SafetensorsReader reader(test::bytes_of_text(file), {}, "f");
    for (int i = 0; i < 5000; ++i) {
      const auto special = specials[random() % 4];
      const std::size_t at = header_end(file) + random() % 3000 * sizeof(special);
      std::memcpy(file.data() + at, &special, sizeof(special));
      missed += error_text<FileError>([&] { reader.read<std::remove_cvref_t<decltype(special)>>("x"); }) !=
                "SafetensorsReader: f: byte " + std::to_string(at) + ": tensor \"x\" holds a NaN or an infinity";
      std::memset(file.data() + at, 0, sizeof(special));
    }
  };
  using F = std::numeric_limits<float>;
  using D = std::numeric_limits<double>;
  plant(floats, std::vector<float>{F::infinity(), -F::infinity(), F::quiet_NaN(), F::signaling_NaN()});
  plant(doubles, std::vector<double>{D::infinity(), -D::infinity(), D::quiet_NaN(), D::signaling_NaN()});
  CHECK(missed == 0);
}
