// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/read_csv.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Events = std::vector<test::Event>;

namespace {

ls::InteractionLog read(const std::string& text, const ls::ReadSettings& settings = {}) {
  return ls::read_csv(ls::LineReader(ls::text_stream(text), "t.csv", settings.limits), settings);
}

std::string error_of(const std::string& text, const ls::ReadSettings& settings = {}) {
  return test::error_text<ls::FileError>([&] { read(text, settings); });
}

}  // namespace

TEST_CASE("read_csv: reads tables with named columns") {
  const Events expected = {{"anna", "x", 2.5F, 10}, {"7", "y,z", 3, 5}};
  CHECK(test::events_of(read("user_id,item_id,rating,timestamp\nanna,x,2.5,10\n7,\"y,z\",3,5\n")) == expected);
  CHECK(test::events_of(read("\xef\xbb\xbftime;rating;item;user\r\n10;2.5;x;anna\r\n5;3;y,z;7")) == expected);
  CHECK(test::events_of(read("at\twhat\thow\twho\n10\tx\t2.5\tanna\n5\ty,z\t3\t7\n",
                             {.user = "who", .item = "what", .value = "how", .time = "at"})) == expected);
  CHECK(test::events_of(read("anna|x|2.5|10\n7|y,z|3|5\n", {.header = {"user", "item", "value", "time"}})) == expected);
  CHECK(test::events_of(read("user##item##value##time\nanna##x##2.5##10\n7##y,z##3##5\n", {.separator = "##"})) ==
        expected);
}

TEST_CASE("read_csv: columns that are not there are made up") {
  const ls::InteractionLog log = read("item,user\nx,a\ny,b\n");
  CHECK(test::events_of(log) == Events{{"a", "x", 1, 0}, {"b", "y", 1, 1}});
  CHECK_FALSE(log.has_times);
  CHECK_FALSE(log.has_values);
}

TEST_CASE("read_csv: keeps the further columns that are asked for") {
  using Kind = ls::ReadSettings::ColumnKind;
  const ls::InteractionLog log = read("user,item,price,shop\na,x,1.5,north\nb,y,2.5,south\n",
                                      {.columns = {{.name = "price"}, {.name = "shop", .kind = Kind::key}}});
  CHECK(log.columns.names() == std::vector<std::string>{"price", "shop"});
  CHECK(log.columns.get<float>("price")(1) == 2.5F);
  CHECK(log.columns.keys("shop").at("south") == 1);
}

TEST_CASE("read_csv: plain and gzipped files by their path") {
  const test::TemporaryFolder folder;
  const std::string text = "user,item\na,x\n";
  test::make_file(folder / "log.csv", text);
  test::make_file(folder / "log.csv.gz", test::gzipped(text, folder));
  CHECK(ls::read_csv(folder / "log.csv").size() == 1);
  CHECK(ls::read_csv(folder / "log.csv.gz").size() == 1);
  CHECK_THROWS_AS(ls::read_csv(folder / "none.csv"), ls::FileError);
}

TEST_CASE("read_csv: P14, headers that do not fit are refused with what was expected") {
  CHECK(error_of("") == "read_csv: t.csv:1:1: expected a header, got an empty file");
  CHECK(error_of("1,2,3\n") ==
        "read_csv: t.csv:1:1: expected a header with a column of users (known names: " +
            std::string(ls::known_columns(ls::ColumnRole::user)) + ") and one of items (" +
            std::string(ls::known_columns(ls::ColumnRole::item)) +
            "); ReadSettings::user and ::item name others, ::header names those of a file without a header line; got "
            "'1,2,3'");
  CHECK(error_of("user,item\n1,2\n", {.user = "customer"}) ==
        "read_csv: t.csv:1:1: expected a column 'customer' in the header, got 'user', 'item'");
  CHECK(error_of("user,item\n1,2\n", {.time = "at"}) ==
        "read_csv: t.csv:1:1: expected a column 'at' in the header, got 'user', 'item'");
  CHECK(error_of("user,item\n") == "read_csv: t.csv:2:1: expected events, got the end of the file");
  CHECK(error_of("user,item,rating\n1,2,x\n") ==
        "read_csv: t.csv:2:5: expected a finite number, got 'x'; with ReadSettings::value = ReadSettings::none the "
        "column is left out");
  CHECK(error_of("user,item,rating\n1,2,x\n", {.value = "rating"}) ==
        "read_csv: t.csv:2:5: expected a finite number, got 'x'");
  CHECK(
      error_of("user,item,date\n1,2,03/05/2019\n") ==
      "read_csv: t.csv:2:5: expected a time stamp, got '03/05/2019'; with ReadSettings::time = ReadSettings::none the "
      "column is left out");
}

TEST_CASE("read_csv: a column with a well-known name can be left out") {
  const ls::InteractionLog log = read("user,item,value,date\na,x,buy,03/05/2019\n",
                                      {.value = ls::ReadSettings::none, .time = ls::ReadSettings::none});
  CHECK(test::events_of(log) == Events{{"a", "x", 1, 0}});
  CHECK_FALSE(log.has_times);
  CHECK_FALSE(log.has_values);
}

TEST_CASE("read_csv: P14, columns that could be meant twice are refused with the place of the header") {
  CHECK(error_of("user,user,item\n1,2,3\n") ==
        "read_csv: t.csv:1:6: expected one column 'user' in the header, got several");
  CHECK(error_of("\"a, \"\"b\"\"\";item;p;user;time; user ;p\n") ==
        "read_csv: t.csv:1:29: expected one column 'user' in the header, got several");
  CHECK(error_of("\xef\xbb\xbfitem,p,user,item\n") ==
        "read_csv: t.csv:1:13: expected one column 'item' in the header, got several");
  CHECK(error_of("user,item\n1,2\n", {.item = "user"}) ==
        "read_csv: t.csv:1:1: expected users and items in two columns, both are 'user'");
  CHECK(error_of("item,user\n1,2\n", {.item = "user"}) ==
        "read_csv: t.csv:1:6: expected users and items in two columns, both are 'user'");
  CHECK(error_of("user,item,p\n1,2,3\n", {.columns = {{.name = "p"}, {.name = "p"}}}) ==
        "read_csv: t.csv:1:1: ReadSettings::columns has the column 'p' twice");
  CHECK(read("user,item,x,x\n1,2,3,4\n").size() == 1);
}

TEST_CASE("read_csv: P22, the header has at most ReadLimits::fields fields, as every record") {
  for (const std::size_t limit : {5UL, 5000UL}) {
    const auto table = [](std::size_t fields) {
      std::string text = "user,item", record = "\n1,2";
      for (std::size_t k = 2; k < fields; ++k) {
        text += ",c";
        record += ",0";
      }
      return text + record;
    };
    CHECK(error_of(table(limit), {.limits = {.fields = limit}}) == "nothing was thrown");
    CHECK(error_of(table(limit + 1), {.limits = {.fields = limit}}) ==
          "read_csv: t.csv:1:" + std::to_string(10 + 2 * (limit - 2) + 1) +
              ": the record has more fields than the limit of " + std::to_string(limit) + " (ReadLimits::fields)");
  }
}
