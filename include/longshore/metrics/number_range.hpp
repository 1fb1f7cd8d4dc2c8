// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <ranges>
#include <span>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers that lie side by side: std::vector, std::span, std::array, an xt::xtensor or a contiguous view of one.
///
/// Labels may be integers, bool or floating point; scores are float or double. A strided view is no NumberRange: it
/// would be read wrongly, so it does not compile; evaluate it to a tensor first.
template <class T>
concept NumberRange =
    std::ranges::contiguous_range<const T> && std::ranges::sized_range<const T> &&
    (std::integral<std::ranges::range_value_t<T>> || std::same_as<std::ranges::range_value_t<T>, float> ||
     std::same_as<std::ranges::range_value_t<T>, double>);

/// The numbers of a range, without a copy.
template <NumberRange T>
constexpr auto span_of(const T& numbers) {
  return std::span<const std::ranges::range_value_t<T>>(std::ranges::data(numbers), std::ranges::size(numbers));
}

}  // namespace longshore::inline LONGSHORE_ABI
