// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Finds what belongs to a pointer in one or two nanoseconds: open addressing, filled once and then only read.
///
/// Cost: `find` O(1), `insert` O(1) on average; memory two to four places an entry.
template <class T>
class PointerMap {
 public:
  /// @throws Error if the pointer is there already: a part that a model's `visit` names twice
  void insert(const void* key, const T& value) {
    expects<Error>(find(key) == nullptr, "PointerMap: the same memory is named twice; does `visit` name a part twice?");
    if (2 * (count_ + 1) > places_.size()) grow();
    place(key, value);
    ++count_;
  }

  /// @return  null if the pointer is not there
  T* find(const void* key) {
    if (places_.empty()) return nullptr;
    for (std::size_t i = start(key);; i = (i + 1) & (places_.size() - 1)) {
      if (places_[i].first == key) return &places_[i].second;
      if (!places_[i].first) return nullptr;
    }
  }

  /// Calls `function(value)` for each value, in no order that means anything.
  template <class Function>
  void for_each(Function&& function) {
    for (auto& [key, value] : places_)
      if (key) function(value);
  }

 private:
  std::size_t start(const void* key) const {
    const auto bits = reinterpret_cast<std::uintptr_t>(key);
    return static_cast<std::size_t>((bits >> 4) * 0x9E3779B97F4A7C15u >> 20) & (places_.size() - 1);
  }
  void place(const void* key, const T& value) {
    std::size_t i = start(key);
    while (places_[i].first) i = (i + 1) & (places_.size() - 1);
    places_[i] = {key, value};
  }
  void grow() {
    std::vector<std::pair<const void*, T>> old(places_.empty() ? 16 : 2 * places_.size());
    std::swap(old, places_);
    for (const auto& [key, value] : old)
      if (key) place(key, value);
  }

  std::vector<std::pair<const void*, T>> places_;
  std::size_t count_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
