// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `clear_empty_windows`, which says what it computes.
template <class Real, class Space>
struct ClearEmptyWindows {
  static inline const std::string label = "longshore::clear_empty_windows";
  Windows<Space> windows;
  Index features;
  const Real* from;
  Real* to;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t e) const {
    const auto w = static_cast<Index>(e / features);
    to[e] = windows.begin(w) < windows.end(w) ? from[e] : Real(0);
  }
};

/// Copies rows of windows; those of empty windows become zeros. Does not wait.
///
/// Cost: O(W D), no scratch.
///
/// @param from  (W, D)
/// @param to    (W, D) overwritten; may be from
template <class Real, class Space, class Executor>
void clear_empty_windows(const Executor& executor, const Windows<Space>& windows, View<const Real, 2, Space> from,
                         View<Real, 2, Space> to) {
  for_each(executor, static_cast<std::int64_t>(from.size()),
           ClearEmptyWindows<Real, Space>{windows, from.extent(1), from.data(), to.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
