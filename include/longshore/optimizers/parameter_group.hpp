// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <longshore/core/visit.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether a name fits a pattern in which `*` stands for any letters: "taste.*", "*.bias".
inline bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() != '*')
    return !name.empty() && pattern.front() == name.front() && matches(pattern.substr(1), name.substr(1));
  for (std::size_t skip = 0; skip <= name.size(); ++skip)
    if (matches(pattern.substr(1), name.substr(skip))) return true;
  return false;
}

/// Parameters that are trained in their own way, chosen by name. The last group that fits a name counts.
///
///     {{.pattern = "taste.*", .rate = 2e-3}, {.pattern = "items.weights", .weight_decay = 1e-5}, {.pattern = "text.*", .frozen = true}}
struct ParameterGroup {
  std::string pattern;
  std::optional<double> rate = {};          // instead of the optimiser's
  std::optional<double> weight_decay = {};  // instead of the optimiser's
  bool frozen = false;                      // gets no gradient and no optimiser state
};

}  // namespace longshore::inline LONGSHORE_ABI
