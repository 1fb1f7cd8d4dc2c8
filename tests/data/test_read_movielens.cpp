// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/read_movielens.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Events = std::vector<test::Event>;
using Texts = std::vector<std::string>;

namespace {

const Events expected = {{"196", "2", 3, 881250949}, {"186", "1", 3.5F, 891717742}, {"196", "1", 1, 891717742}};

std::string error_of(const std::string& text) {
  return test::error_text<ls::FileError>([&] { ls::read_movielens(ls::LineReader(ls::text_stream(text), "u.data")); });
}

}  // namespace

TEST_CASE("read_movielens: u.data with u.item in Latin-1 beside it") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "u.data", "196\t2\t3\t881250949\n186\t1\t3.5\t891717742\n196\t1\t1\t891717742\n");
  test::make_file(
      folder / "u.item",
      "1|Caf\xe9 (1995)|01-Jan-1995||http://us.imdb.com/M/title-exact?Toy|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n"
      "2|GoldenEye (1995)|01-Jan-1995||http://us.imdb.com/|1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|1\n"
      "3|Never (1995)|||http://us.imdb.com/|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n");
  const ls::InteractionLog log = ls::read_movielens(folder / "u.data");
  CHECK(test::events_of(log) == expected);
  CHECK(log.item_names == Texts{"GoldenEye (1995)", "Caf\xc3\xa9 (1995)"});
  CHECK(log.item_categories == Texts{"unknown|Western", "Animation|Children's|Comedy"});
  const ls::InteractionLog ascending = ls::read_movielens(folder / "u.data", {.numbering = ls::Numbering::ascending});
  CHECK(test::events_of(ascending) == expected);
  CHECK(ascending.item_names == Texts{"Caf\xc3\xa9 (1995)", "GoldenEye (1995)"});
  CHECK(ls::read_movielens(folder / "u.data", {.names = false}).item_names.empty());
}

TEST_CASE("read_movielens: ratings.dat with movies.dat beside it") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "ratings.dat", "196::2::3::881250949\n186::1::3.5::891717742\n196::1::1::891717742\n");
  test::make_file(folder / "movies.dat",
                  "1::Toy Story (1995)::Animation|Children's|Comedy\n2::L\xe9on: A|B (1995)::Action\n");
  const ls::InteractionLog log = ls::read_movielens(folder / "ratings.dat");
  CHECK(test::events_of(log) == expected);
  CHECK(log.item_names == Texts{"L\xc3\xa9on: A|B (1995)", "Toy Story (1995)"});
  CHECK(log.item_categories == Texts{"Action", "Animation|Children's|Comedy"});
}

TEST_CASE("read_movielens: ratings.csv with movies.csv beside it, gzipped too") {
  const test::TemporaryFolder folder;
  const std::string ratings =
      "userId,movieId,rating,timestamp\r\n196,2,3.0,881250949\r\n186,1,3.5,891717742\r\n196,1,1.0,891717742\r\n";
  const std::string movies =
      "movieId,title,genres\r\n1,\"Toy \"\"Story\"\", The (1995)\",Animation|Comedy\r\n"
      "2,Caf\xc3\xa9 (1995),(no genres listed)\r\n";
  test::make_file(folder / "ratings.csv", ratings);
  test::make_file(folder / "movies.csv.gz", test::gzipped(movies, folder));
  test::make_file(folder / "ratings.csv.gz", test::gzipped(ratings, folder));
  for (const char* name : {"ratings.csv", "ratings.csv.gz"}) {
    const ls::InteractionLog log = ls::read_movielens(folder / name);
    CHECK(test::events_of(log) == expected);
    CHECK(log.item_names == Texts{"Caf\xc3\xa9 (1995)", "Toy \"Story\", The (1995)"});
    CHECK(log.item_categories == Texts{"", "Animation|Comedy"});
  }
}

TEST_CASE("read_movielens: titles of another edition, which numbers films in another way, are left alone") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "ratings.csv", "userId,movieId,rating,timestamp\n1,2,4,964981247\n");
  test::make_file(folder / "ratings.dat", "1::2::4::964981247\n");
  test::make_file(folder / "u.data", "1\t2\t4\t964981247\n");
  test::make_file(folder / "u.item", "not read\n");
  test::make_file(folder / "movies.dat", "2::Of movies.dat::Drama\n");
  CHECK(ls::read_movielens(folder / "ratings.csv").item_names.empty());
  test::make_file(folder / "movies.csv", "movieId,title,genres\n2,Of movies.csv,Drama\n");
  CHECK(ls::read_movielens(folder / "ratings.csv").item_names == Texts{"Of movies.csv"});
  CHECK(ls::read_movielens(folder / "ratings.dat").item_names == Texts{"Of movies.dat"});
  CHECK(ls::read_movielens(folder / "u.data").item_names.empty());  // its u.item has no titles: passed over
  test::make_file(folder / "u.item",
                  "2|Of u.item|01-Jan-1995||http://us.imdb.com/|1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|1\n");
  CHECK(ls::read_movielens(folder / "u.data").item_names == Texts{"Of u.item"});
}

TEST_CASE("read_movielens: refuses names of columns, which these files do not have") {
  const auto read = [](const ls::ReadSettings& settings) {
    return test::error_text<ls::ShapeError>(
        [&] { ls::read_movielens(ls::LineReader(ls::text_stream("1\t2\t3\t4\n"), "u.data"), settings); });
  };
  CHECK(test::has(read({.user = "nobody"}), "read_movielens: these files name no columns"));
  CHECK(test::has(read({.columns = {{.name = "price"}}}), "read_movielens: these files name no columns"));
  CHECK(test::has(read({.separator = ","}), "read_movielens: these files name no columns"));
  CHECK(read({.value = ls::ReadSettings::none}) == "nothing was thrown");
}

TEST_CASE("read_movielens: P14, other files are refused with what was expected") {
  CHECK(error_of("") == "read_movielens: u.data:1:1: expected ratings, got an empty file");
  CHECK(error_of("a b c\n") ==
        "read_movielens: u.data:1:1: expected user, movie, rating and time, separated by tabs (u.data) or '::' "
        "(ratings.dat), or the header userId,movieId,rating,timestamp (ratings.csv), got 'a b c'");
  CHECK(error_of("1\t2\t3\t4\n1\t2\tx\t4\n") == "read_movielens: u.data:2:5: expected a finite number, got 'x'");
}
