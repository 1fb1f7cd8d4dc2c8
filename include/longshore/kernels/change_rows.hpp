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
KOKKOS_FORCEINLINE_FUNCTION void change_rows(const Team& team, Index features, const Rule& rule, Rows*... rows) {
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

/// The sum over the places of rows of what a rule makes of their numbers, to every lane of a team: an inner product,
/// say. The order of the sum is fixed by `features`.
///
///     const Real score = sum_rows<Real>(team, features, ProductRule{}, p, q);
///
/// On a device all lanes must call it, and it waits for them. Cost: O(features) for each row.
///
/// @param rule  called as rule(a, b, ...) with numbers or registers; gives one
/// @param rows  (features) each
template <class Real, class Team, class Rule, class... Rows>
KOKKOS_FORCEINLINE_FUNCTION Real sum_rows(const Team& team, Index features, const Rule& rule, const Rows*... rows) {
  Index d = team.rank();
  Real sum = 0;
#if !LONGSHORE_ON_DEVICE
  if constexpr (Team::single) {
    using Vector = Simd<Real>;
    if (features >= Vector::width) {
      auto even = Vector::broadcast(0), odd = Vector::broadcast(0);
      for (; d + 2 * Vector::width <= features; d += 2 * Vector::width) {
        even.add(rule(Vector::load(rows + d)...));
        odd.add(rule(Vector::load(rows + d + Vector::width)...));
      }
      if (d + Vector::width <= features) {
        even.add(rule(Vector::load(rows + d)...));
        d += Vector::width;
      }
      even.add(odd);
      sum = even.sum();
    }
  }
#endif
  for (; d < features; d += team.size()) sum += rule(rows[d]...);
  return team.sum(sum);
}

/// a b: the rule of an inner product.
struct ProductRule {
  template <class Number>
  KOKKOS_INLINE_FUNCTION Number operator()(const Number& a, const Number& b) const {
    return a * b;
  }
};

/// Asks for a row that will be changed soon, on a host: rows are met in an order that no cache foresees.
///
/// Cost: one instruction for 64 bytes.
template <class Real>
KOKKOS_INLINE_FUNCTION void fetch_row(const Real* row, Index features) {
#if !LONGSHORE_ON_DEVICE && defined(__GNUC__)
  constexpr Index line = 64 / static_cast<Index>(sizeof(Real));
  for (Index d = 0; d < features; d += line) __builtin_prefetch(row + d, 1);
#endif
  (void)row, (void)features;
}

}  // namespace longshore::inline LONGSHORE_ABI
