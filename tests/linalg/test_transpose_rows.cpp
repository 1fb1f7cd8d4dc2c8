// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/transpose_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <vector>

namespace ls = longshore;

namespace {

/// Every element times the factor at its place, zeros behind the rows, and nothing behind the last column.
template <ls::Index Padded, class Real>
void every_element_in_its_place() {
  for (const ls::Index rows : {ls::Index(0), ls::Index(1), ls::Index(3), ls::Index(8), Padded / 2 + 1, Padded})
    for (const ls::Index columns : {0, 1, 2, 7, 8, 16, 19, 33}) {
      if (rows > Padded) continue;
      CAPTURE(rows);
      CAPTURE(columns);
      const ls::Index stride = columns + 3;
      std::vector<Real> from(static_cast<std::size_t>(rows * stride + 1));
      for (std::size_t e = 0; e < from.size(); ++e) from[e] = static_cast<Real>(e + 1);
      std::vector<Real> to(static_cast<std::size_t>((columns + 1) * Padded), Real(-1));
      ls::transpose_rows<Padded>(ls::HostTeam{0}, rows, columns, Real(0.5),
                                 ls::Strided<const Real>{from.data(), stride}, to.data());
      for (ls::Index j = 0; j <= columns; ++j)
        for (ls::Index i = 0; i < Padded; ++i) {
          const auto inside = static_cast<Real>(0.5 * (i * stride + j + 1));
          const Real expected = j == columns ? Real(-1) : i < rows ? inside : Real(0);
          REQUIRE(to[static_cast<std::size_t>(j * Padded + i)] == expected);
        }
    }
}

}  // namespace

TEST_CASE_TEMPLATE("transpose_rows: every element goes to its place times the factor, with zeros behind the rows", Real,
                   float, double) {
  every_element_in_its_place<4, Real>();
  every_element_in_its_place<16, Real>();
  every_element_in_its_place<32, Real>();
}

#if !defined(__CUDACC__) && defined(__GNUC__)
TEST_CASE_TEMPLATE("transpose_registers: row i, lane j comes to row j, lane i", Real, float, double) {
  constexpr int width = ls::Simd<Real>::width;
  ls::Simd<Real> rows[width];
  Real numbers[width];
  for (int i = 0; i < width; ++i) {
    for (int j = 0; j < width; ++j) numbers[j] = static_cast<Real>(100 * i + j);
    rows[i] = ls::Simd<Real>::load(numbers);
  }
  ls::transpose_registers(rows);
  for (int i = 0; i < width; ++i) {
    rows[i].store(numbers);
    for (int j = 0; j < width; ++j) CHECK(numbers[j] == static_cast<Real>(100 * j + i));
  }
}
#endif
