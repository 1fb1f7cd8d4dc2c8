// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/io/parse_seconds.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Recognises what numbers in a column of times count: the unit in which all of them lie in the years 1990 to 2099. No
/// number does so in two units.
///
/// Cost: O(N).
///
/// @param numbers  (N) since 1970-01-01 00:00:00 UTC
/// @return         the unit; seconds too where none fits, as for days and for counters
inline TimeUnit recognise_time_unit(std::span<const Seconds> numbers) {
  constexpr Seconds year_1990 = 631'152'000, year_2100 = 4'102'444'800;
  if (numbers.empty()) return TimeUnit::seconds;
  const auto range = std::ranges::minmax(numbers);
  for (const TimeUnit unit : {TimeUnit::milliseconds, TimeUnit::microseconds, TimeUnit::nanoseconds}) {
    const auto scale = static_cast<std::int64_t>(unit);
    if (range.min / scale >= year_1990 && range.max / scale < year_2100) return unit;
  }
  return TimeUnit::seconds;
}

}  // namespace longshore::inline LONGSHORE_ABI
