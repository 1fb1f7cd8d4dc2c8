// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/id_map.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;

TEST_CASE("id_map: numbers keys in the order of their first insertion and gives them back") {
  ls::IdMap map("items");
  CHECK(map.insert("B00A3") == 0);
  CHECK(map.insert(42) == 1);
  CHECK(map.insert("B00A3") == 0);
  CHECK(map.insert("42") == 1);
  CHECK(map.insert("") == 2);
  CHECK(map.size() == 3);
  CHECK(map.key(0) == "B00A3");
  CHECK(map.key(1) == "42");
  CHECK(map.key(2) == "");
  CHECK(map.find("42") == 1);
  CHECK(map.find(42) == 1);
  CHECK_FALSE(map.find(43));
  CHECK_FALSE(map.find("b00a3"));
  CHECK(map.at("B00A3") == 0);
  CHECK(map.at(42) == 1);
  CHECK(map.integer(1) == 42);
  CHECK_FALSE(map.integer(0));
  CHECK(map.table() == "items");
  CHECK_FALSE(ls::IdMap().find("a"));
  CHECK_FALSE(ls::IdMap().find(0));
}

TEST_CASE("id_map: only the usual form of an integer is one") {
  ls::IdMap map;
  const std::vector<std::string> keys = {"0",
                                         "7",
                                         "-7",
                                         "007",
                                         "+7",
                                         "-0",
                                         "7 ",
                                         "7.0",
                                         "-",
                                         "0x7",
                                         "1e3",
                                         "00",
                                         "9223372036854775807",
                                         "-9223372036854775808",
                                         "9223372036854775808",
                                         "-9223372036854775809",
                                         "99999999999999999999999"};
  for (std::size_t i = 0; i < keys.size(); ++i) CHECK(map.insert(keys[i]) == static_cast<ls::Id>(i));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    CHECK(map.at(keys[i]) == static_cast<ls::Id>(i));
    CHECK(map.key(static_cast<ls::Id>(i)) == keys[i]);
  }
  CHECK(map.find(7) == 1);
  CHECK(map.find(std::numeric_limits<std::int64_t>::max()) == 12);
  CHECK(map.find(std::numeric_limits<std::int64_t>::min()) == 13);
  CHECK_FALSE(map.integer(3));
  CHECK_FALSE(map.integer(14));
}

TEST_CASE("id_map: agrees with std::map on 200,000 keys of all kinds") {
  std::mt19937_64 random(1);
  std::map<std::string, ls::Id> expected;
  ls::IdMap map;
  for (int i = 0; i < 200'000; ++i) {
    std::string key;
    switch (random() % 6) {
      case 0: key = std::to_string(random() % 60'000); break;
      case 1: key = std::to_string(static_cast<std::int64_t>(random())); break;
      case 2: key = std::to_string((random() % 1000) << 40); break;
      case 3: key = "u" + std::to_string(random() % 50'000); break;
      case 4: key = std::string(random() % 30, static_cast<char>('a' + random() % 3)); break;
      default: key = "-" + std::to_string(random() % 1000);
    }
    const ls::Id id = expected.try_emplace(key, static_cast<ls::Id>(expected.size())).first->second;
    REQUIRE(map.insert(key) == id);
  }
  REQUIRE(map.size() == static_cast<ls::Id>(expected.size()));
  for (const auto& [key, id] : expected) {
    REQUIRE(map.find(key) == id);
    REQUIRE(map.key(id) == key);
    REQUIRE_FALSE(map.find(key + "x"));
  }
}

TEST_CASE("id_map: keys that were chosen to collide cost no more than others") {
  // The hash of a new map is the finaliser of SplitMix64; its inverse gives keys whose hashes agree in 24 bits.
  const auto unmixed = [](std::uint64_t bits) {
    bits = (bits ^ (bits >> 31) ^ (bits >> 62)) * 0x319642b2d24d8ec3ULL;
    bits = (bits ^ (bits >> 27) ^ (bits >> 54)) * 0x96de1b173f119089ULL;
    return bits ^ (bits >> 30) ^ (bits >> 60);
  };
  ls::IdMap map;
  constexpr std::uint64_t count = 300'000;  // by chains alone this would take 45 thousand million steps
  for (std::uint64_t i = 0; i < count; ++i)
    REQUIRE(map.insert(static_cast<std::int64_t>(unmixed(i << 24 | 5))) == static_cast<ls::Id>(i));
  for (std::uint64_t i = 0; i < count; ++i)
    REQUIRE(map.find(static_cast<std::int64_t>(unmixed(i << 24 | 5))) == static_cast<ls::Id>(i));
}

TEST_CASE("id_map: needs few bytes a key") {
  ls::IdMap integers, sparse, texts;
  for (std::int64_t i = 0; i < 100'000; ++i) {
    integers.insert(i);
    sparse.insert(i * 1'000'003);
    texts.insert("B00000" + std::to_string(10'000 + i));
  }
  CHECK(integers.bytes() < 100'000 * 20);
  CHECK(sparse.bytes() < 100'000 * 32);
  CHECK(texts.bytes() < 100'000 * 54);
}

TEST_CASE("id_map: the room for further keys can be given back, and is made again when they come") {
  ls::IdMap integers, texts;
  const auto key = [](ls::Id i) { return "B00000" + std::to_string(100'000 + i); };  // 12 characters
  for (ls::Id i = 0; i < 70'000; ++i) {
    integers.insert(std::int64_t{3} * i % 70'000);
    texts.insert(key(i));
  }
  const std::size_t texts_before = texts.bytes();
  integers.shrink_to_fit();
  texts.shrink_to_fit();
  const auto tables = ls::IdMap().bytes();
  CHECK(integers.bytes() - tables <= 70'000 * (8 + 4) + 128);  // and a first few slots
  CHECK(texts.bytes() < texts_before);
  CHECK(texts.bytes() - tables < 131'072 * 8 + 70'000 * (8 + 4 + 12) + 70'000 / 8 + 100);  // slots, keys, texts, bits
  for (ls::Id i = 0; i < 70'000; ++i) {
    REQUIRE(integers.find(std::int64_t{3} * i % 70'000) == i);
    REQUIRE(texts.find(key(i)) == i);
  }
  CHECK_FALSE(integers.find(std::int64_t{70'000}));
  CHECK(integers.insert(std::int64_t{90'000}) == 70'000);
  CHECK(integers.insert(std::int64_t{70'000}) == 70'001);
  CHECK(integers.insert(std::int64_t{1} << 40) == 70'002);
  CHECK(texts.insert(key(70'000)) == 70'000);
  CHECK(integers.find(std::int64_t{90'000}) == 70'000);
  CHECK(integers.find(std::int64_t{69'999}) == 23'333);
  CHECK(integers.key(70'001) == "70000");
  ls::IdMap none;
  none.shrink_to_fit();
  CHECK(none.insert("a") == 0);
}

TEST_CASE("id_map: P11, P14, what is not in the map is an error that names the table") {
  ls::IdMap map("items");
  map.insert("a");
  map.insert(7);
  CHECK(test::error_text<ls::DataError>([&] { map.at("zz\n"); }) ==
        "IdMap::at: 'zz\\x0a' is not one of the 2 keys of items");
  CHECK(test::error_text<ls::DataError>([&] { map.at(8); }) == "IdMap::at: '8' is not one of the 2 keys of items");
  for (const ls::Id id : {-1, 2, std::numeric_limits<ls::Id>::min(), std::numeric_limits<ls::Id>::max()}) {
    const std::string words = ": the table of items has 2 keys, got the id " + std::to_string(id);
    CHECK(test::error_text<ls::DataError>([&] { map.key(id); }) == "IdMap::key" + words);
    CHECK(test::error_text<ls::DataError>([&] { map.integer(id); }) == "IdMap::integer" + words);
    CHECK(test::error_text<ls::DataError>([&] { map.select(std::vector{id}); }) == "IdMap::select" + words);
  }
}

TEST_CASE("id_map: a map of some keys, and the ascending order of keys") {
  ls::IdMap map("items");
  for (const char* key : {"10", "b", "9", "-3", "a", "02"}) map.insert(key);
  CHECK(map.ascending() == std::vector<ls::Id>{3, 2, 0, 5, 4, 1});
  const ls::IdMap chosen = map.select(map.ascending());
  CHECK(chosen.size() == 6);
  CHECK(chosen.key(0) == "-3");
  CHECK(chosen.at("b") == 5);
  CHECK(chosen.table() == "items");
  CHECK(map.select(std::vector<ls::Id>{4}).at("a") == 0);
  CHECK(map.select({}).size() == 0);
  CHECK(test::error_text<ls::DataError>([&] {
          map.select(std::vector<ls::Id>{1, 2, 1});
        }) == "IdMap::select: the id 1 of the table of items comes twice");
}

TEST_CASE("P14: id_map: a key that is too long is refused before it is read") {
  ls::IdMap map("items");
  const std::string_view claimed("x", std::size_t(1) << 32);
  CHECK_THROWS_WITH_AS(map.insert(claimed), "IdMap::insert: a key of items has 4294967296 bytes", ls::DataError);
  CHECK(map.size() == 0);
}

TEST_CASE("id_map: the map of dense ids, and equality") {
  const ls::IdMap dense = ls::IdMap::dense("users", 1000);
  CHECK(dense.size() == 1000);
  for (ls::Id id = 0; id < 1000; ++id) CHECK(dense.at(id) == id);
  CHECK(ls::IdMap::dense("users", 0).size() == 0);
  CHECK_THROWS_WITH_AS(ls::IdMap::dense("users", -1), "IdMap::dense: expected a count of at least 0, got -1",
                       ls::ShapeError);

  ls::IdMap a("a"), b("b");
  CHECK(a == b);
  a.insert("1"), a.insert("x");
  b.insert("1");
  CHECK_FALSE(a == b);
  b.insert("x");
  CHECK(a == b);
  ls::IdMap c, d;
  c.insert("x"), c.insert("1");
  CHECK_FALSE(a == c);
  d.insert("1"), d.insert("y");
  CHECK_FALSE(a == d);
  const ls::IdMap copy = a;
  a.insert("new");
  CHECK(copy.size() == 2);
  CHECK_FALSE(copy.find("new"));
}
