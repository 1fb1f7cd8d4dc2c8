// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/line_chart.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <limits>
#include <locale>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::FileError;
using longshore::LineChart;
using test::content_of;
using test::error_text;
using test::has;

namespace {

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++found;
  return found;
}

}  // namespace

TEST_CASE("LineChart: a line goes through its values, over a scale with round numbers") {
  const LineChart chart{{{"loss", {{"", {2, 1, 0}}}}}};
  const std::string text = chart.svg();
  CHECK(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"320\""));
  CHECK(text.ends_with("</svg>\n"));
  CHECK(has(text, ">loss</text>"));
  CHECK(has(text, ">epoch</text>"));
  // The panel lies from 40 to 270, its steps from 70 to 560; 0 to 2 by halves.
  CHECK(has(text, "points=\"70,40 315,155 560,270\""));
  for (const char* mark : {">0</text>", ">0.5</text>", ">1</text>", ">1.5</text>", ">2</text>"}) CHECK(has(text, mark));
  CHECK(count(text, "<circle") == 3);
}

TEST_CASE("LineChart: panels lie below each other, and the legend names the first one's lines once") {
  const std::vector<LineChart::Line> lines = {{"a & b", {1, 2}}, {"c < d", {3, 4, 5}}, {"", {1}}};
  LineChart chart{{{"first", lines}, {"second", lines}}};
  chart.axis = "step";
  const std::string text = chart.svg();
  CHECK(has(text, "height=\"614\""));
  CHECK(count(text, "<polyline") == 6);
  CHECK(count(text, ">a &amp; b</text>") == 1);
  CHECK(count(text, ">c &lt; d</text>") == 1);
  CHECK(count(text, " h24\"") == 2);  // a line without a name is not in the legend
  CHECK(has(text, ">step</text>"));
  CHECK(!has(text, ">epoch</text>"));
}

TEST_CASE("LineChart: what is not finite is a gap, and nothing of it is written") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const LineChart chart{{{"x", {{"", {1, 2, nan, 1, infinity, -infinity, 2, nan}}}}}};
  const std::string text = chart.svg();
  CHECK(count(text, "<polyline") == 3);
  CHECK(count(text, "<circle") == 4);
  CHECK(!has(text, "nan"));
  CHECK(!has(text, "inf"));
  CHECK(count(LineChart{{{"x", {{"", {1, 2e300, 2}}}}}}.svg(), "<circle") == 2);
  const std::string none = LineChart{{{"x", {{"", {nan, nan}}}}}}.svg();
  CHECK(count(none, "<polyline") == 0);
  CHECK(!has(none, "nan"));
}

TEST_CASE("LineChart: nothing at all, one value, equal, negative and extreme values are pictures too") {
  for (const std::vector<double>& values :
       {std::vector<double>{}, {0.5}, {3, 3, 3}, {-1, -2}, {1e300, -1e300}, {1e-300}, {0}, {-1e308, 1e308}}) {
    const std::string text = LineChart{{{"x", {{"", values}}}}}.svg();
    CHECK(text.ends_with("</svg>\n"));
    CHECK(!has(text, "nan"));
    CHECK(!has(text, "inf"));
  }
  CHECK(LineChart{}.svg().ends_with("</svg>\n"));
}

TEST_CASE("LineChart: many steps have at most fifteen marks or so") {
  const LineChart chart{{{"x", {{"", std::vector<double>(1000, 1)}}}}};
  CHECK(count(chart.svg(), "y=\"288\"") <= 15);
}

TEST_CASE("LineChart: a file is the text, whatever the locale, and what cannot be written is said") {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  const LineChart chart{{{"x", {{"", {0.25, 0.5}}}}}};
  const std::string text = chart.svg();
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
  CHECK(chart.svg() == text);
  std::locale::global(before);
  const test::TemporaryFolder folder;
  chart.save(folder / "a.svg");
  CHECK(content_of(folder / "a.svg") == text);
  CHECK(has(error_text<FileError>([&] { chart.save(folder / "absent" / "a.svg"); }), "absent"));
}
