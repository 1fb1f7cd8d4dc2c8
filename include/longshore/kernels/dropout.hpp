// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/random.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Elements that a run of 16 Philox blocks decides, word w of block l the element 16 w + l, so that neighbouring lanes
/// draw for neighbouring elements; and elements that one team takes.
inline constexpr Index dropout_run = 64;
/// Elements that one team takes.
inline constexpr Index dropout_chunk = 64 * dropout_run;

/// The body of `dropout_scale`, which says what it computes.
template <class Real>
struct DropoutScale {
  static inline const std::string label = "longshore::dropout";
  static constexpr int team_size = 128;
  Random random;
  std::uint32_t first_kept;  // draws below it drop their element
  Real scale;
  std::int64_t size;
  const Real* from;
  Real* to;
  Update update;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t first = std::int64_t{team.league()} * dropout_chunk;
    const std::int64_t last = first + dropout_chunk < size ? first + dropout_chunk : size;
    if constexpr (Team::single) {
      for (std::int64_t start = first; start < last; start += dropout_run) {
        std::uint32_t draws[dropout_run];
        for (Index l = 0; l < 16; ++l) {
          const FourWords words = random.block(static_cast<std::uint64_t>(start / 4 + l));
          for (Index w = 0; w < 4; ++w) draws[16 * w + l] = words.words[w];
        }
        const auto count = static_cast<Index>(last - start < dropout_run ? last - start : dropout_run);
        const Real* x = from + start;
        Real* y = to + start;
        if (update == Update::add)
          for (Index j = 0; j < count; ++j) y[j] += draws[j] < first_kept ? Real(0) : scale * x[j];
        else
          for (Index j = 0; j < count; ++j) y[j] = draws[j] < first_kept ? Real(0) : scale * x[j];
      }
    } else {
      for (Index block = team.rank(); block < dropout_chunk / 4; block += team.size()) {
        const FourWords words = random.block(static_cast<std::uint64_t>(first / 4 + block));
        const std::int64_t start = first + block / 16 * dropout_run + block % 16;
        for (Index w = 0; w < 4; ++w) {
          const std::int64_t i = start + 16 * w;
          if (i >= last) continue;
          const Real kept = words.words[w] < first_kept ? Real(0) : scale * from[i];
          to[i] = update == Update::add ? to[i] + kept : kept;
        }
      }
    }
  }
};

/// What both directions do: to (+)= from / (1 - rate) where the draw keeps the number, 0 elsewhere. Does not wait.
///
/// Cost: O(count), one Philox block for four numbers; no scratch.
///
/// @param from, to  (count)
template <class Real, class Space, class Executor>
void dropout_scale(const Executor& executor, const Random& random, double rate, std::size_t count, const Real* from,
                   Real* to, Update update) {
  const auto size = static_cast<std::int64_t>(count);
  const double edge = rate * 0x1p32 + 0.5;
  const auto first_kept = edge < 0x1p32 ? static_cast<std::uint32_t>(edge) : std::uint32_t{0xFFFFFFFF};
  for_each_team<Space>(
      executor, (size + dropout_chunk - 1) / dropout_chunk,
      DropoutScale<Real>{random, first_kept, static_cast<Real>(1 / (1 - rate)), size, from, to, update});
}

/// y = x / (1 - rate) where an element is kept, 0 where it is dropped, each with probability `rate`. Does not wait.
///
/// Which elements are dropped follows from `random` and their position alone, so backward needs no mask: of 64 elements
/// from 64 g on, element 16 w + l is dropped if word w of block 16 g + l lies below rate 2^32.
///
/// Source: Srivastava et al. 2014.
/// Cost: O(numbers), one Philox block for four of them; no mask, no scratch.
/// Source: Srivastava et al. 2014; scaled in training ("inverted"), so that nothing is left to do in inference.
///
/// @param rate  0 <= rate < 1
/// @param x     (...)
/// @param y     (...) overwritten; may be x
template <class Real, class Space, int Rank, class Executor>
void dropout_forward(const Executor& executor, const Random& random, double rate, const View<Real, Rank, Space>& x,
                     const View<Real, Rank, Space>& y) {
  dropout_scale<Real, Space>(executor, random, rate, x.size(), x.data(), y.data(), Update::write);
}

/// dx (+)= dy / (1 - rate) where forward with the same `random` and `rate` kept the element, 0 elsewhere. Does not
/// wait.
///
/// Cost: O(numbers), one Philox block for four of them; no scratch.
///
/// @param dy  (...)
/// @param dx  (...), or empty
template <class Real, class Space, int Rank, class Executor>
void dropout_backward(const Executor& executor, const Random& random, double rate,
                      const View<const Real, Rank, Space>& dy, const Target<Real, Rank, Space>& dx) {
  if (!dx) return;
  dropout_scale<Real, Space>(executor, random, rate, dy.size(), dy.data(), dx.view.data(), dx.update);
}

}  // namespace longshore::inline LONGSHORE_ABI
