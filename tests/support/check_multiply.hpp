// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/random.hpp>
#include <longshore/core/team.hpp>
#include <longshore/linalg/multiply.hpp>
#include <vector>

#include "sanitized.hpp"

namespace check {

/// A matrix with space around it: whoever writes beside it is seen.
template <class Real>
struct FramedMatrix {
  static constexpr int before = 3, after = 5;
  int rows, columns;
  bool transposed;
  std::vector<Real> memory;

  FramedMatrix(int its_rows, int its_columns, bool is_transposed, const longshore::Random& random)
      : rows(its_rows), columns(its_columns), transposed(is_transposed) {
    memory.resize(static_cast<std::size_t>(before + (transposed ? columns : rows) * stride() + after));
    for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = Real(2) * random.uniform<Real>(i) - Real(1);
  }
  int stride() const { return (transposed ? rows : columns) + 2; }
  std::size_t place(int i, int j) const {
    return static_cast<std::size_t>(before + (transposed ? j * stride() + i : i * stride() + j));
  }
  Real operator()(int i, int j) const { return memory[place(i, j)]; }
  template <class T>
  longshore::Strided<T> strided() {
    if (transposed) return {memory.data() + before, 1, stride()};
    return {memory.data() + before, stride(), 1};
  }
};

/// One product against the definition, element by element: as exact as the sizes of its terms allow, and nothing is written
/// beside the result.
template <class Real>
bool product_is_right(int rows, int columns, int inner, bool transposed, bool adds, bool biased) {
  const longshore::Random random =
      longshore::Random(11).at(static_cast<std::uint64_t>(rows * 1000003 + columns * 1009 + inner));
  FramedMatrix<Real> a(rows, inner, transposed, random.stream("a")), b(inner, columns, false, random.stream("b")),
      c(rows, columns, false, random.stream("c"));
  std::vector<Real> bias(static_cast<std::size_t>(columns));
  for (std::size_t j = 0; j < bias.size(); ++j) bias[j] = random.stream("bias").uniform<Real>(j);
  const auto old = c;
  longshore::multiply<Real>(longshore::HostTeam{0}, rows, columns, inner, a.template strided<const Real>(),
                            b.template strided<const Real>(), c.template strided<Real>(),
                            adds ? longshore::Update::add : longshore::Update::write, biased ? bias.data() : nullptr);
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) {
      const double before = adds ? static_cast<double>(old(i, j)) : 0;
      const double start = biased ? static_cast<double>(bias[static_cast<std::size_t>(j)]) : 0;
      double exact = before + start, size = std::abs(before) + std::abs(start);
      for (int k = 0; k < inner; ++k) {
        const double term = static_cast<double>(a(i, k)) * static_cast<double>(b(k, j));
        exact += term;
        size += std::abs(term);
      }
      const double error = std::abs(static_cast<double>(c(i, j)) - exact);
      if (!(error <= static_cast<double>(std::numeric_limits<Real>::epsilon()) * (2 + inner / 4) * size)) return false;
    }
  for (std::size_t place = 0; place < c.memory.size(); ++place) {
    const int at = static_cast<int>(place) - FramedMatrix<Real>::before;
    const bool inside = at >= 0 && at / c.stride() < rows && at % c.stride() < columns;
    if (!inside && c.memory[place] != old.memory[place]) return false;
  }
  return true;
}

/// Sizes around every edge of tiles and registers: 24 or 12 rows, 4 and 2 rows, 4, 2 and 1 registers, narrower ones, single
/// columns.
template <class Real>
void multiply() {
  int products = 0;
  for (const int rows : {0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 19, 25})
    for (const int columns :
         {0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 24, 28, 31, 32, 33, 48, 63, 64, 65, 71, 127, 131})
      for (const int inner : {0, 1, 2, 5, sanitized ? 9 : 64}) {
        for (int how = 0; how < 8; ++how, ++products) {
          CAPTURE(rows);
          CAPTURE(columns);
          CAPTURE(inner);
          CAPTURE(how);
          REQUIRE(product_is_right<Real>(rows, columns, inner, (how & 1) != 0, (how & 2) != 0, (how & 4) != 0));
        }
      }
  CHECK(products == 13 * 26 * 5 * 8);
}

}  // namespace check
