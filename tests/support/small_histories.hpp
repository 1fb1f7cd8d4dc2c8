// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/data/histories.hpp>
#include <vector>

/// Two users with 5 and 3 events and a column; the second user's last event begins a new session.
inline longshore::Histories small_histories() {
  longshore::Histories all;
  all.offsets = {0, 5, 8};
  all.items = {0, 1, 0, 2, 3, 4, 5, 6};
  all.times = {0, 100, 5000, 5100, 5200, 0, 50, 9000};
  all.values = {1, 2, 3, 4, 5, 6, 7, 8};
  all.rows = {0, 1, 2, 3, 4, 5, 6, 7};
  auto category = xt::xtensor<longshore::Id, 1>::from_shape({8});
  for (int i = 0; i < 8; ++i) category.data()[i] = 10 * i;
  all.columns.set<longshore::Id>("category", category);
  return all;
}
