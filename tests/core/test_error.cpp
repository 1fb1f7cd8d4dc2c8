// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/error.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>

namespace ls = longshore;

namespace {

/// A text that tells how often it was read.
struct Counted {
  int* reads;
  operator std::string_view() const {
    ++*reads;
    return "counted";
  }
};

}  // namespace

TEST_CASE("expects: throws the kind that is asked for, ShapeError if none, with the joined text") {
  CHECK_NOTHROW(ls::expects(true, "never"));
  CHECK_THROWS_WITH_AS(ls::expects(false, "Linear: ", 3, " is not ", 4), "Linear: 3 is not 4", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::expects<ls::DataError>(false, "a NaN"), "a NaN", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::expects<ls::FileError>(false, "u.data:3:7"), "u.data:3:7", ls::FileError);
  CHECK_THROWS_WITH_AS(ls::expects<ls::Error>(false, "use"), "use", ls::Error);
}

TEST_CASE("expects: the text is only made when it is needed") {
  int reads = 0;
  ls::expects(true, Counted{&reads});
  CHECK(reads == 0);
  CHECK_THROWS_WITH_AS(ls::expects(false, Counted{&reads}), "counted", ls::ShapeError);
  CHECK(reads == 1);
}

TEST_CASE("every exception of the library is an Error, and a std::runtime_error; the kinds are not each other") {
  static_assert(std::is_base_of_v<std::runtime_error, ls::Error>);
  static_assert(std::is_base_of_v<ls::Error, ls::ShapeError> && std::is_base_of_v<ls::Error, ls::DataError> &&
                std::is_base_of_v<ls::Error, ls::FileError>);
  static_assert(std::is_base_of_v<ls::Error, ls::Interrupted>);
  static_assert(!std::is_base_of_v<ls::ShapeError, ls::DataError> && !std::is_base_of_v<ls::DataError, ls::FileError>);
  // No inline namespace in the names: units that are compiled with other flags can catch them.
  const std::string name = typeid(ls::ShapeError).name();
  CHECK(name.find("longshore10ShapeError") != std::string::npos);
}
