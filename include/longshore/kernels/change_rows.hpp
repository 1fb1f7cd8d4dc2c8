// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <longshore/core/index.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Writes a register to a row, unless that is only read.
template <class Real, class Number>
inline void store_register(const Simd<Real>& numbers, Number* to) {
  if constexpr (!std::is_const_v<Number>) numbers.store(to);
}

/// Changes rows of factors together: `rule(a, b, ...)` gets the numbers of a place in each row, by reference, as
/// numbers or as registers of them.
///
///     change_rows<Real>(team, features, SgdRule<Real>{...}, p, q);
///
/// Cost: O(features) for each row.
///
/// @param rows  (features) each; none overlap; a row of const numbers is only read, and the rule leaves it as it is
template <class Real, class Team, class Rule, class... Rows>
KOKKOS_INLINE_FUNCTION void change_rows(const Team& team, Index features, const Rule& rule, Rows*... rows) {
  Index d = team.rank();
#if !LONGSHORE_ON_DEVICE
  if constexpr (Team::single) {
    using Vector = Simd<Real>;
    const auto change = [&](auto... registers) {
      rule(registers...);
      (store_register(registers, rows + d), ...);
    };
    for (; d + Vector::width <= features; d += Vector::width) change(Vector::load(rows + d)...);
  }
#endif
  for (; d < features; d += team.size()) rule(rows[d]...);
}

}  // namespace longshore::inline LONGSHORE_ABI
