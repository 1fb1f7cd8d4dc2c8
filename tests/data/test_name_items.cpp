// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/name_items.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using Texts = std::vector<std::string>;

namespace {

ls::InteractionLog three_items() {
  ls::InteractionLog log;
  log.item_ids = ls::IdMap::dense("items", 3);
  return log;
}

void name(ls::InteractionLog& log, const std::string& text) {
  ls::name_items(log, ls::LineReader(ls::text_stream(text), "table", {}, ls::Encoding::bytes));
}

std::string error_of(const std::string& text) {
  ls::InteractionLog log = three_items();
  return test::error_text<ls::FileError>([&] { name(log, text); });
}

}  // namespace

TEST_CASE("name_items: tables with a header, whatever has titles or categories") {
  ls::InteractionLog log = three_items();
  name(log, "product_id,brand,title\n2,x,\"two, or so\"\n0,y,zero\n7,z,seven\n");
  CHECK(log.item_names == Texts{"zero", "", "two, or so"});
  CHECK(log.item_categories.empty());
  name(log, "item\tcategory\n1\tToys|Books\n2\tGames\n");
  CHECK(log.item_names == Texts{"zero", "", "two, or so"});
  CHECK(log.item_categories == Texts{"", "Toys|Books", "Games"});
  name(log, "item\ttitle\n1\told\n1\tnew\n");  // the last row counts; others keep what they have
  CHECK(log.item_names == Texts{"zero", "new", "two, or so"});
}

TEST_CASE("name_items: in atomic files, token_seq separates categories by spaces and token does not") {
  ls::InteractionLog log = three_items();
  name(log, "item_id:token\titem_name:token_seq\tcategories:token_seq\n0\tA B\tX Y\n");
  CHECK(log.item_names[0] == "A B");
  CHECK(log.item_categories[0] == "X|Y");
  for (const std::string column : {"category", "categories", "item_category", "itemcategory", "Item-Category"}) {
    name(log, "item_id:token\t" + column + ":token\n0\tX " + column + "\n");
    CHECK(log.item_categories[0] == "X " + column);
  }
}

TEST_CASE("name_items: P10, titles come out as UTF-8, whatever they were") {
  ls::InteractionLog log = three_items();
  name(log, "item,title\n0,caf\xc3\xa9\n1,caf\xe9\n2,\x80\n");
  CHECK(log.item_names == Texts{"caf\xc3\xa9", "caf\xc3\xa9", "\xc2\x80"});
}

TEST_CASE("name_items: P14, tables of another kind and wrong flags are refused, and the log stays as it was") {
  CHECK(error_of("") == "name_items: table:1:1: expected a table of items, got an empty file");
  CHECK(
      test::has(error_of("a,b\n1,2\n"), "name_items: table:1:1: expected u.item, movies.dat, movies.csv or a header"));
  CHECK(test::has(error_of("item,brand\n1,2\n"), "columns of items and of titles or categories"));
  CHECK(test::has(error_of("\"item\n"), "name_items: table:1:1: expected u.item"));
  const std::string flags = "|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|";
  CHECK(error_of("0|a|||" + flags + "2\n") == "name_items: table:1:44: expected 0 or 1, got '2'");
  CHECK(error_of("0|a|||" + flags + "1\n1|a|b\n") ==
        "name_items: table:2:6: expected 24 fields as in the first record, got 3");
  ls::InteractionLog log = three_items();
  CHECK(test::error_text<ls::FileError>([&] {
          ls::name_items(log, ls::LineReader(ls::text_stream("item,title,year\n"), "table", {.fields = 2}));
        }) == "name_items: table:1:12: the record has more fields than the limit of 2 (ReadLimits::fields)");
  CHECK_THROWS_AS(name(log, "item,title\n0,zero\n1\n"), ls::FileError);
  CHECK(log.item_names.empty());
}

TEST_CASE("name_items: a table beside a log is read if it is there") {
  const test::TemporaryFolder folder;
  ls::InteractionLog log = three_items();
  CHECK_FALSE(ls::name_items_beside(log, folder / "items.csv"));
  test::make_file(folder / "items.csv", "item,title\n0,zero\n");
  CHECK(ls::name_items_beside(log, folder / "items.csv"));
  CHECK(log.item_names[0] == "zero");
  CHECK_FALSE(ls::name_items_beside(log, folder.path()));
  // One that is about something else is none; damage in one that is not is damage.
  for (const std::string other :
       {"", "\n", "item_id:token\tprice:float\n0\t3.5\n", "item_id:token\n0\n", "\"item\n", "0|a|b\n"}) {
    CAPTURE(other);
    test::make_file(folder / "items.csv", other);
    CHECK_FALSE(ls::name_items_beside(log, folder / "items.csv"));
    CHECK(log.item_names == Texts{"zero", "", ""});
    CHECK_THROWS_AS(ls::name_items(log, folder / "items.csv"), ls::FileError);
  }
  test::make_file(folder / "items.csv", "item,title\n0,zero\n1\n");
  CHECK_THROWS_AS(ls::name_items_beside(log, folder / "items.csv"), ls::FileError);
}
