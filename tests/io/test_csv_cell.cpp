// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/csv_cell.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <string>

using longshore::append_csv_cell;

TEST_CASE("append_csv_cell: numbers have the fewest digits that give them again, texts marks where they need them") {
  std::string row = ">";
  const auto add = [&](const auto& value) {
    append_csv_cell(row, value);
    row += '|';
  };
  add(7), add(0.1f), add(-1e300), add(true), add("plain"), add("a,b"), add("say \"it\""), add("two\nlines"), add("");
  add(std::string(" before")), add("behind "), add("a;b");
  CHECK(row == ">7|0.1|-1e+300|true|plain|\"a,b\"|\"say \"\"it\"\"\"|\"two\nlines\"|\"\"|\" before\"|\"behind \"|a;b|");
  row.clear();
  append_csv_cell(row, "a;b", ';');
  append_csv_cell(row, "a,b", ';');
  CHECK(row == "\"a;b\"a,b");
}
