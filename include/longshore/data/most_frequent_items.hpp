// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The items that come most often in a run of events; of equally frequent ones those that came more recently.
///
///     MostFrequentItems frequent;
///     frequent.find(history, 10);
///     frequent.has(item);
///
/// Cost: `find` O(n log n) for n events, `has` O(log count); memory 16 bytes an event of the longest run and 4 an item
/// of the largest count, which are kept: later runs allocate nothing.
template <class Allocator = std::allocator<Id>>
class MostFrequentItems {
 public:
  explicit MostFrequentItems(const Allocator& allocator = Allocator()) : runs_(allocator), kept_(allocator) {}

  /// Forgets the run before and looks at this one.
  ///
  /// @param items  the events in the order of time
  /// @param count  at most so many items; at least 0
  void find(std::span<const Id> items, Index count) {
    const auto most = static_cast<std::size_t>(count);
    runs_.clear();
    runs_.reserve(items.size());
    for (std::size_t position = 0; position < items.size(); ++position) runs_.push_back({items[position], 1, position});
    std::sort(runs_.begin(), runs_.end(),
              [](const Run& a, const Run& b) { return a.item != b.item ? a.item < b.item : a.latest < b.latest; });
    std::size_t different = 0;
    for (std::size_t next = 0; next < runs_.size(); ++different) {
      Run run = runs_[next];
      while (++next < runs_.size() && runs_[next].item == run.item) {
        run.latest = runs_[next].latest;
        ++run.times;
      }
      runs_[different] = run;
    }
    runs_.resize(different);
    if (most < different) {
      std::nth_element(runs_.begin(), runs_.begin() + count, runs_.end(), [](const Run& a, const Run& b) {
        return a.times != b.times ? a.times > b.times : a.latest > b.latest;
      });
      runs_.resize(most);
    }
    kept_.clear();
    for (const Run& run : runs_) kept_.push_back(run.item);
    std::sort(kept_.begin(), kept_.end());
  }

  /// Whether an item is among them.
  bool has(Id item) const { return std::binary_search(kept_.begin(), kept_.end(), item); }

  /// @return  at most `count` items, ascending; until the next `find`
  std::span<const Id> items() const { return kept_; }

 private:
  struct Run {
    Id item;
    Index times;
    std::size_t latest;
  };
  template <class T>
  using List = std::vector<T, typename std::allocator_traits<Allocator>::template rebind_alloc<T>>;

  List<Run> runs_;  // first an event each, then an item each
  List<Id> kept_;
};

}  // namespace longshore::inline LONGSHORE_ABI
