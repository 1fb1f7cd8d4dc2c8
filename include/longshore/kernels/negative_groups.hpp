// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/random.hpp>
#include <longshore/kernels/paired_blocks.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// An interaction and an item beside it that the user has not.
struct Comparison {
  Id liked, other;
};

/// Draws negatives that stay with few items at a time and are, over all epochs, drawn from the whole catalogue.
///
/// H groups of items have about the same weight, at most `span`. An item gets its negative with probability 1 / H from
/// its own group, else from the one that is met together with it, which no other body has at that time. In its group a
/// place below `span` is drawn; a place without an item, and an item that the user has, give no negative. Where pairs
/// are drawn anew each epoch, all alike, every item not seen by the user is drawn with a probability that is
/// proportional to its weight, whatever user and positive: the distribution is that of draws from the whole catalogue
/// that are skipped where the user has the item.
///
/// A group of n items is n columns of the same width: of the column of item i the share keep[i] / 2^32 is its own, and
/// the rest is other[i]'s. Trivially copyable.
///
/// Cost: O(1) a draw, O(log |I_u|) where a mark is not enough; memory 8 bytes an item where they have weights.
/// Source: Walker 1977, the alias method.
template <class Real, class Space>
struct NegativeGroups {
  SparseRows<Real, Space> by_user;
  Index item_groups = 0;                // H
  const Index* item_cuts = nullptr;     // (H+1)
  const double* columns = nullptr;      // (H) columns of the group that are together as wide as `span`
  const std::uint32_t* keep = nullptr;  // (I), or null: all items weigh the same
  const Id* other = nullptr;            // (I), or null with it

  /// A visit, on a host with marks of what the user has in either group: mark i % 256 for item i.
  struct Visit : PairVisit {
    static constexpr std::uint32_t words = is_host_space<Space> ? 4 : 0;
    std::uint64_t marks[2][words > 0 ? words : 1];
  };

  /// Sets the marks.
  KOKKOS_INLINE_FUNCTION void enter(Visit& visit) const {
    if constexpr (Visit::words > 0)
      for (int part = 0; part < 2; ++part) {
        std::uint64_t* marks = visit.marks[part];
        for (std::uint32_t w = 0; w < Visit::words; ++w) marks[w] = 0;
        for (std::int64_t n = visit.begin[part]; n < visit.end[part]; ++n) {
          const auto item = static_cast<std::uint32_t>(by_user.columns[n]);
          marks[item / 64 % Visit::words] |= std::uint64_t{1} << item % 64;
        }
      }
  }

  /// Draws the negatives of the entries of a visit from number `first` on, as many as there are or the array holds.
  ///
  /// @param random       of this epoch
  /// @param comparisons  those that have a negative, one after the other
  /// @return             how many these are
  template <int count>
  KOKKOS_INLINE_FUNCTION int draw(const Random& random, const Visit& visit, std::int64_t first,
                                  Comparison (&comparisons)[count]) const {
    std::uint64_t entries[count], words[4][count];
    for (int i = 0; i < count; ++i) entries[i] = static_cast<std::uint64_t>(visit.entry(first + i));
    random.blocks(entries, words);
    const std::int64_t left = visit.count() - first;
    int made = 0;
    for (int i = 0; i < count && i < left; ++i) {
      const bool own = ((words[0][i] * static_cast<std::uint64_t>(item_groups)) >> 32) == 0;
      const int part = own ? visit.part(first + i) : 1 - visit.part(first + i);
      const Id item = place(part == 0 ? visit.groups.own : visit.groups.other, words[1][i], words[2][i]);
      comparisons[count > 1 ? made : 0] = {by_user.columns[entries[i]], item};
      made += item >= 0 && !has(visit, part, item) ? 1 : 0;
    }
    return made;
  }

 private:
  // The item of a group by two random words; -1: none.
  KOKKOS_INLINE_FUNCTION Id place(Index group, std::uint64_t at, std::uint64_t coin) const {
    const Index first = item_cuts[group], count = item_cuts[group + 1] - first;
    const double column = static_cast<double>(at) * 0x1p-32 * columns[group];
    if (!(column < static_cast<double>(count))) return -1;
    const Id item = static_cast<Id>(first + static_cast<Index>(column));
    return keep && coin >= keep[item] ? other[item] : item;
  }

  KOKKOS_INLINE_FUNCTION bool has(const Visit& visit, int part, Id item) const {
    if constexpr (Visit::words > 0) {
      const auto place = static_cast<std::uint32_t>(item);
      if (!(visit.marks[part][place / 64 % Visit::words] >> place % 64 & 1)) return false;
    }
    // Chosen and not indexed: arrays at an index that is not known would lie in a device's local memory.
    const std::int64_t begin = part == 0 ? visit.begin[0] : visit.begin[1];
    const std::int64_t end = part == 0 ? visit.end[0] : visit.end[1];
    const std::int64_t found = first_not_below(by_user.columns, begin, end, item);
    return found < end && by_user.columns[found] == item;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
