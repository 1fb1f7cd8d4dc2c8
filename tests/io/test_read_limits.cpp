// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/name_items.hpp>
#include <longshore/data/read_csv.hpp>
#include <longshore/data/read_sequences.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/read_limits.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;

namespace {

ls::LineReader lines_of(const std::string& text, const ls::ReadLimits& limits) {
  return ls::LineReader(ls::text_stream(text), "text", limits);
}

// Reads records; the error, or "nothing was thrown".
std::string records(const std::string& text, const ls::ReadLimits& limits, const ls::DelimitedFormat& format = {}) {
  return test::error_text<ls::FileError>([&] {
    ls::DelimitedReader reader(lines_of(text, limits), format);
    while (reader.next()) continue;
  });
}

std::string csv(const std::string& text, const ls::ReadLimits& limits) {
  return test::error_text<ls::FileError>([&] { ls::read_csv(lines_of(text, limits), {.limits = limits}); });
}

std::string sequences(const std::string& text, const ls::ReadLimits& limits) {
  return test::error_text<ls::FileError>([&] { ls::read_sequences(lines_of(text, limits), {.limits = limits}); });
}

const std::string accepted = "nothing was thrown";

}  // namespace

TEST_CASE("read_limits: P22, a line has at most line_bytes bytes, its end not counted") {
  for (const std::size_t limit : {10UL, 4096UL, 262144UL, 1048576UL}) {
    const ls::ReadLimits limits{.line_bytes = limit};
    const std::string words = "LineReader: text:2:" + std::to_string(limit + 1) +
                              ": the line is longer than the limit of " + std::to_string(limit) +
                              " bytes (ReadLimits::line_bytes)";
    for (const std::string end : {"", "\n", "\r\n", "\nmore\n"}) {
      const auto line = [&](std::size_t length) { return "a\n" + std::string(length, 'x') + end; };
      CHECK(records(line(limit - 1), limits) == accepted);
      CHECK(records(line(limit), limits) == accepted);
      CHECK(records(line(limit + 1), limits) == words);
      CHECK(records(line(limit + 2), limits) == words);
    }
    // A CR that no LF follows belongs to the line.
    CHECK(test::has(records("a\n" + std::string(limit, 'x') + "\r", limits), "longer than the limit"));
  }
}

TEST_CASE("read_limits: P22, a record with quoted line ends has at most line_bytes bytes") {
  const ls::ReadLimits limits{.line_bytes = 100};
  const auto record = [](std::size_t size) {
    return "\"" + std::string(50, 'x') + "\n" + std::string(size - 53, 'y') + "\"\n";
  };
  CHECK(records(record(99), limits) == accepted);
  CHECK(records(record(100), limits) == accepted);
  CHECK(records(record(101), limits) ==
        "LineReader: text:1:1: the quote that opens here makes the record longer than "
        "the limit of 100 bytes (ReadLimits::line_bytes)");
}

TEST_CASE("read_limits: P22, a record has at most `fields` fields") {
  for (const bool quotes : {false, true})
    for (const std::size_t limit : {1UL, 2UL, 4096UL}) {
      const ls::ReadLimits limits{.fields = limit};
      const auto record = [&](std::size_t fields) {
        std::string text = quotes ? "\"a\"\"b\"" : "a";  // doubled quotes take the other path through the reader
        for (std::size_t k = 1; k < fields; ++k) text += ",a";
        return text;
      };
      if (limit > 1) CHECK(records(record(limit - 1), limits) == accepted);
      CHECK(records(record(limit), limits) == accepted);
      CHECK(test::has(records(record(limit + 1), limits), "the record has more fields than the limit of " +
                                                              std::to_string(limit) + " (ReadLimits::fields)"));
    }
}

TEST_CASE("read_limits: P22, a log has at most `rows` events") {
  const auto events = [](std::size_t count) {
    std::string text = "user,item\n";
    for (std::size_t i = 0; i < count; ++i) text += "1,2\n";
    return text;
  };
  CHECK(csv(events(2), {.rows = 3}) == accepted);
  CHECK(csv(events(3), {.rows = 3}) == accepted);
  CHECK(csv(events(4), {.rows = 3}) ==
        "read_csv: text:5:1: the file has more events than the limit of 3 (ReadLimits::rows)");
  CHECK(sequences("1 2 3\n", {.rows = 3}) == accepted);
  CHECK(sequences("1 2 3\n2 4\n", {.rows = 3}) == accepted);
  CHECK(sequences("1 2 3\n2 4 5\n", {.rows = 3}) ==
        "read_sequences: text:2:5: the file has more events than the limit of 3 (ReadLimits::rows)");
}

TEST_CASE("read_limits: P22, a table of items has at most `rows` rows") {
  const auto named = [](std::size_t rows) {
    std::string text = "item_id,title\n";
    for (std::size_t i = 0; i < rows; ++i) text += std::to_string(i) + ",x\n";
    return test::error_text<ls::FileError>([&] {
      ls::InteractionLog log;
      ls::name_items(log, lines_of(text, {.rows = 3}));
    });
  };
  CHECK(named(2) == accepted);
  CHECK(named(3) == accepted);
  CHECK(named(4) == "name_items: text:5:1: the table has more rows than the limit of 3 (ReadLimits::rows)");
}

TEST_CASE("read_limits: P22, a log has at most `users` users and `items` items") {
  CHECK(csv("user,item\n1,1\n2,1\n", {.users = 3}) == accepted);
  CHECK(csv("user,item\n1,1\n2,1\n3,1\n3,2\n", {.users = 3}) == accepted);
  CHECK(csv("user,item\n1,1\n2,1\n3,1\nx,1\n", {.users = 3}) ==
        "read_csv: text:5:1: the file has more users than the limit of 3 (ReadLimits::users)");
  CHECK(csv("user,item\n1,1\n1,2\n", {.items = 3}) == accepted);
  CHECK(csv("user,item\n1,1\n1,2\n1,3\n2,3\n", {.items = 3}) == accepted);
  CHECK(csv("user,item\n1,1\n1,2\n1,3\n1,4\n", {.items = 3}) ==
        "read_csv: text:5:3: the file has more items than the limit of 3 (ReadLimits::items)");
  CHECK(sequences("1 1\n2 1\n", {.users = 2}) == accepted);
  CHECK(sequences("1 1\n", {.users = 2}) == accepted);
  CHECK(sequences("1 1\n2 1\n 3\n", {.users = 2}) ==
        "read_sequences: text:3:2: the file has more users than the limit of 2 (ReadLimits::users)");
  CHECK(sequences("1 5 6\n", {.items = 3}) == accepted);
  CHECK(sequences("1 5 6 7 5\n", {.items = 3}) == accepted);
  CHECK(sequences("1 5 6 7 8\n", {.items = 3}) ==
        "read_sequences: text:1:9: the file has more items than the limit of 3 (ReadLimits::items)");
}
