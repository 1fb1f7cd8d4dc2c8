// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <ranges>

#include <longshore/core/abi.hpp>
#include <longshore/metrics/number_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Scores, logits or probabilities that lie side by side: a `NumberRange` of float or double.
template <class T>
concept ScoreRange = NumberRange<T> && std::floating_point<std::ranges::range_value_t<T>>;

}  // namespace longshore::inline LONGSHORE_ABI
