// SPDX-License-Identifier: Apache-2.0
#include <longshore/data/running_checksum.hpp>

#include <set>
#include <span>
#include <vector>

#include <doctest/doctest.h>

namespace ls = longshore;

namespace {

std::uint64_t of(const std::vector<std::vector<int>>& lists) {
  ls::RunningChecksum sum;
  for (const auto& list : lists) sum.add(std::span<const int>(list));
  return sum.value();
}

}  // namespace

TEST_CASE("other numbers, another order and other ends of lists give another checksum, equal lists the same") {
  CHECK(of({{1, 2}, {3}}) == of({{1, 2}, {3}}));
  const std::vector<std::vector<std::vector<int>>> all{
      {},          {{}},       {{}, {}}, {{0}}, {{0}, {0}}, {{0, 0}}, {{1, 2}, {3}}, {{1}, {2, 3}}, {{3}, {1, 2}},
      {{1, 2, 3}}, {{1, 2, 4}}};
  std::set<std::uint64_t> sums;
  for (const auto& lists : all) sums.insert(of(lists));
  CHECK(sums.size() == all.size());
}

TEST_CASE("values of any kind count, each with its type's bytes") {
  const auto sum = [](const auto&... values) {
    ls::RunningChecksum checksum;
    checksum.add_values(values...);
    return checksum.value();
  };
  CHECK(sum(1, 0.5, true) == sum(1, 0.5, true));
  CHECK(sum(1, 0.5, true) != sum(1, 0.5, false));
  CHECK(sum(1, 0.5, true) != sum(1, 0.25, true));
  CHECK(sum(1, 2) != sum(2, 1));
}
