// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/wrap_text.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ls = longshore;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char letter : text) {
    if (letter == '\n')
      lines.emplace_back();
    else
      lines.back() += letter;
  }
  return lines;
}

}  // namespace

TEST_CASE("wrap_text: lines are as full as they can be, and broken lines are indented") {
  CHECK(ls::wrap_text("") == "");
  CHECK(ls::wrap_text("a few words") == "a few words");
  CHECK(ls::wrap_text("one two three", 7) == "one two\nthree");
  CHECK(ls::wrap_text("one two three", 6) == "one\ntwo\nthree");
  CHECK(ls::wrap_text("one two three four", 9, "  ") == "one two\n  three\n  four");
  CHECK(ls::wrap_text("4000 users, 300 items; 9000 events", 20, "  ") == "4000 users, 300\n  items; 9000 events");
}

TEST_CASE("wrap_text: a text that fills its lines exactly is not broken earlier") {
  CHECK(ls::wrap_text("abcd efgh", 9) == "abcd efgh");
  CHECK(ls::wrap_text("abcd efgh", 8) == "abcd\nefgh");
  CHECK(ls::wrap_text("abcd efgh ij", 9) == "abcd efgh\nij");
}

TEST_CASE("wrap_text: what is longer than a line stays whole") {
  CHECK(ls::wrap_text("abcdefgh", 4) == "abcdefgh");
  CHECK(ls::wrap_text("to /a/long/path now", 6) == "to\n/a/long/path\nnow");
  CHECK(ls::wrap_text("/a/long/path now", 6, "      ") == "/a/long/path\n      now");
  CHECK(ls::wrap_text("a b", 2, "longer indent ") == "a\nlonger indent b");
  CHECK(ls::wrap_text("a b c", 0) == "a\nb\nc");
}

TEST_CASE("wrap_text: line breaks stay, and the spaces at the beginning of a line") {
  CHECK(ls::wrap_text("one two\nthree\n", 5, " ") == "one\n two\nthree\n");
  CHECK(ls::wrap_text("\n\n", 5) == "\n\n");
  CHECK(ls::wrap_text("    one two three", 12) == "    one two\nthree");
  CHECK(ls::wrap_text("    long words", 6) == "    long\nwords");
}

TEST_CASE("wrap_text: letters of several bytes count once, and no word is lost") {
  CHECK(ls::wrap_text("äöü ß€é", 7) == "äöü ß€é");
  CHECK(ls::wrap_text("äöü ß€é", 6) == "äöü\nß€é");
  std::string text;
  for (int k = 0; k < 60; ++k) text += (k == 0 ? "" : " ") + std::string(static_cast<std::size_t>(1 + k * 7 % 11), 'x');
  for (const std::size_t width : {std::size_t{11}, std::size_t{20}, std::size_t{80}}) {
    std::string wrapped = ls::wrap_text(text, width);
    for (const std::string& line : lines_of(wrapped)) CHECK(line.size() <= width);
    std::ranges::replace(wrapped, '\n', ' ');
    CHECK(wrapped == text);
  }
}
