// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/fuzz/delimited_reader.hpp"
#include "tests/fuzz/mutate.hpp"
#include "tests/support/error_text.hpp"

namespace ls = longshore;

static_assert(!std::is_move_constructible_v<ls::DelimitedReader>, "its record may lie in it");
using Record = std::vector<std::string>;
using Records = std::vector<Record>;

namespace {

Records records_of(const std::string& text, const ls::DelimitedFormat& format = {}) {
  ls::DelimitedReader reader(ls::LineReader(ls::text_stream(text), "t.csv"), format);
  Records records;
  while (reader.next()) {
    records.emplace_back();
    for (std::size_t k = 0; k < reader.size(); ++k) records.back().emplace_back(reader.text(k));
  }
  return records;
}

std::string error_of(const std::string& text, const ls::DelimitedFormat& format = {}) {
  return test::error_text<ls::FileError>([&] { records_of(text, format); });
}

}  // namespace

TEST_CASE("delimited_reader: splits records at separators, and passes over empty lines") {
  CHECK(records_of("a,b\n1,2\r\n\n\r\n,\n") == Records{{"a", "b"}, {"1", "2"}, {"", ""}});
  CHECK(records_of("1\t2,3\t4", {.separator = "\t"}) == Records{{"1", "2,3", "4"}});
  CHECK(records_of("1::2:3::4\n", {.separator = "::"}) == Records{{"1", "2:3", "4"}});
  CHECK(records_of("1:::2\n", {.separator = "::"}) == Records{{"1", ":2"}});
  CHECK(records_of("").empty());
  CHECK(records_of("\n\n").empty());
}

TEST_CASE("delimited_reader: quoted fields hold separators, quotes and line ends") {
  CHECK(records_of("\"a,b\",c\n") == Records{{"a,b", "c"}});
  CHECK(records_of("\"a \"\"b\"\"\",\"\"\n") == Records{{"a \"b\"", ""}});
  CHECK(records_of("x,\"a\nb\r\nc\",\"d\"\"\"\ny,1,2") == Records{{"x", "a\nb\r\nc", "d\""}, {"y", "1", "2"}});
  CHECK(records_of("\"a\"::\"b::c\"", {.separator = "::"}) == Records{{"a", "b::c"}});
  CHECK(records_of("\"a\rb\"\n") == Records{{"a\rb"}});
  CHECK(records_of("\"\"\"\"\"\"") == Records{{"\"\""}});
  CHECK(records_of("5\" disk,a\"b\n") == Records{{"5\" disk", "a\"b"}});  // a quote inside is text
  CHECK(records_of("\"a,b\n", {.quotes = false}) == Records{{"\"a", "b"}});
}

TEST_CASE("delimited_reader: fields stay valid when a record is put together from many lines") {
  std::string text = "first,\"";
  for (int i = 0; i < 1000; ++i) text += "line \"\"" + std::to_string(i) + "\"\"\n";
  const Records records = records_of(text + "\",last\n");
  REQUIRE(records.size() == 1);
  CHECK(records[0][0] == "first");
  CHECK(records[0][2] == "last");
  CHECK(records[0][1].starts_with("line \"0\"\nline \"1\"\n"));
}

TEST_CASE("delimited_reader: P10, unbalanced quotes are refused where they open or close") {
  CHECK(error_of("a,b\n1,\"2\n3,4\n") == "LineReader: t.csv:2:3: the quote that opens here is never closed");
  CHECK(error_of("a,b\n1,\"" + std::string(100, 'x') + "\n") ==
        "LineReader: t.csv:2:3: the quote that opens here is never closed");
  CHECK(error_of("a,\"") == "LineReader: t.csv:1:3: the quote that opens here is never closed");
  CHECK(error_of("a,\"b\"\"") == "LineReader: t.csv:1:3: the quote that opens here is never closed");
  CHECK(error_of("a,\"b\"c,d\n") == "LineReader: t.csv:1:6: expected ',' behind the closing quote, got 'c'");
  CHECK(error_of("a,\"b\n\"c\n") == "LineReader: t.csv:2:2: expected ',' behind the closing quote, got 'c'");
}

TEST_CASE("delimited_reader: P10, a carriage return that ends no line is refused outside quotes") {
  CHECK(error_of("a,b\n1\r2,3\n") == "LineReader: t.csv:2:2: a carriage return in the middle of a line");
  CHECK(error_of("a,b\r") == "LineReader: t.csv:1:4: a carriage return in the middle of a line");
}

TEST_CASE("delimited_reader: P10, another number of fields than the first record has is refused") {
  CHECK(error_of("a,b\n1\n") == "LineReader: t.csv:2:2: expected 2 fields as in the first record, got 1");
  CHECK(error_of("a,b\n\n1,2,3,4\n") == "LineReader: t.csv:3:5: expected 2 fields as in the first record, got 4");
  CHECK(error_of("a,b\n\"1\n1\",2,3\n") == "LineReader: t.csv:3:6: expected 2 fields as in the first record, got 3");
  CHECK(records_of("a,b\n1\n1,2,3\n", {.ragged = true}) == Records{{"a", "b"}, {"1"}, {"1", "2", "3"}});
}

TEST_CASE("delimited_reader: numbers and times of fields, with spaces around them") {
  ls::DelimitedReader reader(ls::LineReader(ls::text_stream("7, 2.5 ,\"-3\",2019-10-01,1e999,,x\n"), "t.csv"));
  REQUIRE(reader.next());
  CHECK(reader.number<std::int64_t>(0) == 7);
  CHECK(reader.number<float>(1) == 2.5F);
  CHECK(reader.text(1) == " 2.5 ");
  CHECK(reader.word(1) == "2.5");
  CHECK(reader.number<double>(2) == -3.0);
  CHECK(reader.seconds(3) == 1569888000);
  CHECK(reader.lines().number() == 1);
  const auto number = [&](std::size_t field) {
    return test::error_text<ls::FileError>([&] { reader.number<float>(field); });
  };
  CHECK(number(4) == "LineReader: t.csv:1:25: expected a finite number, got '1e999'");
  CHECK(number(5) == "LineReader: t.csv:1:31: expected a finite number, got ''");
  CHECK(number(6) == "LineReader: t.csv:1:32: expected a finite number, got 'x'");
  ls::DelimitedReader semicolons(ls::LineReader(ls::text_stream("4,5;4,5,6;,\n"), "t.csv"), {.separator = ";"});
  REQUIRE(semicolons.next());
  CHECK(test::error_text<ls::FileError>([&] { semicolons.number<float>(0); }) ==
        "LineReader: t.csv:1:1: expected a finite number, got '4,5' (its decimal sign must be a point)");
  CHECK(test::error_text<ls::FileError>([&] { semicolons.number<float>(1); }) ==
        "LineReader: t.csv:1:5: expected a finite number, got '4,5,6'");
  CHECK(test::error_text<ls::FileError>([&] { semicolons.number<float>(2); }) ==
        "LineReader: t.csv:1:11: expected a finite number, got ','");
  CHECK(test::error_text<ls::FileError>([&] { reader.number<int>(1); }) ==
        "LineReader: t.csv:1:3: expected an integer, got ' 2.5 '");
  CHECK(test::error_text<ls::FileError>([&] { reader.seconds(6); }) ==
        "LineReader: t.csv:1:32: expected a time stamp, got 'x'");
  CHECK(test::error_text<ls::FileError>([&] { reader.fail(99, "why"); }) == "LineReader: t.csv:1:33: why");
  CHECK(test::error_text<ls::ShapeError>([&] { reader.text(7); }) ==
        "DelimitedReader::text: the record has 7 fields, got 7");
}

TEST_CASE("delimited_reader: errors in records of several lines have the line and column of the field") {
  ls::DelimitedReader reader(ls::LineReader(ls::text_stream("h\n\n\"a\nbb\",x,\"c\n\",\"y\"\"\"\n"), "t.csv"),
                             {.ragged = true});
  REQUIRE(reader.next());
  REQUIRE(reader.next());
  const auto place = [&](std::size_t field) {
    return test::error_text<ls::FileError>([&] { reader.fail(field, ""); });
  };
  CHECK(place(0) == "LineReader: t.csv:3:1: ");
  CHECK(place(1) == "LineReader: t.csv:4:5: ");
  CHECK(place(2) == "LineReader: t.csv:4:7: ");
  CHECK(place(3) == "LineReader: t.csv:5:3: ");
}

TEST_CASE("delimited_reader: P10, 30,000 hostile texts are read as by the slow reference") {
  std::mt19937 random(11);
  const std::string seeds[] = {"a,b,c\n1,2,3\n",
                               "\"a\",\"b \"\"q\"\" b\"\r\n1,\"x\ny\"\r\n",
                               "1::2::3\n4::5::6\n",
                               "u\ti\nx\ty\n\n",
                               "\xef\xbb\xbf"
                               "caf\xc3\xa9,\"\"\n,\n",
                               "1aab2aab\"3\"\n4aab5aab6"};
  std::size_t disagreements = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text = mutate(seeds[random() % std::size(seeds)], random);
    text.insert(text.begin(), static_cast<char>(random() % 256));
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    if (!delimited_reader_agrees(bytes)) {
      ++disagreements;
      MESSAGE("disagreement on ", text);
    }
  }
  CHECK(disagreements == 0);
}
