// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/kokkos.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/copy.hpp>
#include <longshore/core/for_each.hpp>
#include <longshore/core/tensor.hpp>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

constexpr int functions = 7;

/// All functions of one number.
template <class Real>
struct Functions {
  static inline const std::string label = "test::functions";
  const Real* x;
  Real* y;  // (functions, N)
  std::int64_t count;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    y[0 * count + i] = ls::math::cos(x[i]);
    y[1 * count + i] = ls::math::sin(x[i]);
    y[2 * count + i] = ls::math::erf(x[i]);
    y[3 * count + i] = ls::math::log(x[i]);
    y[4 * count + i] = ls::math::log1p(x[i]);
    y[5 * count + i] = ls::math::pow(x[i], Real(1.5));
    y[6 * count + i] = ls::math::sqrt(x[i]);
  }
};

/// Counts up slowly, so that a launch that does not wait would be seen.
struct CountUp {
  static inline const std::string label = "test::count_up";
  int* counts;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    for (int k = 0; k < 20'000; ++k) {
      volatile int* count = counts + i;
      *count = *count + 1;
    }
  }
};

}  // namespace

TEST_CASE_TEMPLATE("the functions of one number are the standard's, in code for every space", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const std::vector<Real> x{Real(1e-6), Real(0.5), Real(1), Real(3.25), Real(20)};
  const auto count = static_cast<ls::Index>(x.size());
  ls::Tensor<Real, 1, Space> from(count), to(functions * count);
  ls::copy_from_host(x, from.view());
  ls::for_each(Space{}, count, Functions<Real>{from.data(), to.data(), count});
  Space{}.fence();
  const auto y = ls::copy_to_host(to.view());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double t = static_cast<double>(x[i]);
    const double expected[functions] = {std::cos(t),   std::sin(t),      std::erf(t), std::log(t),
                                        std::log1p(t), std::pow(t, 1.5), std::sqrt(t)};
    for (std::size_t f = 0; f < functions; ++f) {
      CAPTURE(f);
      CHECK(std::abs(static_cast<double>(y[f * x.size() + i]) - expected[f]) <=
            tolerance<Real> * (1 + std::abs(expected[f])));
    }
  }
}

TEST_CASE_TEMPLATE("where a launch blocks, its result is there when it returns", Where, LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  if constexpr (ls::launches_block<Space>) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      ls::Tensor<int, 1, Space> counts(8);
      ls::for_each(Space{}, 8, CountUp{counts.data()});
      for (int i = 0; i < 8; ++i) REQUIRE(counts.view()(i) == 20'000);
    }
  }
  // What a host reaches, the host spaces have.
  CHECK(ls::is_host_space<Space> == std::is_same_v<typename Space::memory_space, Kokkos::HostSpace>);
}

TEST_CASE("host spaces are known as such, and all of them here block") {
  static_assert(ls::is_host_space<Kokkos::DefaultHostExecutionSpace>);
  static_assert(ls::launches_block<Kokkos::DefaultHostExecutionSpace>);
#if defined(KOKKOS_ENABLE_SERIAL)
  static_assert(ls::is_host_space<Kokkos::Serial> && ls::launches_block<Kokkos::Serial>);
#endif
#if defined(KOKKOS_ENABLE_CUDA)
  static_assert(!ls::is_host_space<Kokkos::Cuda> && !ls::launches_block<Kokkos::Cuda>);
#endif
  CHECK(ls::kokkos_is_alive());
  CHECK_NOTHROW(ls::expects_kokkos("anybody"));  // programs/life_cycle.cpp has the times before and after
}
