// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <longshore/core/index.hpp>
#include <longshore/data/histories.hpp>

/// Histories of users 0, 1, 2, ... with the given items.
inline longshore::Histories histories_of(const std::vector<std::vector<longshore::Id>>& users) {
  longshore::Histories histories;
  for (const auto& items : users) {
    histories.items.insert(histories.items.end(), items.begin(), items.end());
    histories.offsets.push_back(histories.items.size());
  }
  return histories;
}
