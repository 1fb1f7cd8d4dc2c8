// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/io/gunzip_stream.hpp>
#include <longshore/io/line_reader.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;

namespace {

struct Read {
  std::string text, error;  // what came, and what was thrown behind it
  bool operator==(const Read&) const = default;
};

/// All that a stream gives, asked for in pieces.
Read read(const ls::ByteStream& stream, std::size_t step) {
  Read all;
  std::vector<char> room(step);
  try {
    for (std::size_t count = stream(room); count > 0; count = stream(room)) all.text.append(room.data(), count);
    CHECK(stream(room) == 0);
  } catch (const ls::FileError& error) {
    all.error = error.what();
    CHECK(test::error_text<ls::FileError>([&] { stream(room); }) == all.error);
  }
  return all;
}

/// The same whatever the pieces that it is asked for, and those that it gets.
Read inflated(const std::string& packed) {
  const Read all = read(ls::gunzip_stream(ls::text_stream(packed)), 1000);
  CHECK(read(ls::gunzip_stream(ls::text_stream(packed)), 1) == all);
  CHECK(read(ls::gunzip_stream(ls::text_stream(packed)), 1 << 20) == all);
  const ls::ByteStream bytewise = [source = ls::text_stream(packed)](std::span<char> bytes) {
    return source(bytes.first(bytes.empty() ? 0 : 1));
  };
  CHECK(read(ls::gunzip_stream(bytewise), 1000) == all);
  return all;
}

std::string lines(int first, int count) {
  std::string text;
  for (int i = first; i < first + count; ++i)
    text += "user " + std::to_string(i) + "\titem " + std::to_string(i * i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("gunzip_stream: plain bytes come as they are, members one behind the other, zeros behind them are padding") {
  const test::TemporaryFolder folder;
  const std::string one = lines(0, 40), two = lines(40, 30);
  const std::string packed = test::gzipped(one, folder), more = test::gzipped(two, folder),
                    none = test::gzipped("", folder);
  for (const std::string& plain :
       {std::string(), std::string("\x1f"), std::string("\x1fx"), std::string("\x8b\x1f"), one})
    CHECK(inflated(plain) == Read{plain, ""});
  CHECK(inflated(packed) == Read{one, ""});
  CHECK(inflated(packed + more) == Read{one + two, ""});
  CHECK(inflated(none + packed + none + none + more + none) == Read{one + two, ""});
  CHECK(inflated(packed + std::string(1000, '\0')) == Read{one, ""});
  CHECK(inflated(packed + std::string(3, '\0') + more + std::string(1, '\0')) == Read{one + two, ""});
}

TEST_CASE("gunzip_stream: P8, a member after the first is refused at every damaged bit of its head, and at every cut") {
  const test::TemporaryFolder folder;
  const std::string one = lines(0, 40), two = lines(40, 30);
  const std::string packed = test::gzipped(one, folder), more = test::gzipped(two, folder);
  for (std::size_t bit = 0; bit < 8 * 3; ++bit) {  // magic and method
    CAPTURE(bit);
    std::string damaged = more;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const Read came = inflated(packed + damaged);
    CHECK(came.text == one);
    CHECK(test::has(came.error, bit < 8
                                    ? "the gzipped file is damaged: expected another member, zeros or the end behind"
                                : bit < 16 ? "the gzipped file is damaged: incorrect header check"
                                           : "the gzipped file is damaged: unknown compression method"));
  }
  for (std::size_t length = 1; length < more.size(); ++length) {
    CAPTURE(length);
    const Read came = inflated(packed + more.substr(0, length));
    CHECK(came.error == "the gzipped file is cut short");
    CHECK(came.text.starts_with(one));
    CHECK((one + two).starts_with(came.text));
  }
  for (const std::string behind : {"\n", "x", "PK", "\xff"})
    CHECK(inflated(packed + behind) ==
          Read{one, "the gzipped file is damaged: expected another member, zeros or the end behind a whole one"});
}

TEST_CASE("gunzip_stream: P14, errors come behind all that is before them, so that a reader names the place") {
  const test::TemporaryFolder folder;
  const auto place_of = [](const std::string& packed) {
    ls::LineReader reader(ls::gunzip_stream(ls::text_stream(packed)), "log.gz");
    std::size_t whole = 0;
    const std::string text = test::error_text<ls::FileError>([&] {
      while (reader.next()) ++whole;
    });
    return std::pair(whole, text);
  };
  const std::string first = test::gzipped(lines(0, 551), folder), all = test::gzipped(lines(0, 14950), folder);
  std::string wrong = test::gzipped(lines(551, 100), folder);
  wrong[0] = 'x';
  CHECK(
      place_of(first + wrong) ==
      std::pair(std::size_t{551}, std::string("LineReader: log.gz:552:1: the gzipped file is damaged: expected another "
                                              "member, zeros or the end behind a whole one")));
  wrong = all;
  wrong[wrong.size() - 8] = static_cast<char>(wrong[wrong.size() - 8] ^ 1);
  CHECK(place_of(wrong) ==
        std::pair(std::size_t{14950},
                  std::string("LineReader: log.gz:14951:1: the gzipped file is damaged: incorrect data check")));
  wrong = all;
  wrong.back() = static_cast<char>(wrong.back() ^ 1);
  CHECK(test::has(place_of(wrong).second, "log.gz:14951:1: the gzipped file is damaged: incorrect length check"));
  const Read came = inflated(all.substr(0, all.size() / 2));  // in the middle of a line
  const auto newlines = static_cast<std::size_t>(std::count(came.text.begin(), came.text.end(), '\n'));
  REQUIRE(newlines > 5000);
  CHECK(place_of(all.substr(0, all.size() / 2)).second == "LineReader: log.gz:" + std::to_string(newlines + 1) + ":" +
                                                              std::to_string(came.text.size() - came.text.rfind('\n')) +
                                                              ": the gzipped file is cut short");
  // What the source throws comes in its turn, too.
  const ls::ByteStream breaks = [source = ls::text_stream(first.substr(0, 900)),
                                 left = 2](std::span<char> bytes) mutable {
    if (left-- == 0) throw ls::FileError("the line is dead");
    return source(bytes.first(450));
  };
  const Read broken = read(ls::gunzip_stream(breaks), 1000);
  CHECK(broken.error == "the line is dead");
  CHECK(broken.text == inflated(first.substr(0, 900)).text);
  CHECK(broken.text.size() > 1000);
}
