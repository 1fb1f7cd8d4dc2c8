// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/text_of.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>

namespace ls = longshore;

namespace {

/// A user's locale that groups digits and has a decimal comma.
struct Grouped : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

struct RestoredLocale {
  std::locale before;
  ~RestoredLocale() { std::locale::global(before); }
};

/// The parts as a stream in the classic locale prints them.
template <class... Parts>
std::string streamed(const Parts&... parts) {
  std::ostringstream stream;
  stream.imbue(std::locale::classic());
  (stream << ... << parts);
  return stream.str();
}

}  // namespace

TEST_CASE("text_of: parts are joined, whatever the program's locale") {
  CHECK(ls::text_of("x has ", 3, " features, ", 0.5, ' ', std::string("more")) == "x has 3 features, 0.5 more");
  CHECK(ls::text_of("", std::string_view("a\0b", 3)) == std::string("a\0b", 3));
  const RestoredLocale restored{std::locale::global(std::locale(std::locale::classic(), new Grouped))};
  CHECK(ls::text_of(1234567, " ", 2.5) == "1234567 2.5");
}

TEST_CASE_TEMPLATE("text_of: numbers are as a stream prints them", Number, short, int, long long, unsigned,
                   unsigned long long, float, double) {
  using Limits = std::numeric_limits<Number>;
  for (const Number number : {Number{0}, Number{1}, Number{100}, Limits::min(), Limits::lowest(), Limits::max()})
    CHECK(ls::text_of(number) == streamed(number));
}

TEST_CASE("text_of: real numbers have six digits, and names where they are none") {
  for (const double number : {0.1, 1.0 / 3, -2e-7, 123456.0, 1234567.0, 1e300, 1e-5, 0.0001})
    CHECK(ls::text_of(number) == streamed(number));
  using Limits = std::numeric_limits<double>;
  CHECK(ls::text_of(Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()) == "inf-infnan");
  CHECK(ls::text_of(true, false) == "10");
}
