// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/for_each_row.hpp>

#include "../support/part_arrays.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

template <class Real>
struct NameRow {
  static inline const std::string label = "test::name_row";
  ls::Parts<const Real> parts;
  Real* names;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, ls::Index b, ls::Index c) const {
    if (team.rank() == 0) names[r] += static_cast<Real>(1000 * b + c);
  }
};

template <class Real>
struct CountRows {
  static inline const std::string label = "test::count_rows";
  ls::Parts<const Real> parts;
  ls::PartTargets<Real> targets;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, std::int64_t r, int k, ls::Index, ls::Index, Real* to,
                                  bool adds) const {
    for (ls::Index d = team.rank(); d < parts.part[k].features; d += team.size())
      to[d] = (adds ? to[d] : Real(0)) + static_cast<Real>(r + 1);
  }
};

TEST_CASE_TEMPLATE("for_each_row: names every row once, with few and with many numbers in a row", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int numbers : {1, 100, 100000}) {
    PartArrays<Real, Space> arrays(150, 3);
    ls::Tensor<Real, 1, Space> names(450);
    ls::for_each_row<Space>(Space(), numbers, NameRow<Real>{arrays.parts(), names.data()});
    const auto found = numbers_of(names);
    for (std::size_t r = 0; r < found.size(); ++r) CHECK(found[r] == static_cast<Real>(1000 * (r / 3) + r % 3));
  }
}

TEST_CASE_TEMPLATE("for_each_target: sums over candidates that share a vector, writes or adds, skips what nobody wants",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(2, 3);
  arrays.add(2, 1, 1, {0, 0}).add(2, 3, 2, std::vector<Real>(12)).add(2, 1, 1, {0, 0}).add(2, 1, 1, {0, 0});
  const auto targets = arrays.targets(0b1011, 0b1000, 7);  // the third is not wanted, the fourth adds
  ls::for_each_target<Space>(Space(), 1, CountRows<Real>{arrays.parts(), targets});
  CHECK(arrays.gradient(0) == std::vector<Real>{6, 15});
  CHECK(arrays.gradient(1) == std::vector<Real>{1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6});
  CHECK(arrays.gradient(2) == std::vector<Real>{7, 7});
  CHECK(arrays.gradient(3) == std::vector<Real>{13, 22});
}

TEST_CASE("for_each_target: no candidates leave zeros where a shared vector is written") {
  using Space = Kokkos::Serial;
  PartArrays<float, Space> arrays(2, 0);
  arrays.add(2, 1, 1, {0, 0}).add(2, 1, 1, {0, 0});
  ls::for_each_target<Space>(Space(), 1, CountRows<float>{arrays.parts(), arrays.targets(0b11, 0b10, 7)});
  CHECK(arrays.gradient(0) == std::vector<float>{0, 0});
  CHECK(arrays.gradient(1) == std::vector<float>{7, 7});
}
