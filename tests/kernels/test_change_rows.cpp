// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/change_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <vector>

namespace ls = longshore;

namespace {

struct TimesAndPlus {
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(Number& a, const Number& b, Number& c) const {
    c += a * b;
    a = b - a;
  }
};

}  // namespace

TEST_CASE_TEMPLATE("change_rows: reference: every place by the numbers of before, whatever the length", Real, float,
                   double) {
  for (ls::Index size = 0; size < 70; ++size) {
    const auto count = static_cast<std::size_t>(size);
    std::vector<Real> a(count + 1), b(count + 1), c(count + 1);
    for (std::size_t i = 0; i <= count; ++i) a[i] = Real(i), b[i] = Real(3 * i + 1), c[i] = Real(2);
    const auto before = a, kept = b;
    ls::change_rows<Real>(ls::HostTeam{0}, size, TimesAndPlus{}, a.data(), static_cast<const Real*>(b.data()),
                          c.data());
    CHECK(b == kept);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(a[i] == b[i] - before[i]);
      CHECK(c[i] == Real(2) + before[i] * b[i]);
    }
    CHECK(a[count] == before[count]);
    CHECK(c[count] == 2);
  }
}
