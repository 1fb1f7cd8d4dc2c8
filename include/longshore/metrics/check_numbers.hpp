// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_key.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses numbers that are NaN or infinite, by their bits: under -ffast-math too.
///
/// Cost: O(N).
///
/// @param function  who asks, for the text of the error
/// @param name      what the numbers are, in the plural
/// @throws DataError with the position of the first that is not finite
template <NumberRange Numbers>
void check_numbers(const char* function, const char* name, const Numbers& numbers) {
  const auto values = span_of(numbers);
  using Value = typename decltype(values)::value_type;
  if constexpr (std::floating_point<Value>) {
    constexpr auto largest = largest_score_key<Value>;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto key = score_key(values[i]);
      expects<DataError>(key < largest && key > -largest, function, ": expected finite ", name, ", got ",
                         key == largest    ? "infinity"
                         : key == -largest ? "minus infinity"
                                           : "NaN",
                         " at position ", i);
    }
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
