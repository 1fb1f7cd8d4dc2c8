// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <longshore/metrics/full_ranking.hpp>

#include "golden.hpp"

/// The full ranking of a case of the golden file metrics/ranked.
inline longshore::Ranking golden_ranking(const Golden& golden, const std::string& name) {
  const auto scores = golden.numbers(name + "/scores");
  const auto relevant = golden.integers(name + "/relevant");
  const auto rows = static_cast<std::size_t>(golden.shape(name + "/scores")[0]), items = scores.size() / rows;
  std::vector<longshore::Id> targets;
  std::vector<std::size_t> offsets{0};
  for (std::size_t b = 0; b < rows; ++b) {
    for (std::size_t i = 0; i < items; ++i)
      if (relevant[b * items + i] == 1) targets.push_back(static_cast<longshore::Id>(i));
    offsets.push_back(targets.size());
  }
  return longshore::full_ranking(
      {.relevant = targets, .relevant_offsets = offsets}, static_cast<longshore::Index>(items),
      [&](std::size_t first, std::size_t, std::span<float> out) {
        std::transform(scores.begin() + static_cast<std::ptrdiff_t>(first * items),
                       scores.begin() + static_cast<std::ptrdiff_t>(first * items + out.size()), out.begin(),
                       [](double score) { return static_cast<float>(score); });
      });
}
