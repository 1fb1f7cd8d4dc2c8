// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <unistd.h>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include <longshore/core/error.hpp>
#include <longshore/data/read_log.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Events = std::vector<test::Event>;

namespace {

std::string text_of_event(int i, char between) {
  const std::string separator(1, between);
  return std::to_string(i % 10) + separator + std::to_string(i % 7) + separator + "3" + separator + std::to_string(i) +
         "\n";
}

/// What the text, which fits into a pipe, is read as when it comes through one.
std::size_t events_through_pipe(const std::string& text) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  REQUIRE(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  close(ends[1]);
  const std::size_t events = ls::read_log("/dev/fd/" + std::to_string(ends[0])).size();
  close(ends[0]);
  return events;
}

}  // namespace

TEST_CASE("read_log: recognises every format, plain and gzipped, under any name") {
  struct Case {
    std::string text, first_user, first_item;
    bool has_times;
  };
  const Case cases[] = {
      {"196\t242\t3\t881250949\n186\t302\t3\t891717742\n", "196", "242", true},
      {"1::1193::5::978300760\n", "1", "1193", true},
      {"userId,movieId,rating,timestamp\n1,2,3.5,7\n", "1", "2", true},
      {"user_id:token\titem_id:token\nu\ti\n", "u", "i", false},
      {"item;user;price\nx;a;3\n", "a", "x", false},
      {"user_id item_id time\na x 3\n", "a", "x", true},
      {"1 10 11\n2 12\n", "1", "10", false},
      {"B00 x y\n", "B00", "x", false},
  };
  const test::TemporaryFolder folder;
  for (const Case& expected : cases) {
    CAPTURE(expected.text);
    test::make_file(folder / "file", expected.text);
    test::make_file(folder / "file.gz", test::gzipped(expected.text, folder));
    for (const char* name : {"file", "file.gz"}) {
      const ls::InteractionLog log = ls::read_log(folder / name);
      CHECK(log.user_ids.key(log.users(0)) == expected.first_user);
      CHECK(log.item_ids.key(log.items(0)) == expected.first_item);
      CHECK(log.has_times == expected.has_times);
    }
  }
}

TEST_CASE("read_log: settings choose columns, and a table without a header") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "log", "who,what,user,item\na,x,1,2\n");
  CHECK(test::events_of(ls::read_log(folder / "log", {.user = "who", .item = "what"})) == Events{{"a", "x", 1, 0}});
  CHECK(test::events_of(ls::read_log(folder / "log")) == Events{{"1", "2", 1, 0}});
  test::make_file(folder / "bare", "a,x,5,100\n");
  CHECK(test::events_of(ls::read_log(folder / "bare", {.header = {"user", "item", "rating", "time"}})) ==
        Events{{"a", "x", 5, 100}});
  test::make_file(folder / "data.inter", "who:token\twhat:token\ttimestamp:float\na\tx\t7\n");
  CHECK(test::events_of(ls::read_log(folder / "data.inter", {.user = "who", .item = "what"})) ==
        Events{{"a", "x", 1, 7}});
}

TEST_CASE("read_log: titles come from the file beside, also for MovieLens and atomic files") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "ratings.csv", "userId,movieId,rating,timestamp\n1,2,3,4\n");
  test::make_file(folder / "movies.csv", "movieId,title,genres\n2,Two,Drama\n");
  CHECK(ls::read_log(folder / "ratings.csv").item_names.at(0) == "Two");
  test::make_file(folder / "x.inter", "user_id:token\titem_id:token\n1\t2\n");
  test::make_file(folder / "x.item", "item_id:token\ttitle:token\n2\tZwei\n");
  CHECK(ls::read_log(folder / "x.inter").item_names.at(0) == "Zwei");
  test::make_file(folder / "x.item", "item_id:token\tprice:float\n2\t3.5\n");
  CHECK(ls::read_log(folder / "x.inter").item_names.empty());
}

TEST_CASE("read_log: P14, a line above the header of a table is refused; sequences are read, and what it is is told") {
  const test::TemporaryFolder folder;
  const std::string path = (folder / "file").string();
  std::string format;
  const auto error_of = [&](const std::string& text) {
    test::make_file(path, text);
    format.clear();
    return test::error_text<ls::FileError>(
        [&] { ls::read_log(path, {.on_format = [&](std::string_view taken_for) { format = taken_for; }}); });
  };
  CHECK(error_of("My export\nuser,item,rating\n1,2,3\n") ==
        "read_log: " + path +
            ":2:1: this looks like a table, and 'My export' above it like no header: remove what stands above the "
            "header (read_sequences takes any lines for 'user item item ...')");
  CHECK(format.empty());
  CHECK(test::has(error_of("My export\n\nwho;what\na;b\n"), ":3:1: this looks like a table"));
  CHECK(test::has(error_of("# ratings of today\n1\t2\t3\t881250949\n"), ":2:1: this looks like a table"));
  const std::string nothing = "nothing was thrown";
  CHECK(error_of("1 10 11\n2 12\n3 9,8 7\n") == nothing);
  CHECK(format == "lines of 'user item item ...'");
  CHECK(error_of("My export\nof two\n") == nothing);
  CHECK(error_of("user,item\n1,2\n") == nothing);
  CHECK(format == "a table with named columns");
  CHECK(error_of("1\t2\t3\t4\n") == nothing);
  CHECK(format == "ratings of MovieLens");
  CHECK(error_of("user_id:token\titem_id:token\nu\ti\n") == nothing);
  CHECK(format == "a RecBole .inter file");
}

TEST_CASE("read_log: reads a pipe from front to end, whatever is in it") {
  const std::string first_lines[] = {"", "user,item,rating,time\n",
                                     "user_id:token\titem_id:token\trating:float\tt:float\n"};
  for (const std::string& first : first_lines) {
    std::string text = first;
    const char between = first.find(',') != std::string::npos ? ',' : '\t';
    for (int i = 0; i < 2000; ++i) text += text_of_event(i, between);
    CHECK(events_through_pipe(text) == 2000);
  }
  CHECK(events_through_pipe("1 2 3\n" + std::string(5000, ' ') + "\n1 4\n") == 3);
}

TEST_CASE("read_log: settings that the files have no use for are refused, and `none` leaves a column out") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "s", "1 2 3\n");
  CHECK(test::error_text<ls::ShapeError>([&] { ls::read_log(folder / "s", {.columns = {{.name = "price"}}}); }) ==
        "read_sequences: these files name no columns: user, item, value, time, columns, separator and header of "
        "ReadSettings are for read_csv");
  test::make_file(folder / "u.data", "1\t2\t3\t4\n");
  const ls::ReadSettings nothing{.value = ls::ReadSettings::none, .time = ls::ReadSettings::none};
  CHECK(test::events_of(ls::read_log(folder / "u.data", nothing)) == Events{{"1", "2", 1, 0}});
  CHECK_FALSE(ls::read_log(folder / "u.data", nothing).has_times);
  CHECK_FALSE(ls::read_log(folder / "u.data", nothing).has_values);
  CHECK(ls::read_log(folder / "s", nothing).size() == 2);
}

TEST_CASE("read_log: P14, anything else is refused with the list of what is accepted") {
  const test::TemporaryFolder folder;
  const std::string path = (folder / "file").string();
  const auto error_of = [&](const std::string& text, const ls::ReadSettings& settings = {}) {
    test::make_file(path, text);
    return test::error_text<ls::FileError>([&] { ls::read_log(path, settings); });
  };
  CHECK(
      error_of("{\"user\": 1}\n") ==
      "read_log: " + path +
          ":1:1: expected one of: MovieLens u.data, ratings.dat or ratings.csv; RecBole .inter (header user_id:token, "
          "item_id:token, ...); a CSV or TSV whose header names the columns of users (known names: " +
          std::string(ls::known_columns(ls::ColumnRole::user)) + ") and items (" +
          std::string(ls::known_columns(ls::ColumnRole::item)) +
          "), or ReadSettings::user and ::item do; lines of 'user item item ...'; each may be gzipped. Got '{\"user\": "
          "1}'");
  CHECK(error_of("") == "read_log: " + path + ":1:1: expected an interaction log, got an empty file");
  CHECK(test::has(error_of("1,2,3\n"), "expected one of"));
  CHECK(test::has(error_of("alone\n"), "expected one of"));
  // Columns that are named are looked for, in files too that would be recognised without.
  CHECK(test::has(error_of("1\t2\t3\t4\n", {.time = "at"}), "expected a header with a column of users"));
  CHECK(test::has(error_of("userId,movieId,rating,timestamp\n1,2,3,4\n", {.time = "at"}), "expected a column 'at'"));
  CHECK(test::has(error_of("user_id:token\titem_id:token_seq\n"),
                  "read_log: " + path + ":1:15: expected one entry an event"));
  CHECK(test::has(error_of("user,item\n1,2\n", {.columns = {{.name = "price"}}}), "expected a column 'price'"));
  const auto of_none = [&](auto read) { return test::error_text<ls::FileError>([&] { read(folder / "none"); }); };
  const std::string none = (folder / "none").string() + " cannot be opened: No such file or directory";
  CHECK(of_none([](const auto& file) { ls::read_log(file); }) == "read_log: " + none);
  CHECK(of_none([](const auto& file) { ls::read_csv(file); }) == "read_csv: " + none);
  CHECK(of_none([](const auto& file) { ls::read_inter(file); }) == "read_inter: " + none);
  CHECK(of_none([](const auto& file) { ls::read_movielens(file); }) == "read_movielens: " + none);
  CHECK(of_none([](const auto& file) { ls::read_sequences(file); }) == "read_sequences: " + none);
  ls::InteractionLog log;
  CHECK(of_none([&](const auto& file) { ls::name_items(log, file); }) == "name_items: " + none);
  test::make_file(folder / "x.inter", "1\t2\t3\t4\n");
  CHECK(test::has(test::error_text<ls::FileError>([&] { ls::read_log(folder / "x.inter"); }),
                  "expected a header such as"));
}

TEST_CASE("read_log: a stop gives the log up before the next event, whatever the format") {
  const test::TemporaryFolder folder;
  const std::string path = (folder / "file").string();
  struct Case {
    const char *text, *reader;
    int line;
  };
  for (const Case& given :
       {Case{"user,item\n1,2\n1,3\n", "read_csv", 2},
        Case{"196\t242\t3\t881250949\n196\t2\t3\t4\n", "read_movielens", 1},
        Case{"user_id:token\titem_id:token\nu\ti\n", "read_inter", 2}, Case{"1 10 11\n2 12\n", "read_sequences", 1}}) {
    CAPTURE(given.text);
    test::make_file(path, given.text);
    std::stop_source stop;
    const ls::ReadSettings settings{.on_format = [&](std::string_view) { stop.request_stop(); },
                                    .stop = stop.get_token()};
    CHECK(test::error_text<ls::Interrupted>([&] { ls::read_log(path, settings); }) ==
          std::string(given.reader) + ": " + path + ": stopped at line " + std::to_string(given.line));
    CHECK_NOTHROW(ls::read_log(path, {.stop = std::stop_source().get_token()}));
  }
}

TEST_CASE("read_log: a stop that comes while a file is read is heeded") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  std::stop_source stop;
  std::jthread writer([&] {  // as long as the log is read: it ends by the stop or not at all
    const auto put = [&](std::string_view text) { return write(ends[1], text.data(), text.size()) > 0; };
    put("user,item\n");
    for (int i = 0; i < 100'000 && put("1,2\n"); ++i)
      if (i == 50'000) stop.request_stop();
    close(ends[1]);
  });
  const std::string text = test::error_text<ls::Interrupted>(
      [&] { ls::read_log("/dev/fd/" + std::to_string(ends[0]), {.stop = stop.get_token()}); });
  CHECK(test::has(text, ": stopped at line "));
  std::string rest(1 << 16, ' ');  // lets the writer end
  while (read(ends[0], rest.data(), rest.size()) > 0) continue;
  close(ends[0]);
}
