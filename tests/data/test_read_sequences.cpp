// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/read_sequences.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/support/data_folder.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Events = std::vector<test::Event>;

namespace {

ls::InteractionLog read(const std::string& text, const ls::ReadSettings& settings = {}) {
  return ls::read_sequences(ls::LineReader(ls::text_stream(text), "t.txt"), settings);
}

std::string error_of(const std::string& text) {
  return test::error_text<ls::FileError>([&] { read(text); });
}

}  // namespace

TEST_CASE("read_sequences: a user and the items in the order of time, line by line") {
  const ls::InteractionLog log = read("1 10 11 10\n\n  2\t12  \r\n3\n1 13");
  CHECK(test::events_of(log) ==
        Events{{"1", "10", 1, 0}, {"1", "11", 1, 1}, {"1", "10", 1, 2}, {"2", "12", 1, 3}, {"1", "13", 1, 4}});
  CHECK(log.user_count() == 3);
  CHECK_FALSE(log.has_times);
  CHECK_FALSE(log.has_values);
  CHECK(ls::histories(log).offsets == std::vector<std::size_t>{0, 4, 5, 5});
  CHECK(read("9 2 1\n", {.numbering = ls::Numbering::ascending}).items == xt::xtensor<ls::Id, 1>{1, 0});
}

TEST_CASE("read_sequences: P10, P14, what is wrong is refused with its place") {
  CHECK(error_of("") == "read_sequences: t.txt:1:1: expected events, got the end of the file");
  CHECK(error_of("1\n2\n") == "read_sequences: t.txt:3:1: expected events, got the end of the file");
  CHECK(error_of("1 2\n3 4\r5 6\n") == "read_sequences: t.txt:2:4: a carriage return in the middle of a line");
  CHECK(error_of("1 2\n3 \xff\n") == "read_sequences: t.txt:2:3: expected UTF-8 text, got other bytes");
}

TEST_CASE("read_sequences: Amazon Beauty has the facts that are known of it") {
  const auto path = data_file("amazon-beauty/Beauty.txt");
  if (!path) return;
  const ls::InteractionLog log = ls::read_sequences(*path);
  CHECK(log.size() == 198'502);
  CHECK(log.user_count() == 22'363);
  CHECK(log.item_count() == 12'101);
  CHECK(log.user_ids.key(22'362) == "22363");
}
