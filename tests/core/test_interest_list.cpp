// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/interest_list.hpp>
#include <longshore/core/tensor.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;
using List = ls::InterestList<float, Space>;
using One = ls::Interest<float, Space>;

namespace {
One interest(int users, int candidates, int features) {
  return ls::Cube<float, Space>(ls::View<float, 3, Space>(nullptr, users, candidates, features));
}
}  // namespace

TEST_CASE("InterestList: one vector counts for all candidates and one user for all users") {
  const List list("Here", {interest(5, 1, 3), interest(5, 4, 2), interest(1, 4, 1), interest(1, 1, 7)});
  CHECK(list.count == 4);
  CHECK(list.users == 5);
  CHECK(list.candidates == 4);
  CHECK(list.features == 13);
  CHECK(list[1].features() == 2);
  CHECK(List("Here", {interest(1, 1, 3)}).users == 1);
}

TEST_CASE("InterestList: an empty batch and no candidates are shapes like others") {
  CHECK(List("Here", {interest(0, 1, 3), interest(0, 4, 3)}).users == 0);
  CHECK(List("Here", {interest(1, 1, 3), interest(0, 1, 3)}).users == 0);
  CHECK(List("Here", {interest(2, 1, 3), interest(2, 0, 3), interest(2, 1, 3)}).candidates == 0);
  CHECK_THROWS_AS(List("Here", {interest(0, 1, 3), interest(2, 1, 3)}), ls::ShapeError);
}

TEST_CASE("InterestList: P22, takes one to eight interests") {
  const One x = interest(3, 1, 2);
  CHECK_THROWS_WITH_AS(List("Here", {}), "Here: 0 interests came, 1 to 8 are taken", ls::ShapeError);
  CHECK(List("Here", {x}).count == 1);
  CHECK(List("Here", {x, x}).count == 2);
  CHECK(List("Here", {x, x, x, x, x, x, x}).count == 7);
  CHECK(List("Here", {x, x, x, x, x, x, x, x}).count == 8);
  CHECK_THROWS_WITH_AS(List("Here", {x, x, x, x, x, x, x, x, x}), "Here: 9 interests came, 1 to 8 are taken",
                       ls::ShapeError);
}

TEST_CASE("InterestList: refuses what does not fit, by the name of who asks") {
  CHECK_THROWS_WITH_AS(List("Here", {}), "Here: 0 interests came, 1 to 8 are taken", ls::ShapeError);
  const One x = interest(3, 1, 2);
  CHECK_THROWS_WITH_AS(List("Here", {x, x, x, x, x, x, x, x, x}), "Here: 9 interests came, 1 to 8 are taken",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(List("Here", {x, {}}), "Here: interest 2 is empty; leave it out of the list", ls::ShapeError);
  CHECK_THROWS_WITH_AS(List("Here", {x, interest(2, 1, 2)}), "Here: interest 2 has 2 users, those before it 3",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(List("Here", {interest(3, 4, 2), x, interest(3, 2, 2)}),
                       "Here: interest 3 has 2 vectors a user, those before it 4", ls::ShapeError);
  List full("Here", {x, x, x, x, x, x, x, x});
  full.add("Here", x);  // the candidates
  CHECK_THROWS_WITH_AS(full.add("Here", x), "Here: 10 parts came, at most 9 are taken", ls::ShapeError);
}

TEST_CASE("InterestList: refuses more features than an Index holds") {
  constexpr int half = 1 << 30;
  CHECK(List("Here", {interest(0, 1, half), interest(0, 1, half - 1)}).features == 2147483647);
  CHECK_THROWS_WITH_AS(List("Here", {interest(0, 1, half), interest(0, 1, half)}),
                       "Here: the sum of the features of the parts is at least 0 and below 2^31, it is 2147483648",
                       ls::ShapeError);
}

TEST_CASE("InterestList: refuses a shape of more vectors than an Index holds, of parts and of who sees them") {
  CHECK(List("Here", {interest(1, 32768, 1), interest(65535, 1, 1)}).users == 65535);
  CHECK_THROWS_WITH_AS(List("Here", {interest(1, 32768, 1), interest(65536, 1, 1)}),
                       "Here: users times candidates is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
  List list("Here", {interest(65536, 1, 1)});
  CHECK_THROWS_WITH_AS(list.see("Here", interest(65536, 32768, 4), {.features = 4}),
                       "Here: users times candidates is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
}

TEST_CASE("InterestList: alike parts have the same users and features, of_users the same users") {
  CHECK(List::alike("Here", {interest(3, 1, 2), interest(3, 4, 2)}).candidates == 4);
  CHECK(List::of_users("Here", {interest(3, 1, 2), interest(3, 4, 5)}).features == 7);
  CHECK_THROWS_WITH_AS(List::of_users("Here", {interest(3, 1, 2), interest(1, 1, 2)}),
                       "Here: interest 2 has 1 users, interest 1 has 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(List::alike("Here", {interest(3, 1, 2), interest(1, 1, 2)}),
                       "Here: interest 2 has 1 users, interest 1 has 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(List::alike("Here", {interest(3, 1, 2), interest(3, 1, 5)}),
                       "Here: interest 2 has 5 features, interest 1 has 2; a Linear before the fuser makes them equal",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(List::alike("Here", {interest(3, 1, 2)}).expect_count("Here", 2),
                       "Here: 1 interest came, exactly 2 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS(List::alike("Here", {interest(3, 1, 2)}).expect_features("Here", 4),
                       "Here: the interests have 2 features, 4 are expected", ls::ShapeError);
}

TEST_CASE("InterestList: candidates widen the shape without being a part") {
  List list("Here", {interest(3, 1, 2)});
  const List::Onlooker gate{9, "the gate looks", "the gate expects", ".look = false"};
  list.see("Here", interest(3, 4, 9), gate);
  CHECK(list.count == 1);
  CHECK(list.candidates == 4);
  CHECK(list.features == 2);
  const List both = List::alike("Here", {interest(3, 1, 2), interest(3, 1, 2)}, 2, interest(3, 4, 9), gate);
  CHECK(both.count == 2);
  CHECK(both.candidates == 4);
  CHECK(List::alike("Here", {interest(3, 1, 2)}, 2, {}, {0, "", "", ""}).candidates == 1);  // nothing looks
  CHECK_THROWS_WITH_AS(List::alike("Here", {interest(3, 1, 2)}, 2, {}, gate),
                       "Here: the gate looks, but none are given; pass them, or set .look = false", ls::ShapeError);
  CHECK_THROWS_WITH_AS(List::alike("Here", {interest(3, 1, 2)}, 3, interest(3, 4, 9), gate),
                       "Here: the interests have 2 features, 3 are expected", ls::ShapeError);
  const auto refuses = [&](const char* message, const One& candidates) {
    CHECK_THROWS_WITH_AS(list.see("Here", candidates, gate), message, ls::ShapeError);
  };
  refuses("Here: the gate looks, but none are given; pass them, or set .look = false", {});
  refuses("Here: the candidates have 8 features, the gate expects 9", interest(3, 4, 8));
  refuses("Here: the candidates have 2 users, the interests 3", interest(2, 4, 9));
  refuses("Here: the candidates have 5 vectors a user, the interests 4", interest(3, 5, 9));
}

TEST_CASE("InterestList: stands behind another part, or alone where that is empty") {
  const List list("Here", {interest(3, 1, 2), interest(3, 1, 5)});
  const List all = list.behind("Here", interest(3, 4, 9));
  CHECK(all.count == 3);
  CHECK(all.candidates == 4);
  CHECK(all.features == 16);
  CHECK(all[0].features() == 9);
  CHECK(all[1].features() == 2);
  CHECK(all[2].features() == 5);
  CHECK(list.behind("Here", {}).count == 2);
  CHECK_THROWS_WITH_AS(list.behind("Here", interest(2, 1, 9)), "Here: interest 2 has 3 users, those before it 2",
                       ls::ShapeError);
}
