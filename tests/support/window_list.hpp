// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <longshore/core/random.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/core/windows.hpp>

#include "extents.hpp"
#include "golden.hpp"

/// Begin and end rows of windows on the host: what a case draws or reads, and what naive loops walk over.
struct WindowList {
  std::vector<longshore::Index> begin, end;
  longshore::Index steps = 0;  // N

  WindowList() = default;
  WindowList(std::vector<longshore::Index> begins, std::vector<longshore::Index> ends, longshore::Index rows)
      : begin(std::move(begins)), end(std::move(ends)), steps(rows) {}

  /// From golden tensors `<case>/begin`, `<case>/end` and the rows of `<case>/x`.
  WindowList(const Golden& golden, const std::string& name) : steps(golden.shape(name + "/x")[0]) {
    for (const auto row : golden.integers(name + "/begin")) begin.push_back(static_cast<longshore::Index>(row));
    for (const auto row : golden.integers(name + "/end")) end.push_back(static_cast<longshore::Index>(row));
  }

  std::size_t size() const { return begin.size(); }
  longshore::Index length(std::size_t w) const { return end[w] - begin[w]; }

  /// Where the pairs of each window start, and their number last.
  std::vector<longshore::Index> pairs() const {
    std::vector<longshore::Index> before{0};
    for (std::size_t w = 0; w < size(); ++w) before.push_back(before.back() + length(w));
    return before;
  }

  /// The shape-th example: edges first, then windows at random that overlap, leave rows out and may be empty.
  static WindowList example(const longshore::Random& random, int shape) {
    switch (shape) {
      case 0: return {{0}, {1}, 1};                                      // one step
      case 1: return {{0, 0, 3, 3, 7, 8}, {0, 3, 3, 7, 8, 8}, 8};        // sequences, some empty
      case 2: return {{0, 0, 0, 1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7}, 7};  // the last three at every position
      case 3: return {{0, 0}, {0, 0}, 0};                                // empty sequences only
      case 4: return {{2, 2, 2, 9}, {5, 5, 8, 9}, 12};                   // equal ones; rows left out around
      case 5: return {{}, {}, 5};                                        // no windows
      case 6: return {{0, 3, 4}, {170, 171, 175}, 175};                  // longer than any tile
      default: break;
    }
    WindowList list;
    std::uint64_t next = 0;
    const auto draw = [&](longshore::Index count) {
      return static_cast<longshore::Index>(random.below(next++, static_cast<std::uint64_t>(count)));
    };
    const bool wide = shape >= wide_shape;  // about 5.5 steps a window
    list.steps = wide ? wide_rows : 1 + draw(30);
    const longshore::Index count = wide ? wide_rows / 5 : 1 + draw(9);
    for (longshore::Index w = 0; w < count; ++w) list.begin.push_back(draw(list.steps + 1));
    std::sort(list.begin.begin(), list.begin.end());
    for (std::size_t w = 0; w < list.size(); ++w) {
      const longshore::Index wanted = std::min(list.steps, list.begin[w] + draw(12));
      list.end.push_back(w == 0 ? wanted : std::max(wanted, list.end[w - 1]));
    }
    return list;
  }
};

/// Windows in the memory of a space.
template <class Space>
struct PlacedWindows {
  longshore::Tensor<longshore::Index, 1, Space> begin, end, pairs;
  longshore::Index pair_count = 0, longest = 0;

  PlacedWindows() = default;
  explicit PlacedWindows(const WindowList& list)
      : begin(static_cast<longshore::Index>(list.size())),
        end(static_cast<longshore::Index>(list.size())),
        pairs(static_cast<longshore::Index>(list.size()) + 1),
        pair_count(list.pairs().back()) {
    longshore::copy_from_host<longshore::Index>(list.begin, begin.view());
    longshore::copy_from_host<longshore::Index>(list.end, end.view());
    longshore::copy_from_host<longshore::Index>(list.pairs(), pairs.view());
    for (std::size_t w = 0; w < list.size(); ++w) longest = std::max(longest, list.length(w));
  }

  longshore::Windows<Space> windows() const { return {begin.view(), end.view(), pairs.view(), pair_count, longest}; }
};
