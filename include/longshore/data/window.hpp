// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which of the steps before a moment a window has: those that fit every condition that is set.
///
///     Window long_term{.last = 50};
///     Window short_term{.last = 10, .session_gap = std::chrono::minutes(30)};
///
/// Conditions select positions; steps are never copied for it.
///
/// Cost: `begin` O(log T), with a session gap O(length of the session).
struct Window {
  Index last = 0;                  // at most so many, the most recent; 0: any number
  std::chrono::seconds within{0};  // not older than this at the moment; 0: any age
  std::chrono::seconds session_gap{
      0};              // since the last pause longer than this, the pause before the moment included; 0: any
  Index frequent = 0;  // only steps whose item is among this many most frequent ones of the window so far;
                       // ties: the more recent item; 0: all items

  /// Whether the window is a run of steps without holes.
  bool contiguous() const { return frequent == 0; }

  /// Whether it may begin after the first step of a history.
  bool bounded() const { return last > 0 || within.count() > 0 || session_gap.count() > 0 || frequent > 0; }

  /// @throws ShapeError for negative numbers
  void check(const char* caller) const {
    expects(last >= 0 && frequent >= 0 && within.count() >= 0 && session_gap.count() >= 0, caller,
            ": a window's numbers are at least 0, they are last ", last, ", within ", within.count(),
            " s, session_gap ", session_gap.count(), " s, frequent ", frequent);
  }

  /// Where the window begins if `frequent` is left aside: the window is [begin, times.size()).
  ///
  /// @param times  (n) seconds of the steps before the moment, never descending
  /// @param now    seconds of the moment
  std::size_t begin(std::span<const Seconds> times, Seconds now) const {
    std::size_t first = 0;
    if (last > 0 && times.size() > static_cast<std::size_t>(last))
      first = times.size() - static_cast<std::size_t>(last);
    if (within.count() > 0) {
      const auto young =
          std::partition_point(times.begin(), times.end(), [&](Seconds time) { return is_apart(time, now, within); });
      first = std::max(first, static_cast<std::size_t>(young - times.begin()));
    }
    if (session_gap.count() > 0) {
      std::size_t start = times.size();
      for (Seconds next = now; start > first && !is_apart(times[start - 1], next, session_gap); --start)
        next = times[start - 1];
      first = std::max(first, start);
    }
    return first;
  }

 private:
  // Without a sign no difference of two stamps overflows.
  static bool is_apart(Seconds earlier, Seconds later, std::chrono::seconds most) {
    return later > earlier && static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier) >
                                  static_cast<std::uint64_t>(most.count());
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
