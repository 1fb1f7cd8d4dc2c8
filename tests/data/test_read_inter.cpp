// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <set>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/read_inter.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/support/data_folder.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Events = std::vector<test::Event>;

namespace {

std::string error_of(const std::string& text, const ls::ReadSettings& settings = {}) {
  return test::error_text<ls::FileError>(
      [&] { ls::read_inter(ls::LineReader(ls::text_stream(text), "t.inter"), settings); });
}

}  // namespace

TEST_CASE("read_inter: reads atomic files, with titles and categories from the .item file beside") {
  const test::TemporaryFolder folder;
  const std::string events =
      "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
      "u1\ti2\t3\t8.81250949e8\nu2\ti1\t4.5\t100.9\nu1\t\"i3\t1\t7\n";
  const std::string items =
      "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
      "i1\tToy Story\t1995\tAnimation Children's Comedy\ni2\tGolden \"Eye\"\t1995\tAction\n"
      "i9\tNever Seen\t1999\tDrama\n";
  test::make_file(folder / "data.inter", events);
  CHECK(ls::read_inter(folder / "data.inter").item_names.empty());
  test::make_file(folder / "data.item", items);
  test::make_file(folder / "data.user", "not read");
  const ls::InteractionLog log = ls::read_inter(folder / "data.inter");
  CHECK(test::events_of(log) == Events{{"u1", "i2", 3, 881250949}, {"u2", "i1", 4.5F, 100}, {"u1", "\"i3", 1, 7}});
  CHECK(log.item_names == std::vector<std::string>{"Golden \"Eye\"", "Toy Story", ""});
  CHECK(log.item_categories == std::vector<std::string>{"Action", "Animation|Children's|Comedy", ""});
  CHECK(ls::read_inter(folder / "data.inter", {.names = false}).item_names.empty());

  test::make_file(folder / "packed.inter.gz", test::gzipped(events, folder));
  test::make_file(folder / "packed.item.gz", test::gzipped(items, folder));
  const ls::InteractionLog packed = ls::read_inter(folder / "packed.inter.gz");
  CHECK(test::events_of(packed) == test::events_of(log));
  CHECK(packed.item_names == log.item_names);
}

TEST_CASE("read_inter: keeps further columns with the type of the header") {
  const ls::InteractionLog log = ls::read_inter(
      ls::LineReader(
          ls::text_stream("user_id:token\titem_id:token\tkind:token\tprice:float\n1\t2\tview\t3.5\n1\t3\tbuy\t4\n"),
          "t.inter"),
      {.columns = {{.name = "kind"}, {.name = "price"}}});
  CHECK(log.columns.keys("kind").at("buy") == 1);
  CHECK(log.columns.get<float>("price")(0) == 3.5F);
}

TEST_CASE("read_inter: P14, what does not fit is refused with its place") {
  CHECK(error_of("") == "read_inter: t.inter:1:1: expected a header, got an empty file");
  CHECK(error_of("user_id,item_id\n") ==
        "read_inter: t.inter:1:1: expected a header such as user_id:token<tab>item_id:token<tab>timestamp:float, got "
        "'user_id,item_id'");
  CHECK(test::has(error_of("user_id:token\titem_id:token_seq\n"),
                  "read_inter: t.inter:1:15: expected one entry an event"));
  CHECK(error_of("user_id:token,item_id:token,timestamp:float,item_id:float\n") ==
        "read_inter: t.inter:1:45: expected one column 'item_id' in the header, got several");
  CHECK(error_of("user_id:token\titem_id:token\n1\n") ==
        "read_inter: t.inter:2:2: expected 2 fields as in the first record, got 1");
}

TEST_CASE("read_inter: MovieLens 100K has the facts that are known of it") {
  const auto path = data_file("ml-100k/ml-100k.inter");
  if (!path) return;
  const ls::InteractionLog log = ls::read_inter(*path, {.numbering = ls::Numbering::ascending});
  CHECK(log.size() == 100'000);
  CHECK(log.user_count() == 943);
  CHECK(log.item_count() == 1682);
  CHECK(log.item_ids.key(0) == "1");
  CHECK(log.item_ids.key(1681) == "1682");
  CHECK(log.item_names[0] == "Toy Story");
  CHECK(log.item_categories[0] == "Animation|Children's|Comedy");
  CHECK(log.item_names[542] == "Mis\xc3\xa9rables, Les");
  CHECK(log.user_ids.key(log.users(0)) == "196");
  CHECK(log.item_ids.key(log.items(0)) == "242");
  CHECK(log.values(0) == 3.0F);
  CHECK(log.times(0) == 881250949);

  // Half of all neighbouring events of a user share their second; so do the last two of 415 users.
  const ls::Histories histories = ls::histories(log);
  std::size_t neighbours = 0, same = 0, last_same = 0;
  for (std::size_t user = 0; user < 943; ++user) {
    const std::size_t begin = histories.offsets[user], end = histories.offsets[user + 1];
    for (std::size_t k = begin + 1; k < end; ++k) {
      ++neighbours;
      same += histories.times[k] == histories.times[k - 1] ? 1 : 0;
    }
    last_same += histories.times[end - 1] == histories.times[end - 2] ? 1 : 0;
  }
  CHECK(neighbours == 99'057);
  CHECK(static_cast<double>(same) / static_cast<double>(neighbours) == doctest::Approx(0.51).epsilon(0.01));
  CHECK(last_same == 415);
}
