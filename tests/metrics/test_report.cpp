// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/metrics/report.hpp>
#include <optional>
#include <sstream>
#include <string>

namespace ls = longshore;

TEST_CASE("Report: aligned columns, unknown values, notes, and the same through a stream") {
  ls::Report report({{"HR@10"}, {"NDCG@10"}, {"parameters", 0}, {"seconds", 1}}, "model");
  report.add("long + short", {0.188, 0.09766, 153000.0, 61.27});
  report.add("popularity", {0.0838, 0.04321, std::nullopt, 0.0});
  report.note("full ranking");
  const std::string expected =
      "model          HR@10  NDCG@10  parameters  seconds\n"
      "--------------------------------------------------\n"
      "long + short  0.1880   0.0977      153000     61.3\n"
      "popularity    0.0838   0.0432           -      0.0\n"
      "full ranking\n";
  CHECK(report.text() == expected);
  std::ostringstream stream;
  stream.imbue(std::locale::classic());
  stream << report;
  CHECK(stream.str() == expected);
  CHECK(report.rows() == 2);
  CHECK(report.columns()[2].name == "parameters");
}

TEST_CASE("Report: what does not fit into 80 columns comes in a further block") {
  std::vector<ls::Report::Column> columns;
  for (int c = 0; c < 9; ++c) columns.push_back({"metric numbers: " + std::to_string(c), 2});
  ls::Report report(columns);
  report.add("first", std::vector<std::optional<double>>(9, 0.5));
  report.note(std::string(60, 'x') + " " + std::string(30, 'y'));
  const std::string text = report.text();
  std::istringstream lines(text);
  std::size_t longest = 0, names = 0;
  for (std::string line; std::getline(lines, line);) {
    longest = std::max(longest, line.size());
    names += line.starts_with("first");
  }
  CHECK(longest <= 80);
  CHECK(names == 3);  // three metrics of 17 beside a name of 5 make 62, a fourth would make 81
  for (int c = 0; c < 9; ++c) CHECK(text.find("metric numbers: " + std::to_string(c)) != std::string::npos);
  CHECK(text.ends_with(std::string(60, 'x') + "\n" + std::string(30, 'y') + "\n"));
}

TEST_CASE("Report: columns that fill the 80 exactly stay in one block") {
  ls::Report report(std::vector<ls::Report::Column>(5, {std::string(13, 'm'), 2}));
  report.add("first", std::vector<std::optional<double>>(5, 0.5));
  const std::string text = report.text();
  CHECK(text.find('\n') == 80);
  CHECK(text.find("first") == text.rfind("first"));
}

TEST_CASE("Report: letters of several bytes align, and one column is never dropped for width") {
  ls::Report report({{"x", 1}});
  report.add("caf\xC3\xA9", {1.0});
  report.add("bars", {2.0});
  CHECK(report.text() == "        x\n---------\ncaf\xC3\xA9  1.0\nbars  2.0\n");
  ls::Report wide({{std::string(100, 'w'), 0}, {"x", 0}});
  wide.add("row", {1.0, 2.0});
  CHECK(wide.text().find(std::string(100, 'w')) != std::string::npos);
}

TEST_CASE("Report: CSV quotes what must be quoted and keeps every digit") {
  ls::Report report({{"HR@10"}, {"a,b"}, {"c"}}, "name");
  report.add("say \"x\"", {0.1 + 0.2, std::nullopt, 1e300});
  CHECK(report.csv() == "name,HR@10,\"a,b\",c\n\"say \"\"x\"\"\",0.30000000000000004,,1e+300\n");
  // Names with blanks at their ends and empty ones stay what they are when they are read again.
  ls::Report blank({{" a"}, {"b c"}});
  blank.add("x ", {1.0, 2.0});
  blank.add("", {std::nullopt, -0.5});
  CHECK(blank.csv() == "\"\",\" a\",b c\n\"x \",1,2\n\"\",,-0.5\n");
}

TEST_CASE("Report: extreme values print in full") {
  ls::Report report({{"v", 17}});
  report.add("largest", {-std::numeric_limits<double>::max()});
  report.add("nothing", {std::numeric_limits<double>::quiet_NaN()});
  CHECK(report.text().find("-179769313486231570814527423731704356798070") != std::string::npos);
  CHECK(report.text().find("nan") != std::string::npos);
}

TEST_CASE("Report: P14, refuses rows and columns that do not fit") {
  CHECK_THROWS_WITH_AS(ls::Report({}), "Report: expected at least one column, got none", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::Report({{"x", 18}}), "Report: expected 0 to 17 decimals for x, got 18", ls::ShapeError);
  ls::Report report({{"x"}, {"y"}});
  CHECK_THROWS_WITH_AS(report.add("r", {1.0}), "Report::add: expected 2 values for the row 'r', got 1", ls::ShapeError);
  CHECK(report.rows() == 0);
}
