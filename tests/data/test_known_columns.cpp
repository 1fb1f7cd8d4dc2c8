// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <string_view>

#include <longshore/data/known_columns.hpp>

namespace ls = longshore;

TEST_CASE("known_columns: each role has names, in small letters, one space between them, none in two roles") {
  std::string all = " ";
  for (const ls::ColumnRole role : {ls::ColumnRole::user, ls::ColumnRole::item, ls::ColumnRole::value,
                                    ls::ColumnRole::time, ls::ColumnRole::name, ls::ColumnRole::categories}) {
    std::string_view names = ls::known_columns(role);
    CHECK(names.find_first_not_of("abcdefghijklmnopqrstuvwxyz ") == std::string_view::npos);
    while (!names.empty()) {
      const std::string name(names.substr(0, names.find(' ')));
      CHECK(!name.empty());
      CAPTURE(name);
      CHECK(all.find(' ' + name + ' ') == std::string::npos);
      all += name + ' ';
      names.remove_prefix(std::min(name.size() + 1, names.size()));
    }
  }
  CHECK(ls::known_columns(ls::ColumnRole::user).starts_with("userid "));
  CHECK(ls::known_columns(ls::ColumnRole::time).starts_with("timestamp "));
}
