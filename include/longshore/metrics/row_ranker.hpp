// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/check_item_ids.hpp>
#include <longshore/metrics/score_key.hpp>
#include <longshore/metrics/tie_policy.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Ranks the relevant items of one row after another among all items. Keeps its scratch between rows.
///
/// Candidates are all items but the removed ones. With G candidates above a score, E at it and R relevant ones among
/// these E, the j-th of the R has, from 1, the rank
///
///   pessimistic  G + (E - R) + j        mean             G + j (E + 1) / (R + 1)
///   optimistic   G + j                  lowest_id_first  G + (candidates at the score with an id up to its own)
///
/// Every rule gives different ranks to different items, so counts of hits never exceed k. An item that is relevant and
/// removed stays a candidate: repeated consumption must not make a target unreachable.
///
/// Cost: O(I) for each different score among the relevant items, and O(removed).
class RowRanker {
 public:
  /// What a row says beside its ranks.
  struct Counts {
    std::size_t relevant = 0;  ///< different relevant items: the ranks written
    Index candidates = 0;      ///< items that were not removed
    std::size_t tied = 0;      ///< relevant items whose rank depends on the policy
    std::size_t kept = 0;      ///< relevant items that were also to be removed, and stayed
  };

  /// @param items  size of the catalogue, at least 1
  /// @throws ShapeError if there is no item
  explicit RowRanker(Index items, TiePolicy ties = TiePolicy::pessimistic) : items_(items), ties_(ties) {
    expects(items > 0, "RowRanker: expected a catalogue of at least one item, got ", items);
    marks_.assign(static_cast<std::size_t>(items), Mark::none);
  }

  /// @param scores    (I) of every item, removed ones included; infinities are ordered, NaN is refused
  /// @param relevant  at least one; an id that comes twice counts once
  /// @param removed   ids that are no candidates; they may repeat
  /// @param ranks     (relevant) overwritten with the ranks from 1 in ascending order
  /// @throws ShapeError if scores or ranks have another length
  /// @throws DataError  if a score is NaN, an id is outside the catalogue, or nothing is relevant
  template <class Real>
  Counts operator()(std::span<const Real> scores, std::span<const Id> relevant, std::span<const Id> removed,
                    std::span<double> ranks) {
    expects(scores.size() == marks_.size(), "RowRanker: expected ", items_, " scores, one an item, got ",
            scores.size());
    expects(ranks.size() >= relevant.size(), "RowRanker: expected room for ", relevant.size(), " ranks, got ",
            ranks.size());
    expects<DataError>(!relevant.empty(), "RowRanker: expected at least one relevant item, got none");
    check_item_ids("RowRanker", "relevant items", relevant, items_);
    check_item_ids("RowRanker", "removed items", removed, items_);
    check_scores(scores);

    // Nothing below throws but for want of memory: the marks are clean at the next row.
    relevant_.assign(relevant.begin(), relevant.end());
    const auto before = [&](Id a, Id b) {
      const auto key_a = score_key(scores[slot(a)]), key_b = score_key(scores[slot(b)]);
      return key_a != key_b ? key_a > key_b : a < b;
    };
    std::sort(relevant_.begin(), relevant_.end(), before);
    relevant_.erase(std::unique(relevant_.begin(), relevant_.end()), relevant_.end());

    Counts counts;
    counts.relevant = relevant_.size();
    removed_.clear();
    removed_.reserve(removed.size());
    for (const Id item : relevant_) marks_[slot(item)] = Mark::relevant;
    for (const Id item : removed) {
      Mark& mark = marks_[slot(item)];
      if (mark == Mark::none) removed_.push_back(item);
      if (mark == Mark::relevant) ++counts.kept;
      mark = mark == Mark::none ? Mark::removed : mark == Mark::relevant ? Mark::kept : mark;
    }
    for (const Id item : relevant_) marks_[slot(item)] = Mark::none;
    for (const Id item : removed_) marks_[slot(item)] = Mark::none;
    counts.candidates = items_ - static_cast<Index>(removed_.size());

    for (std::size_t begin = 0; begin < relevant_.size();) {
      const auto key = score_key(scores[slot(relevant_[begin])]);
      std::size_t end = begin + 1;
      while (end < relevant_.size() && score_key(scores[slot(relevant_[end])]) == key) ++end;
      const std::size_t equal = rank_equals(scores, begin, end, ranks);
      if (equal > end - begin) counts.tied += end - begin;
      begin = end;
    }
    return counts;
  }

 private:
  enum class Mark : std::uint8_t { none, relevant, removed, kept };

  static std::size_t slot(Id item) { return static_cast<std::size_t>(item); }

  template <class Real>
  static void check_scores(std::span<const Real> scores) {
    Index found = 0;  // counted, not tested one by one: such loops vectorise
    for (const Real score : scores) {
      const auto key = score_key(score);
      found += (key > largest_score_key<Real> ? 1 : 0) + (key < -largest_score_key<Real> ? 1 : 0);
    }
    for (std::size_t i = 0; found > 0 && i < scores.size(); ++i) {
      const auto key = score_key(scores[i]);
      expects<DataError>(key <= largest_score_key<Real> && key >= -largest_score_key<Real>,
                         "RowRanker: expected scores that are numbers, the score of item ", i, " is NaN");
    }
  }

  struct Above {
    Index above = 0, equal = 0;
  };

  // Among the first `items` of the catalogue, without the removed ones.
  template <class Real, class Key>
  Above count(std::span<const Real> scores, Key key, Id items) const {
    Index above = 0, equal = 0;
    for (const Real score : scores.first(slot(items))) {
      const auto other = score_key(score);
      above += other > key ? 1 : 0;
      equal += other == key ? 1 : 0;
    }
    for (const Id item : removed_) {
      if (item >= items) continue;
      above -= score_key(scores[slot(item)]) > key ? 1 : 0;
      equal -= score_key(scores[slot(item)]) == key ? 1 : 0;
    }
    return {above, equal};
  }

  // Writes the ranks of relevant_[begin, end), which share one score, and gives the number of candidates at that score.
  template <class Real>
  std::size_t rank_equals(std::span<const Real> scores, std::size_t begin, std::size_t end, std::span<double> ranks) {
    const auto key = score_key(scores[slot(relevant_[begin])]);
    const Above counted = count(scores, key, items_);
    const double above = counted.above, equal = counted.equal, relevant = static_cast<double>(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      const double place = static_cast<double>(i - begin) + 1;
      switch (ties_) {
        case TiePolicy::pessimistic: ranks[i] = above + (equal - relevant) + place; break;
        case TiePolicy::optimistic: ranks[i] = above + place; break;
        case TiePolicy::mean: ranks[i] = above + place * (equal + 1) / (relevant + 1); break;
        case TiePolicy::lowest_id_first: ranks[i] = above + 1 + count(scores, key, relevant_[i]).equal; break;
      }
    }
    return static_cast<std::size_t>(counted.equal);
  }

  Index items_;
  TiePolicy ties_;
  std::vector<Mark> marks_;             // (I) clean between rows
  std::vector<Id> relevant_, removed_;  // of the row, each id once
};

}  // namespace longshore::inline LONGSHORE_ABI
