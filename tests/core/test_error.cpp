// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/error.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <locale>
#include <ostream>
#include <string>
#include <type_traits>
#include <typeinfo>

namespace ls = longshore;

namespace {

/// A part of a text that tells how often it was printed.
struct Counted {
  int* prints;
  friend std::ostream& operator<<(std::ostream& stream, const Counted& part) {
    ++*part.prints;
    return stream << "counted";
  }
};

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

}  // namespace

TEST_CASE("text_of: parts are joined as a stream prints them, whatever the program's locale") {
  CHECK(ls::text_of("x has ", 3, " features, ", 0.5, ' ', std::string("more")) == "x has 3 features, 0.5 more");
  const RestoredLocale restored{std::locale::global(std::locale(std::locale::classic(), new Grouped))};
  CHECK(ls::text_of(1234567, " ", 2.5) == "1234567 2.5");
}

TEST_CASE("expects: throws the kind that is asked for, ShapeError if none, with the joined text") {
  CHECK_NOTHROW(ls::expects(true, "never"));
  CHECK_THROWS_WITH_AS(ls::expects(false, "Linear: ", 3, " is not ", 4), "Linear: 3 is not 4", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::expects<ls::DataError>(false, "a NaN"), "a NaN", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::expects<ls::FileError>(false, "u.data:3:7"), "u.data:3:7", ls::FileError);
  CHECK_THROWS_WITH_AS(ls::expects<ls::Error>(false, "use"), "use", ls::Error);
}

TEST_CASE("expects: the text is only made when it is needed") {
  int prints = 0;
  ls::expects(true, Counted{&prints});
  CHECK(prints == 0);
  CHECK_THROWS_AS(ls::expects(false, Counted{&prints}), ls::ShapeError);
  CHECK(prints == 1);
}

TEST_CASE("every exception of the library is an Error, and a std::runtime_error; the kinds are not each other") {
  static_assert(std::is_base_of_v<std::runtime_error, ls::Error>);
  static_assert(std::is_base_of_v<ls::Error, ls::ShapeError> && std::is_base_of_v<ls::Error, ls::DataError> &&
                std::is_base_of_v<ls::Error, ls::FileError>);
  static_assert(!std::is_base_of_v<ls::ShapeError, ls::DataError> && !std::is_base_of_v<ls::DataError, ls::FileError>);
  // No inline namespace in the names: units that are compiled with other flags can catch them.
  const std::string name = typeid(ls::ShapeError).name();
  CHECK(name.find("longshore10ShapeError") != std::string::npos);
}
