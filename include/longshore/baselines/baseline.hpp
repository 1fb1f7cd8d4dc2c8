// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <span>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A recommender without training steps: the floor that a neural result is printed beside.
///
/// * `T(histories, items, ...)` counts what it needs in the training histories and keeps no reference to them.
///   Deterministic.
/// * `items()` is the size I of the catalogue.
/// * `scores(history, out)` overwrites out (I) with a score for every item, larger is better, for somebody with that
///   history, oldest first, which may be empty. Const, allocates no more than it needs, safe to call from several
///   threads. Scores order items; they have no unit. Items of the history get scores as all others: the ranking removes
///   them, or not.
/// * `name()` is the row of the report.
template <class T>
concept Baseline = requires(const T& baseline, std::span<const Id> history, std::span<float> out) {
  { baseline.items() } -> std::same_as<Index>;
  { baseline.scores(history, out) } -> std::same_as<void>;
  { baseline.name() } -> std::convertible_to<std::string_view>;
};

}  // namespace longshore::inline LONGSHORE_ABI
