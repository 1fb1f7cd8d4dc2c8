// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Parts that look at the same time.
inline constexpr Index first_below_parts = 256;

/// The body of `first_below`, which says what it computes.
template <class Real>
struct FirstBelow {
  static inline const std::string label = "longshore::first_below";
  const Real* values;
  std::int64_t count;
  Real least;
  std::int64_t* found;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t part) const {
    const std::int64_t each = (count + first_below_parts - 1) / first_below_parts;
    const std::int64_t first = part * each, last = first + each < count ? first + each : count;
    found[part] = count;
    constexpr std::int64_t run = 4096;  // a loop without a way out vectorises
    for (std::int64_t start = first; start < last && found[part] == count; start += run) {
      const std::int64_t end = start + run < last ? start + run : last;
      int below = 0;
      for (std::int64_t i = start; i < end; ++i) below |= values[i] < least ? 1 : 0;
      for (std::int64_t i = end - 1; below && i >= start; --i)
        if (values[i] < least) found[part] = i;
    }
  }
};

/// Where in a list the first number below another one is, for each part of the list. Does not wait.
///
/// Cost: O(N), memory as given.
///
/// @param values  (N)
/// @param found   (first_below_parts) overwritten; N where the part has none
template <class Real, class Executor>
void first_below(const Executor& executor, const Real* values, std::int64_t count, Real least, std::int64_t* found) {
  for_each(executor, first_below_parts, FirstBelow<Real>{values, count, least, found});
}

}  // namespace longshore::inline LONGSHORE_ABI
