// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <longshore/core/check_ids.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/scratch_scope.hpp>
#include <longshore/kernels/maximal_marginal_relevance.hpp>
#include <longshore/retrieval/top_k_lists.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a score is before it is weighed against a similarity.
enum class RelevanceScale {
  as_given,   ///< the score itself
  unit_range  ///< of each list's scores the lowest 0, the highest 1
};

/// How relevance is weighed against variety.
struct MaximalMarginalRelevanceSettings {
  double relevance = 0.5;                              ///< lambda, 0 to 1: 1 keeps the order, 0 looks at variety alone
  ItemSimilarity similarity = ItemSimilarity::cosine;  ///< of two items
  RelevanceScale scale = RelevanceScale::unit_range;
};

/// Re-ranks lists for variety: the next item is the one that is best for the query and unlike what is listed already.
///
///   next = argmax over i left of  lambda s_i - (1 - lambda) max over j listed of similarity(i, j)
///
///     const auto wide = index(context, users, 100, seen);
///     const auto lists = MaximalMarginalRelevance({.relevance = 0.7})(context, wide, item_vectors, 10);
///
/// The first item is the one of the highest score. Scores come along unchanged, so that they no longer fall along a
/// list. Of equal values the item that was listed first wins.
///
/// Cost: O(B K C D); scratch two numbers a candidate.
/// Source: Carbonell and Goldstein 1998. The paper's two similarities are of one kind; here `scale` brings scores to
/// the range of a cosine.
class MaximalMarginalRelevance {
 public:
  /// @throws ShapeError if `relevance` is not between 0 and 1
  explicit MaximalMarginalRelevance(const MaximalMarginalRelevanceSettings& settings = {}) : settings_(settings) {
    expects(settings.relevance >= 0 && settings.relevance <= 1,
            "MaximalMarginalRelevance: expected a relevance from 0 to 1, got ", settings.relevance);
  }

  /// @param lists   (B, C) candidates, best first; places with -1 are passed over
  /// @param table   (I, D) the vectors that say which items are alike
  /// @param length  K, items to keep; where there are fewer, -1 and minus infinity fill up
  /// @return        (B, K), until the context is reset
  /// @throws ShapeError if `length` is below 1, or items and scores differ in their extents
  /// @throws DataError  if an item is not in the table, or its score or its vector is not finite: every comparison with
  ///                    such a number would be false, and the order of the others a matter of chance
  template <class Real, class Space, class Executor>
  TopKLists<Real, Space> operator()(Inference<Space, Executor>& context, const TopKLists<Real, Space>& lists,
                                    const View<const Real, 2, Space>& table, Index length) const {
    check_listed("MaximalMarginalRelevance", lists, length, table.extent(0));
    check_numbers(lists, table);
    const Index rows = lists.items.extent(0), candidates = lists.items.extent(1);
    const TopKLists<Real, Space> chosen{scratch<Id>(context, rows, length), scratch<Real>(context, rows, length)};
    const ScratchScope scope(context);
    maximal_marginal_relevance<Real>(
        context.executor(), rows,
        {candidates, table.extent(1), length, static_cast<Real>(settings_.relevance),
         settings_.similarity == ItemSimilarity::cosine, settings_.scale == RelevanceScale::unit_range,
         lists.items.data(), lists.scores.data(), table.data(), scratch<Real>(context, rows, candidates).data(),
         scratch<Real>(context, rows, candidates).data(), chosen.items.data(), chosen.scores.data()});
    return chosen;
  }

 private:
  template <class Real, class Space>
  static void check_numbers(const TopKLists<Real, Space>& lists, const View<const Real, 2, Space>& table) {
    const auto candidates = static_cast<std::size_t>(lists.items.extent(1));
    for (std::size_t i = 0; i < lists.items.size(); ++i) {
      const Id item = lists.items.data()[i];
      if (item < 0) continue;
      const Real score = lists.scores.data()[i];
      expects<DataError>(math::is_finite(score), "MaximalMarginalRelevance: the score of item ", item, " in list ",
                         i / candidates, " is ", score, "; give finite scores");
      const Real* vector = table.row(item);
      for (Index d = 0; d < table.extent(1); ++d)
        expects<DataError>(math::is_finite(vector[d]), "MaximalMarginalRelevance: the vector of item ", item, " has a ",
                           vector[d], " at place ", d, "; give finite vectors");
    }
  }

  MaximalMarginalRelevanceSettings settings_;
};

}  // namespace longshore::inline LONGSHORE_ABI
