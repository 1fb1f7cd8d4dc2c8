// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Parameters that are trained in their own way, chosen by name. The last group that fits a name counts, alone.
///
///     {{.pattern = "taste.*", .rate = 2e-3},
///      {.pattern = "items.weights", .weight_decay = 1e-5},
///      {.pattern = "text.*", .frozen = true}}
///
/// Cost: of `fits` O(pattern name) letters; asked once for each parameter, when the optimiser is made.
struct ParameterGroup {
  std::string pattern;                      // `*` stands for any letters, dots too: "taste.*", "*.bias"
  std::optional<double> rate = {};          // instead of the rule's
  std::optional<double> weight_decay = {};  // instead of the rule's
  bool frozen = false;                      // no gradient and no moments, as long as this optimiser or fit lasts

  /// Whether a parameter of this name belongs to the group.
  bool fits(std::string_view name) const {
    const std::string_view wanted = pattern;
    std::size_t at = 0, letter = 0, star = std::string_view::npos, resume = 0;
    while (letter < name.size()) {
      if (at < wanted.size() && wanted[at] == '*') {
        star = at++;
        resume = letter;
      } else if (at < wanted.size() && wanted[at] == name[letter]) {
        ++at;
        ++letter;
      } else if (star != std::string_view::npos) {  // let the last star stand for one letter more
        at = star + 1;
        letter = ++resume;
      } else {
        return false;
      }
    }
    while (at < wanted.size() && wanted[at] == '*') ++at;
    return at == wanted.size();
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
