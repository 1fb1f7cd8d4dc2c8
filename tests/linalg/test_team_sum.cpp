// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/linalg/team_sum.hpp>
#include <string>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

/// Sums a run of numbers, and lets the last lane say what it got.
template <class Real>
struct SumOfTeam {
  static inline const std::string label = "test::sum_of_team";
  static constexpr int team_size = 64;
  const Real* a;
  ls::Index size;
  Real* result;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Real sum = ls::team_sum(team, a, size);
    if (team.rank() == team.size() - 1) *result = sum;  // every lane has the sum
  }
};

TEST_CASE_TEMPLATE("team_sum: sums whole numbers exactly, whatever their count", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int size : {0, 1, 3, 8, 17, 64, 65, 300}) {
    CAPTURE(size);
    std::vector<Real> a;
    double expected = 0;
    for (int i = 0; i < size; ++i) {
      a.push_back(static_cast<Real>(i % 7 - 2));
      expected += static_cast<double>(a.back());
    }
    ls::Tensor<Real, 1, Space> numbers(size), result(1);
    ls::copy_from_host(a, numbers.view());
    ls::copy_from_host(std::vector<Real>{-1}, result.view());
    ls::for_each_team<Space>(Space(), 1, SumOfTeam<Real>{numbers.data(), size, result.data()});
    Kokkos::fence();
    CHECK(static_cast<double>(ls::copy_to_host(result.view())[0]) == expected);
  }
}
