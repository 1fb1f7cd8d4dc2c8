// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <random>
#include <span>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/read_records.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/fuzz/log_readers.hpp"
#include "tests/fuzz/mutate.hpp"
#include "tests/support/error_text.hpp"

namespace ls = longshore;

namespace {

const ls::RecordLayout layout{.user = 1, .item = 0, .value = 3, .time = 2};

ls::InteractionLog read(const std::string& text, const ls::RecordLayout& how = layout) {
  return ls::read_records(ls::LineReader(ls::text_stream(text), "t.csv"), how);
}

std::string error_of(const std::string& text, const ls::RecordLayout& how = layout) {
  return test::error_text<ls::FileError>([&] { read(text, how); });
}

}  // namespace

TEST_CASE("read_records: takes the parts of events from their fields") {
  const ls::InteractionLog log = read("x, anna ,10,2.5\ny,7,-5,\"3\"\nx,7,2019-10-01,1\n");
  CHECK(log.users == xt::xtensor<ls::Id, 1>{0, 1, 1});
  CHECK(log.items == xt::xtensor<ls::Id, 1>{0, 1, 0});
  CHECK(log.times == xt::xtensor<ls::Seconds, 1>{10, -5, 1569888000});
  CHECK(log.values == xt::xtensor<float, 1>{2.5, 3, 1});
  CHECK(log.user_ids.key(0) == "anna");
  CHECK(log.has_times);
  CHECK(log.has_values);
}

TEST_CASE("read_records: P14, times after 2099 are refused unless the settings say what they count") {
  const auto error = [](const ls::ReadSettings& settings, const char* latest) {
    const std::string text = "x,a,7,1\n\ny,b," + std::string(latest) + ",1\nz,c,5,1\n";
    return test::error_text<ls::FileError>(
        [&] { ls::read_records(ls::LineReader(ls::text_stream(text), "t.csv"), layout, settings); });
  };
  CHECK(error({}, "4102444799") == "nothing was thrown");
  CHECK(error({}, "4102444800") ==
        "LineReader: t.csv:3:5: the latest time of the file, 4102444800, is after the year 2099 in seconds; "
        "ReadSettings::time_unit says what times count");
  CHECK(error({}, "2100-01-01") != "nothing was thrown");
  CHECK(error({.time_unit = ls::TimeUnit::seconds}, "4102444800") == "nothing was thrown");
  ls::RecordLayout how = layout;
  how.further = {{4, "until", ls::ReadSettings::ColumnKind::time}};
  CHECK(
      test::has(error_of("x,a,1,2,7\ny,b,1,2,1700000000000\n", how), "t.csv:2:9: the latest time of the file, 17000"));
  // Of several that are equal the first; in a record of several lines the line that it is in.
  CHECK(test::has(error_of("x,a,7,1\n\"y\n\",\"b\nc\",9000000000,1\nz,d,9000000000,1\n"),
                  "t.csv:4:4: the latest time of the file, 9000000000"));
  CHECK(test::has(error_of("\"y\",b,9000000000,1\n\"z \"\"\",b,1,1\n"), "t.csv:1:7: the latest"));
}

TEST_CASE("read_records: further columns of all kinds") {
  using Kind = ls::ReadSettings::ColumnKind;
  ls::RecordLayout how = layout;
  how.has_header = true;
  how.further = {{4, "price", Kind::number}, {5, "shop", Kind::key}, {6, "until", Kind::time}};
  const ls::InteractionLog log =
      read("i,u,t,v,p,s,e\nx,a,1,2,3.5,north,7\ny,b,1,2,4.5,south,8\nx,b,1,2,5.5,north,9\n", how);
  CHECK(log.columns.get<float>("price") == xt::xtensor<float, 1>{3.5, 4.5, 5.5});
  CHECK(log.columns.get<ls::Id>("shop") == xt::xtensor<ls::Id, 1>{0, 1, 0});
  CHECK(log.columns.keys("shop").key(1) == "south");
  CHECK(log.columns.get<ls::Seconds>("until") == xt::xtensor<ls::Seconds, 1>{7, 8, 9});
  CHECK(error_of("i,u,t,v,p,s,e\nx,a,1,2,?,north,7\n", how) ==
        "LineReader: t.csv:2:9: expected a finite number, got '?'");
}

TEST_CASE("read_records: the unit of times is recognised column by column, unless it is given") {
  using Kind = ls::ReadSettings::ColumnKind;
  ls::RecordLayout how = layout;
  how.further = {{4, "until", Kind::time}, {5, "day", Kind::time}};
  const std::string text = "x,a,1700000000999,1,1800000000000000000,19000\ny,b,1600000000000,1,1700000000000000001,1\n";
  const ls::InteractionLog log = read(text, how);
  CHECK(log.times == xt::xtensor<ls::Seconds, 1>{1700000000, 1600000000});
  CHECK(log.columns.get<ls::Seconds>("until") == xt::xtensor<ls::Seconds, 1>{1800000000, 1700000000});
  CHECK(log.columns.get<ls::Seconds>("day") == xt::xtensor<ls::Seconds, 1>{19000, 1});
  const ls::InteractionLog given =
      ls::read_records(ls::LineReader(ls::text_stream(text), "t.csv"), how, {.time_unit = ls::TimeUnit::seconds});
  CHECK(given.times(1) == 1600000000000);
  CHECK(given.columns.get<ls::Seconds>("until")(0) == 1800000000000000000);
}

TEST_CASE("read_records: P10, P12, what is wrong in a field is refused with its place") {
  CHECK(error_of("x,a,1,2\nx,,1,2\n") == "LineReader: t.csv:2:3: expected the key of a user, got an empty field");
  CHECK(error_of(" ,a,1,2\n") == "LineReader: t.csv:1:1: expected the key of an item, got an empty field");
  CHECK(error_of("x,a,1,1e999\n") == "LineReader: t.csv:1:7: expected a finite number, got '1e999'");
  CHECK(error_of("x,a,1,nan\n") == "LineReader: t.csv:1:7: expected a finite number, got 'nan'");
  CHECK(error_of("x,a,soon,1\n") == "LineReader: t.csv:1:5: expected a time stamp, got 'soon'");
  CHECK(error_of("x,a,99999999999999999999,1\n") ==
        "LineReader: t.csv:1:5: expected a time stamp, got '99999999999999999999'");
  CHECK(error_of("") == "LineReader: t.csv:1:1: expected events, got the end of the file");
  ls::RecordLayout how = layout;
  how.has_header = true;
  CHECK(error_of("i,u,t,v\n\n", how) == "LineReader: t.csv:3:1: expected events, got the end of the file");
}

TEST_CASE("read_records: P10, keys beyond 64 bits stay as they are, and so do odd forms of numbers") {
  const ls::InteractionLog log = read("9223372036854775808,007,1,1\n9223372036854775807,7,1,1\n", layout);
  CHECK(log.item_ids.key(0) == "9223372036854775808");
  CHECK(log.item_ids.key(1) == "9223372036854775807");
  CHECK(log.user_count() == 2);
  CHECK(log.user_ids.key(0) == "007");
}

TEST_CASE("read_records: P10, 20,000 hostile files of every format give a valid log or an error with its place") {
  std::mt19937 random(17);
  const std::string seeds[] = {
      std::string("\0", 1) + "1\t2\t3\t4\n5\t6\t1\t9\n",
      std::string("\0", 1) + "userId,movieId,rating,timestamp\n1,2,3.5,4\n2,2,1.0,5\n",
      std::string("\5", 1) + "1::2::3::4\n2::2::1::5\n",
      "\1user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t2\t3\t4\nx\t2\t3\t4\n",
      "\2user_id,item_id,rating,time\r\n\"a\",\"b \"\"c\"\"\",3,2019-10-01\r\nb,b,1,7\r\n",
      "\3"
      "1 2 3\n4 5 6 7\n",
      "\4"
      "1|Toy Story (1995)|01-Jan-1995||http://x|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n",
      "\4"
      "1::Toy Story (1995)::Animation|Comedy\n2::Caf\xe9::Drama\n",
      "\4item_id:token\ttitle:token_seq\tclass:token_seq\n1\tToy Story\tAnimation Comedy\n",
      "\4movieId,title,genres\n1,\"Toy, Story\",Animation|Comedy\n3,Caf\xc3\xa9,(no genres listed)\n"};
  std::size_t broken = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string& seed = seeds[random() % std::size(seeds)];
    const std::string text = seed[0] + mutate(seed.substr(1), random);
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    if (!log_reader_holds(bytes)) {
      ++broken;
      MESSAGE("breaks on ", text);
    }
  }
  CHECK(broken == 0);
}
