// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/baselines/baseline.hpp>
#include <longshore/baselines/first_order_markov.hpp>
#include <longshore/baselines/item_knn.hpp>
#include <longshore/baselines/popularity.hpp>
#include <longshore/baselines/user_knn.hpp>
#include <span>
#include <string>

namespace ls = longshore;

namespace {

struct Constant {
  std::string name() const { return "constant"; }
  ls::Index items() const { return 3; }
  void scores(std::span<const ls::Id>, std::span<float>) const {}
};
struct Changing : Constant {
  void scores(std::span<const ls::Id>, std::span<float>) {}  // not const: not safe from several threads
};
struct Nameless {
  ls::Index items() const { return 3; }
  void scores(std::span<const ls::Id>, std::span<float>) const {}
};

}  // namespace

TEST_CASE("Baseline: all of the library's, and a user's own, model the concept") {
  CHECK(ls::Baseline<ls::Popularity>);
  CHECK(ls::Baseline<ls::FirstOrderMarkov>);
  CHECK(ls::Baseline<ls::ItemKnn>);
  CHECK(ls::Baseline<ls::UserKnn>);
  CHECK(ls::Baseline<Constant>);
  CHECK_FALSE(ls::Baseline<Changing>);
  CHECK_FALSE(ls::Baseline<Nameless>);
}
