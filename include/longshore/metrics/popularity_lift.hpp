// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/check_item_ids.hpp>
#include <longshore/metrics/check_lists.hpp>
#include <longshore/metrics/check_offsets.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes how much more popular recommended items are than those in the users' own histories.
///
///   (r - h) / h          r, h: mean over rows of the mean count of the items in the list, in the history
///
/// 0: as popular as what users choose themselves; 1: twice as popular. Rows without history are left out of h.
/// Source: Abdollahpouri et al. 2019, "The unfairness of popularity bias in recommendation". Cost: O(B K + N).
///
/// @param lists            (B, K) item ids, such as `Ranking::lists`; -1 marks places that stayed empty
/// @param history          (N) items of the rows' histories, row after row
/// @param history_offsets  (B+1)
/// @param counts           (I) events of each item in training
/// @return                 a share: above -1, 0 for no lift
/// @throws ShapeError if the offsets do not fit
/// @throws DataError  if no history has a counted item, a list has no item, or an id is outside the catalogue
inline double popularity_lift(const xt::xtensor<Id, 2>& lists, std::span<const Id> history,
                              std::span<const std::size_t> history_offsets, std::span<const std::size_t> counts) {
  const auto items = static_cast<Index>(counts.size());
  const std::size_t rows = lists.shape()[0], length = lists.shape()[1];
  check_lists("popularity_lift", lists, items);
  check_item_ids("popularity_lift", "histories", history, items);
  expects(history_offsets.size() == rows + 1, "popularity_lift: expected ", rows + 1, " history_offsets for ", rows,
          " lists, got ", history_offsets.size());
  check_offsets("popularity_lift", "history_offsets", history_offsets, history.size());
  double listed = 0, chosen = 0, with_history = 0;
  for (std::size_t b = 0; b < rows; ++b) {
    double sum = 0, filled = 0;
    for (std::size_t place = 0; place < length; ++place) {
      if (lists(b, place) < 0) continue;
      sum += static_cast<double>(counts[static_cast<std::size_t>(lists(b, place))]);
      ++filled;
    }
    listed += sum / filled;
    const auto own = history.subspan(history_offsets[b], history_offsets[b + 1] - history_offsets[b]);
    if (own.empty()) continue;
    sum = 0;
    for (const Id item : own) sum += static_cast<double>(counts[static_cast<std::size_t>(item)]);
    chosen += sum / static_cast<double>(own.size());
    ++with_history;
  }
  expects<DataError>(chosen > 0, "popularity_lift: expected a history with a counted item, got none");
  return (listed / static_cast<double>(rows)) / (chosen / with_history) - 1;
}

}  // namespace longshore::inline LONGSHORE_ABI
