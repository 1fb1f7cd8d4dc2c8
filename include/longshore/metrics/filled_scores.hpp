// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether a function fills scores of this type for a block of rows: score(first, count, given..., scores).
template <class Score, class Real, class... Given>
concept FillsScoresOf = std::invocable<Score&, std::size_t, std::size_t, Given..., std::span<Real>>;

/// What `full_ranking` and `sampled_ranking` take to score a block of rows: it fills floats, or doubles.
///
/// Cost: none at run time.
template <class Score, class... Given>
concept FillsScores = FillsScoresOf<Score, float, Given...> || FillsScoresOf<Score, double, Given...>;

/// The type of the scores that it fills: float where it takes both. Those of a model in double are compared as doubles.
template <class Score, class... Given>
using FilledReal = std::conditional_t<FillsScoresOf<Score, float, Given...>, float, double>;

}  // namespace longshore::inline LONGSHORE_ABI
