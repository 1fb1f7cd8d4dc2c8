// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/io/line_reader.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using Lines = std::vector<std::string>;

namespace {

ls::LineReader reader_of(const std::string& text, ls::Encoding encoding = ls::Encoding::utf8) {
  return ls::LineReader(ls::text_stream(text), "text", {}, encoding);
}

Lines lines_of(const std::string& text, ls::Encoding encoding = ls::Encoding::utf8) {
  ls::LineReader reader = reader_of(text, encoding);
  Lines lines;
  while (reader.next()) lines.emplace_back(reader.line());
  CHECK_FALSE(reader.next());
  return lines;
}

std::string error_of(const std::string& text) {
  return test::error_text<ls::FileError>([&] { lines_of(text); });
}

}  // namespace

TEST_CASE("line_reader: lines end with LF, CR LF or the file, in any mixture") {
  CHECK(lines_of("").empty());
  CHECK(lines_of("\n") == Lines{""});
  CHECK(lines_of("\r\n") == Lines{""});
  CHECK(lines_of("a") == Lines{"a"});
  CHECK(lines_of("a\nb\r\n\nc\rd\n\r\ne") == Lines{"a", "b", "", "c\rd", "", "e"});
  CHECK(lines_of("a\r\r\nb\r") == Lines{"a\r", "b\r"});
}

TEST_CASE("line_reader: tells number and end of every line") {
  ls::LineReader reader = reader_of("a\r\nb\nc");
  CHECK(reader.number() == 0);
  const std::vector<std::string> endings = {"\r\n", "\n", ""};
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(reader.next());
    CHECK(reader.number() == i + 1);
    CHECK(reader.ending() == endings[i]);
  }
  CHECK_FALSE(reader.next());
  CHECK(reader.number() == 3);
}

TEST_CASE("line_reader: passes over a byte order mark of UTF-8 at the front only") {
  CHECK(lines_of("\xef\xbb\xbf"
                 "a\nb") == Lines{"a", "b"});
  CHECK(lines_of("\xef\xbb\xbf").empty());
  CHECK(lines_of("a\n\xef\xbb\xbf"
                 "b") == Lines{"a",
                               "\xef\xbb\xbf"
                               "b"});
}

TEST_CASE("line_reader: shows what it has already read behind a line") {
  ls::LineReader lines(ls::text_stream("a\nb c\r\n\nd"), "text");
  CHECK(lines.ahead().empty());
  for (const char* behind : {"b c\r\n\nd", "\nd", "d", ""}) {
    REQUIRE(lines.next());
    CHECK(lines.ahead() == behind);
  }
  CHECK_FALSE(lines.next());
  CHECK(lines.ahead().empty());
}

TEST_CASE("line_reader: a line repeated is given once more, after a move too") {
  ls::LineReader first = reader_of("a\nb\n");
  first.repeat();  // before the first line there is nothing to repeat
  REQUIRE(first.next());
  CHECK(first.line() == "a");
  first.repeat();
  ls::LineReader reader = std::move(first);
  REQUIRE(reader.next());
  CHECK(reader.line() == "a");
  CHECK(reader.number() == 1);
  REQUIRE(reader.next());
  CHECK(reader.line() == "b");
  CHECK_FALSE(reader.next());
  reader.repeat();
  CHECK_FALSE(reader.next());
}

TEST_CASE("line_reader: lines of all lengths around the sizes of the buffer") {
  for (const std::size_t length :
       {4090UL, 4095UL, 4096UL, 4097UL, 65535UL, 65536UL, 262143UL, 262144UL, 262145UL, 600000UL}) {
    std::string text(length, 'x');
    text += "\r\nafter\n" + std::string(length, 'y');
    const Lines lines = lines_of(text);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == std::string(length, 'x'));
    CHECK(lines[1] == "after");
    CHECK(lines[2] == std::string(length, 'y'));
  }
}

TEST_CASE("line_reader: P10, NUL, UTF-16 and bytes that are not UTF-8 are refused with line and column") {
  CHECK(error_of(std::string("a\nb\0c", 5)) == "LineReader: text:2:2: a NUL byte: this is no text file");
  CHECK(error_of(std::string("\0", 1)) == "LineReader: text:1:1: a NUL byte: this is no text file");
  CHECK(error_of("\xff\xfe"
                 "a") == "LineReader: text:1:1: expected UTF-8 text, got UTF-16: convert it first");
  CHECK(error_of("\xfe\xff"
                 "a") == "LineReader: text:1:1: expected UTF-8 text, got UTF-16: convert it first");
  CHECK(error_of("good\nna\xefve") == "LineReader: text:2:3: expected UTF-8 text, got other bytes");
  CHECK(error_of("na\xc3\xafve\n\xc3\n\xa9") == "LineReader: text:2:1: expected UTF-8 text, got other bytes");
  CHECK(lines_of("na\xefve", ls::Encoding::bytes) == Lines{"na\xefve"});
  CHECK(test::has(test::error_text<ls::FileError>([] { lines_of(std::string("\0", 1), ls::Encoding::bytes); }), "NUL"));
}

TEST_CASE("line_reader: P10, what is wrong is found wherever in a long file it is") {
  const std::string clean = std::string(997, 'a') + "\n";
  for (const std::size_t before : {0UL, 3UL, 4UL, 5UL, 260UL, 263UL, 400UL}) {
    std::string text;
    for (std::size_t i = 0; i < before; ++i) text += clean;
    const std::string place = ":" + std::to_string(before + 1) + ":2: ";
    CHECK(test::has(error_of(text + "b\xff\n" + clean), place));
    CHECK(test::has(error_of(text + std::string("b\0\n", 3) + clean), place));
    CHECK(lines_of(text + "b\xc3\xa9\n" + clean).size() == before + 2);
  }
}

TEST_CASE("line_reader: P14, errors begin with the function that the user called") {
  ls::LineReader reader = reader_of("a");
  reader.report_as("read_csv");
  CHECK(test::error_text<ls::FileError>([&] { reader.fail(7, 9, "expected ", 1, ", got ", 2); }) ==
        "read_csv: text:7:9: expected 1, got 2");
  const test::TemporaryFolder folder;
  CHECK(test::error_text<ls::FileError>([&] { ls::LineReader(folder / "none"); }) ==
        "LineReader: " + (folder / "none").string() + " cannot be opened: No such file or directory");
}

TEST_CASE("line_reader: reads files by their path") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "notes.txt", "a\nb\n");
  ls::LineReader reader(folder / "notes.txt");
  CHECK(reader.name() == (folder / "notes.txt").string());
  CHECK(reader.next());
  CHECK(reader.next());
  CHECK(reader.line() == "b");
  CHECK_FALSE(reader.next());
}
