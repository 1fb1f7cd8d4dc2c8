// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/negative_groups.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <array>
#include <map>
#include <vector>

namespace ls = longshore;

namespace {

using Groups = ls::NegativeGroups<float, Kokkos::Serial>;

/// One user, and two groups of items that it meets.
struct OneUser {
  std::vector<ls::Id> items;
  std::vector<ls::Index> cuts;
  std::vector<double> columns;
  std::vector<std::int64_t> offsets{0, static_cast<std::int64_t>(items.size())};
  std::vector<float> values = std::vector<float>(items.size(), 1.0f);

  Groups groups() const {
    Groups groups;
    groups.by_user = {offsets.data(), items.data(), values.data(), 1, cuts.back(), offsets.back()};
    groups.item_groups = static_cast<ls::Index>(columns.size());
    groups.item_cuts = cuts.data();
    groups.columns = columns.data();
    return groups;
  }
  Groups::Visit visit(ls::GroupPair pair) const {
    Groups::Visit visit{};
    visit.user = 0;
    visit.groups = pair;
    for (int part = 0; part < 2; ++part) {
      const ls::Index group = part == 0 ? pair.own : pair.other;
      const auto end = static_cast<std::int64_t>(items.size());
      visit.begin[part] = ls::first_not_below(items.data(), 0, end, cuts[static_cast<std::size_t>(group)]);
      visit.end[part] = ls::first_not_below(items.data(), 0, end, cuts[static_cast<std::size_t>(group) + 1]);
    }
    return visit;
  }
};

/// Draws for all entries of a visit, `count` at a time, in many epochs: how often each got each item.
template <int count>
std::map<std::array<ls::Id, 2>, int> tally(const Groups& groups, Groups::Visit visit, std::uint64_t epochs) {
  groups.enter(visit);
  std::map<std::array<ls::Id, 2>, int> result;
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch)
    for (std::int64_t first = 0; first < visit.count(); first += count) {
      ls::Comparison comparisons[count];
      const int made = groups.draw(ls::Random(3).at(epoch), visit, first, comparisons);
      REQUIRE(made <= count);
      for (int i = 0; i < made; ++i) ++result[{comparisons[i].liked, comparisons[i].other}];
    }
  return result;
}

}  // namespace

TEST_CASE("NegativeGroups: hand case: own and other group alike often, a seen item and an empty place never") {
  // Groups {0, 1, 2} and {3, 4}; the user has 1 and 4. Four places in each: one and two of them empty.
  const OneUser user{.items = {1, 4}, .cuts = {0, 3, 5}, .columns = {4, 4}};
  constexpr int epochs = 16000;
  const auto drawn = tally<2>(user.groups(), user.visit({0, 1}), epochs);
  REQUIRE(drawn.size() == 6);
  for (const ls::Id liked : {1, 4})
    for (const ls::Id other : {0, 2, 3}) CHECK(drawn.at({liked, other}) == doctest::Approx(epochs / 8).epsilon(0.1));
}

TEST_CASE("NegativeGroups: reference: shares of columns are drawn as often as they weigh") {
  // Weights 1, 3 and 4 in the first group, 8 in the second: columns of 8/3 and of 8.
  const OneUser user{.items = {4}, .cuts = {0, 3, 5}, .columns = {3, 2}};
  Groups groups = user.groups();
  const std::vector<std::uint32_t> keep{1610612736u, 3221225472u, ~0u, ~0u, 0};  // 3/8, 3/4, all; all, nothing
  const std::vector<ls::Id> other{1, 2, 2, 3, 3};
  groups.keep = keep.data();
  groups.other = other.data();
  constexpr int epochs = 40000;
  const auto drawn = tally<1>(groups, user.visit({1, 0}), epochs);
  REQUIRE(drawn.size() == 4);
  const std::vector<double> shares{0.375 / 3, (0.625 + 0.75) / 3, 1.25 / 3};
  for (ls::Id i = 0; i < 3; ++i)
    CHECK(drawn.at({4, i}) == doctest::Approx(epochs / 2 * shares[static_cast<std::size_t>(i)]).epsilon(0.06));
  CHECK(drawn.at({4, 3}) == doctest::Approx(epochs / 2).epsilon(0.06));
}

TEST_CASE("NegativeGroups: reference: marks that items have in common do not keep an unseen one away") {
  // 256 and 768 have the marks of items 0 and 512, which the user has, as all others.
  std::vector<ls::Id> items;
  for (ls::Id i = 0; i < 1024; ++i)
    if (i != 256 && i != 768) items.push_back(i);
  const OneUser user{.items = items, .cuts = {0, 512, 1024}, .columns = {512, 512}};
  const auto drawn = tally<16>(user.groups(), user.visit({0, 1}), 60);
  int of_256 = 0, of_768 = 0;
  for (const auto& [pair, times] : drawn) {
    REQUIRE((pair[1] == 256 || pair[1] == 768));
    (pair[1] == 256 ? of_256 : of_768) += times;
  }
  CHECK(of_256 == doctest::Approx(60 * 1022 / 1024.0).epsilon(0.5));
  CHECK(of_768 == doctest::Approx(60 * 1022 / 1024.0).epsilon(0.5));
}

TEST_CASE("NegativeGroups: edges: how many are drawn at a time does not matter") {
  const OneUser user{.items = {0, 2, 3, 5, 8, 9, 11}, .cuts = {0, 6, 12}, .columns = {6, 6}};
  const auto one = tally<1>(user.groups(), user.visit({0, 1}), 50);
  CHECK(tally<4>(user.groups(), user.visit({0, 1}), 50) == one);
  CHECK(tally<16>(user.groups(), user.visit({0, 1}), 50) == one);
  CHECK(one.size() > 20);
}
