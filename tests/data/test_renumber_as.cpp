// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/renumber_as.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Ids = std::vector<ls::Id>;
using Texts = std::vector<std::string>;

namespace {

Ids ids_of(const xt::xtensor<ls::Id, 1>& ids) { return {ids.begin(), ids.end()}; }

ls::InteractionLog first_log() { return test::log_of({{"ann", "x", 1, 1}, {"bob", "42", 2, 2}, {"ann", "y", 3, 3}}); }
ls::InteractionLog second_log() {
  return test::log_of({{"eve", "y", 4, 4}, {"bob", "new", 5, 5}, {"eve", "newer", 6, 6}, {"fay", "42", 7, 7}});
}

}  // namespace

TEST_CASE("renumber_as: known keys get the first log's ids, new users their own behind them, new items share one") {
  const ls::InteractionLog first = first_log();
  ls::InteractionLog log = second_log();
  ls::renumber_as(log, first);
  ls::check_log(log);
  CHECK(ids_of(log.users) == Ids{2, 1, 2, 3});
  CHECK(ids_of(log.items) == Ids{2, 3, 3, 1});
  CHECK(log.user_count() == 4);
  CHECK(log.user_ids.key(2) == "eve");
  CHECK(log.item_count() == first.item_count() + 1);
  CHECK(log.item_ids.key(3) == "(unknown)");
  CHECK(log.item_ids.find("new") == std::nullopt);
  for (ls::Id item = 0; item < first.item_count(); ++item) CHECK(log.item_ids.key(item) == first.item_ids.key(item));
  CHECK(std::vector<float>(log.values.begin(), log.values.end()) == std::vector<float>{4, 5, 6, 7});
  CHECK(ids_of(log.columns.get<ls::Id>("row")) == Ids{0, 1, 2, 3});

  // The row for unknown items is there whatever the log holds: tables keep their size.
  ls::InteractionLog same = first_log();
  ls::renumber_as(same, first);
  CHECK(ids_of(same.items) == ids_of(first.items));
  CHECK(same.item_count() == first.item_count() + 1);
}

TEST_CASE("renumber_as: new keys may be appended, share a row, or be refused, and the log stays as it was then") {
  const ls::InteractionLog first = first_log();
  ls::InteractionLog log = second_log();
  ls::renumber_as(log, first, {.users = ls::UnknownKeys::one_row, .items = ls::UnknownKeys::append, .unknown = "?"});
  CHECK(ids_of(log.users) == Ids{2, 1, 2, 2});
  CHECK(log.user_ids.key(2) == "?");
  CHECK(ids_of(log.items) == Ids{2, 3, 4, 1});
  CHECK(log.item_ids.key(4) == "newer");

  for (const bool users : {true, false}) {
    ls::InteractionLog refused = second_log();
    const auto policy = users ? ls::RenumberAsSettings{.users = ls::UnknownKeys::refuse}
                              : ls::RenumberAsSettings{.items = ls::UnknownKeys::refuse};
    CHECK(test::error_text<ls::DataError>([&] { ls::renumber_as(refused, first, policy); }) ==
          (users ? "renumber_as: 'eve' is not one of the 2 keys of users"
                 : "renumber_as: 'new' is not one of the 3 keys of items"));
    CHECK(test::events_of(refused) == test::events_of(second_log()));
    CHECK(refused.item_ids == second_log().item_ids);
  }
  ls::InteractionLog again = second_log();
  CHECK_THROWS_WITH_AS(ls::renumber_as(again, first, {.unknown = "x"}),
                       "renumber_as: the table of items has a key 'x'; give another .unknown", ls::DataError);
}

TEST_CASE("renumber_as: titles are the first log's, then the log's own, and none for what is unknown") {
  ls::InteractionLog first = first_log(), log = second_log();
  first.item_names = {"X", "Forty-two", ""};
  log.item_names = {"the Y", "the new", "the newer", "the 42"};
  ls::InteractionLog appended = log;
  ls::renumber_as(log, first);
  CHECK(log.item_names == Texts{"X", "Forty-two", "the Y", ""});
  CHECK(log.item_categories.empty());
  ls::renumber_as(appended, first, {.items = ls::UnknownKeys::append});
  CHECK(appended.item_names == Texts{"X", "Forty-two", "the Y", "the new", "the newer"});
}

TEST_CASE("renumber_as: columns of ids with keys are numbered as in the first log, others stay") {
  ls::InteractionLog first = first_log(), log = second_log();
  const auto add = [](ls::InteractionLog& to, const char* name, const Texts& texts) {
    ls::IdMap keys(name);
    auto ids = xt::xtensor<ls::Id, 1>::from_shape({texts.size()});
    for (std::size_t i = 0; i < texts.size(); ++i) ids(i) = keys.insert(std::string_view(texts[i]));
    to.columns.set<ls::Id>(name, ids, keys);
  };
  add(first, "shop", {"north", "south", "north"});
  add(log, "shop", {"south", "moon", "north", "mars"});
  add(log, "own", {"b", "a", "b", "c"});
  ls::renumber_as(log, first);
  CHECK(ids_of(log.columns.get<ls::Id>("shop")) == Ids{1, 2, 0, 2});
  CHECK(log.columns.keys("shop").key(2) == "(unknown)");
  CHECK(ids_of(log.columns.get<ls::Id>("own")) == Ids{0, 1, 0, 2});
}

TEST_CASE("renumber_as: P11, a log with an id outside its table is refused") {
  ls::InteractionLog log = second_log();
  log.items(0) = 9;
  CHECK_THROWS_AS(ls::renumber_as(log, first_log()), ls::DataError);
}
