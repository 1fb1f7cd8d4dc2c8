// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/linalg/team_dot.hpp>
#include <string>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

template <class Real>
struct DotOfTeam {
  static inline const std::string label = "test::dot_of_team";
  static constexpr int team_size = 64;
  const Real* a;
  const Real* b;
  ls::Index size;
  Real* result;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Real sum = ls::team_dot(team, a, b, size);
    if (team.rank() == team.size() - 1) *result = sum;  // every lane has the sum
  }
};

TEST_CASE_TEMPLATE("team_dot: sums whole numbers exactly, whatever their count", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int size : {0, 1, 3, 8, 17, 64, 65, 300}) {
    CAPTURE(size);
    std::vector<Real> a, b;
    double expected = 0;
    for (int i = 0; i < size; ++i) {
      a.push_back(static_cast<Real>(i % 7 - 3));
      b.push_back(static_cast<Real>(i % 5 + 1));
      expected += static_cast<double>(a.back()) * static_cast<double>(b.back());
    }
    ls::Tensor<Real, 1, Space> left(size), right(size), result(1);
    ls::copy_from_host(a, left.view());
    ls::copy_from_host(b, right.view());
    ls::for_each_team<Space>(Space(), 1, DotOfTeam<Real>{left.data(), right.data(), size, result.data()});
    Kokkos::fence();
    CHECK(static_cast<double>(ls::copy_to_host(result.view())[0]) == expected);
  }
}
