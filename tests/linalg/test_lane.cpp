// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/lane.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/team.hpp>
#include <type_traits>
#include <vector>

namespace ls = longshore;

namespace {

/// A team of lanes, as a device has them: this is the one of rank 2 among 5.
struct ManyLanes {
  static constexpr bool single = false;
  KOKKOS_INLINE_FUNCTION static int rank() { return 2; }
  KOKKOS_INLINE_FUNCTION static int size() { return 5; }
};

/// What both kinds of lanes do to a = 3 and b = -2, starting from 5.
template <class Lane, class Real>
std::vector<Real> results() {
  std::vector<Real> memory(static_cast<std::size_t>(Lane::width), Real(3)), out;
  const auto a = Lane::load(memory.data()), b = Lane::broadcast(Real(-2));
  const auto note = [&](const Lane& x) {
    x.store(memory.data());
    for (const Real each : memory) REQUIRE(each == memory[0]);
    out.push_back(memory[0]);
  };
  auto x = Lane::broadcast(Real(5));
  x.add_product(a, b);
  note(x);
  x.add(a);
  note(x);
  x.subtract(b);
  note(x);
  x.scale(b);
  note(x);
  x.raise(b);
  note(x);
  x.raise(Lane::broadcast(Real(-100)));
  note(x);
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("a lane is a register on a host and a number on a device", Real, float, double) {
  static_assert(std::is_same_v<ls::Lane<Real, ls::HostTeam>, ls::Simd<Real>>);
  static_assert(std::is_same_v<ls::Lane<Real, ManyLanes>, ls::OneLane<Real>>);
  CHECK(ls::lane_step<Real>(ls::HostTeam{0}) == ls::Simd<Real>::width);
  CHECK(ls::lane_step<Real>(ManyLanes{}) == 5);
}

TEST_CASE_TEMPLATE("a number and a register compute the same", Real, float, double) {
  const std::vector<Real> expected{-1, 2, 4, -8, -2, -2};
  CHECK(results<ls::OneLane<Real>, Real>() == expected);
  CHECK(results<ls::Simd<Real>, Real>() == expected);
}

TEST_CASE_TEMPLATE("exp_of_negative: within 2 units in the last place, 0 far below, and not-a-number stays", Real,
                   float, double) {
  constexpr int width = ls::Simd<Real>::width;
  const double unit = static_cast<double>(std::numeric_limits<Real>::epsilon());
  const auto both = [&](Real x) {
    Real out[width];
    ls::exp_of_negative(ls::Simd<Real>::broadcast(x)).store(out);
    const Real one = ls::exp_of_negative(ls::OneLane<Real>{x}).lanes;
    return std::vector<Real>{out[0], out[width - 1], one};
  };
  for (int k = 0; k <= 8600; ++k) {
    const auto x = static_cast<Real>(-0.01 * k);
    const double exact = std::exp(static_cast<double>(x));
    for (const Real actual : both(x)) REQUIRE(std::abs(static_cast<double>(actual) - exact) <= 2 * unit * exact);
  }
  for (const Real actual : both(Real(0))) CHECK(actual == Real(1));
  for (const Real actual : both(Real(-1e5))) CHECK(actual == Real(0));
  for (const Real actual : both(-std::numeric_limits<Real>::infinity())) CHECK(actual == Real(0));
  for (const Real actual : both(std::numeric_limits<Real>::quiet_NaN())) CHECK(std::isnan(actual));
  if (sizeof(Real) == 4) CHECK(both(Real(-87.4))[0] == Real(0));
}
