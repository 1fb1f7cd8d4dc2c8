// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <longshore/core/tensor.hpp>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

/// Each team sums its own run of numbers by lanes, twice.
template <class Space>
struct SumRun {
  static inline const std::string label = "test::sum_run";
  static constexpr int team_size = 32;
  ls::View<const double, 2, Space> runs;
  ls::View<double, 1, Space> sums;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    double mine = 0, most = -1e300;
    for (ls::Index j = team.rank(); j < runs.extent(1); j += team.size()) {
      mine += runs(team.league(), j);
      most = runs(team.league(), j) > most ? runs(team.league(), j) : most;
    }
    const double sum = team.sum(mine), largest = team.max(most);
    team.barrier();
    if (team.rank() == 0) sums(team.league()) = sum + 1000 * largest;
  }
};

}  // namespace

TEST_CASE_TEMPLATE("every league index gets one team, whose lanes share and reduce", Where, LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  ls::Tensor<double, 2, Space> runs(5, 70);
  std::vector<double> numbers(350);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i);
  ls::copy_from_host(numbers, runs.view());
  ls::Tensor<double, 1, Space> sums(5);
  const SumRun<Space> body{std::as_const(runs).view(), sums.view()};
  std::vector<double> expected;
  for (int r = 0; r < 5; ++r) expected.push_back((2.0 * 70 * r + 69) * 35 + 1000.0 * (70 * r + 69));
  ls::for_each_team<Space>(Space{}, 5, body);
  Space{}.fence();
  CHECK(ls::copy_to_host(sums.view()) == expected);
  ls::for_each_team<Space>(Space{}, 0, body);
  if constexpr (ls::is_host_space<Space>) {
    sums.fill_with_zeros();
    ls::for_each_team<Space>(ls::Inline{}, 5, body);
    CHECK(ls::copy_to_host(sums.view()) == expected);
  }
}

TEST_CASE_TEMPLATE("more teams than an Index counts are refused, and none runs", Where, LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  const SumRun<Space> body{};  // would write to no memory
  const char* const text = "test::sum_run: 2147483648 teams are more than an Index counts";
  CHECK_THROWS_WITH_AS(ls::for_each_team<Space>(Space{}, std::int64_t{1} << 31, body), text, ls::ShapeError);
  if constexpr (ls::is_host_space<Space>)
    CHECK_THROWS_WITH_AS(ls::for_each_team<Space>(ls::Inline{}, std::int64_t{1} << 31, body), text, ls::ShapeError);
}
