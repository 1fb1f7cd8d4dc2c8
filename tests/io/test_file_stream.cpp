// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/io/file_stream.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;

namespace {

std::string all_of(const std::filesystem::path& path, std::size_t step = 1000) {
  const ls::ByteStream stream = ls::file_stream(path);
  std::vector<char> room(step);
  std::string text;
  for (std::size_t count = stream(room); count > 0; count = stream(room)) text.append(room.data(), count);
  return text;
}

std::string some_text() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919 % 4099) + (i % 10 == 9 ? "\n" : "\t");
  return text;
}

std::size_t open_files() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("file_stream: plain and gzipped files give the same bytes, whatever their names") {
  const test::TemporaryFolder folder;
  const std::string text = some_text();
  test::make_file(folder / "plain.gz", text);
  test::make_file(folder / "packed.txt", test::gzipped(text, folder));
  test::make_file(folder / "members", test::gzipped(text, folder) + test::gzipped("and more", folder));
  test::make_file(folder / "empty", "");
  test::make_file(folder / "packed_empty", test::gzipped("", folder));
  for (const std::size_t step : {1UL, 1000UL, 1048576UL}) {
    CHECK(all_of(folder / "plain.gz", step) == text);
    CHECK(all_of(folder / "packed.txt", step) == text);
    CHECK(all_of(folder / "members", step) == text + "and more");
    CHECK(all_of(folder / "empty", step).empty());
    CHECK(all_of(folder / "packed_empty", step).empty());
  }
}

TEST_CASE("file_stream: P8, a gzipped file that is cut short or damaged is refused at every length and byte") {
  const test::TemporaryFolder folder;
  const std::string packed = test::gzipped(some_text(), folder);
  std::size_t refused = 0, lengths = 0;
  for (std::size_t length = 18; length < packed.size(); length += length + 40 < packed.size() ? 37 : 1, ++lengths) {
    test::make_file(folder / "cut", packed.substr(0, length));
    const std::string words = test::error_text<ls::FileError>([&] { all_of(folder / "cut"); });
    refused += words == "the gzipped file is cut short" ? 1 : 0;
  }
  CHECK(refused == lengths);

  // What the file still holds comes before the error, in whatever pieces it is asked for.
  const auto delivered = [&](std::size_t step) {
    const ls::ByteStream stream = ls::file_stream(folder / "cut");
    std::vector<char> bytes(step);
    std::string got;
    const auto read_on = [&] {
      for (std::size_t count = stream(bytes); count > 0; count = stream(bytes)) got.append(bytes.data(), count);
    };
    CHECK_THROWS_AS(read_on(), ls::FileError);
    return got;
  };
  test::make_file(folder / "cut", packed.substr(0, packed.size() / 2));
  const std::string begin = delivered(1);
  CHECK(begin.size() > some_text().size() / 4);
  CHECK(some_text().starts_with(begin));
  CHECK(delivered(1000) == begin);
  CHECK(delivered(1 << 20) == begin);

  std::size_t wrong = 0;
  for (std::size_t place = 10; place < packed.size(); place += 13) {
    std::string damaged = packed;
    damaged[place] = static_cast<char>(damaged[place] ^ 4);
    test::make_file(folder / "damaged", damaged);
    const std::string words = test::error_text<ls::FileError>([&] { all_of(folder / "damaged"); });
    if (!test::has(words, "the gzipped file is")) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("file_stream: P14, says why a file cannot be opened or read") {
  const test::TemporaryFolder folder;
  const std::string missing = (folder / "missing").string();
  CHECK(test::error_text<ls::FileError>([&] { ls::file_stream(missing); }) ==
        "file_stream: " + missing + " cannot be opened: No such file or directory");
  CHECK(test::error_text<ls::FileError>([&] { all_of(folder.path()); }) == "cannot be read: Is a directory");
}

TEST_CASE("file_stream: the file is closed with the last copy") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "text", "text");
  const std::size_t before = open_files();
  {
    const ls::ByteStream stream = ls::file_stream(folder / "text");
    const ls::ByteStream copy = stream;
    CHECK(open_files() == before + 1);
  }
  CHECK(open_files() == before);
}
