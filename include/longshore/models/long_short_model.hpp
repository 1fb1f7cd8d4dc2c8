// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/batch.hpp>
#include <longshore/core/block_traits.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/layers/dropout.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The standard shape of a long/short-term recommender, assembled from types: a shared item table, a branch for the
/// long-term taste, a branch for the short-term intent, a fuser and a scorer.
///
///     using Model = LongShortModel<InterestBranch<Lstm<Real, Space>, LastStep<Real, Space>>,
///                                  InterestBranch<NoEncoder<Real, Space>, AdditiveAttentionPooling<Real, Space>>,
///                                  ConcatFuser<Real, Space>, MlpScorer<Real, Space>>;
///
/// The table serves the history (both windows) and the candidates. Neighbours that do not fit fail with one sentence.
///
/// Models: model: scores of candidates, and `interest` and `catalogue` where no part sees the candidates. State: its
/// parts'. Cost: that of its parts; each item of the history and the candidates is looked up once.
/// Source: what SLi-Rec (Yu et al. 2019), SDM (Lv et al. 2019) and LSTUR (An et al. 2019) have in common.
template <class Long, class Short, class Fuse, class Score>
struct LongShortModel {
  using first_part = Long;
  using Real = RealOf<Long>;
  using Space = SpaceOf<Long>;
  static constexpr std::string_view block_name = "LongShortModel";
  static_assert(Branch<Long, Real, Space>,
                "longshore: LongShortModel: the first type is no Branch; use InterestBranch<Encoder, Pooling>");
  static_assert(Branch<Short, Real, Space>,
                "longshore: LongShortModel: Long and Short do not fit: the second type is no Branch of the first's "
                "Real and Space");
  static_assert(
      Fuser<Fuse, Real, Space>,
      "longshore: LongShortModel: Long and Fuse do not fit: the third type is no Fuser of the first's Real and Space");
  static_assert(Scorer<Score, Real, Space> || ScorerByIds<Score, Real, Space>,
                "longshore: LongShortModel: Long and Score do not fit: the fourth type is no Scorer of the first's "
                "Real and Space");

  EmbeddingTable<Real, Space> items;  // (I, D)
  // On the embedded steps of the history; none unless it is set.
  Dropout<Real, Space> dropout{DropoutSettings{.rate = 0}};
  Long long_term;
  Short short_term;
  Fuse fuse;
  Score score;

  /// Scores the candidates of each example.
  ///
  /// @param batch  `history`, `long_term`, `short_term`, `candidates` (B, C); `users` (B) if the scorer looks at ids
  /// @return       (B, C) logits
  Matrix<Real, Space> operator()(auto& context, const auto& batch) const {
    const auto candidates = items(context, batch.candidates);  // (B, C, D)
    const auto interest = fused(context, candidates, batch);
    if constexpr (Scorer<Score, Real, Space>)
      return score(context, interest, candidates);
    else
      return score(context, interest, candidates, batch.users, batch.candidates);
  }

  /// Whether an interest differs from candidate to candidate; then there is no `interest` and no `catalogue`.
  bool sees_candidates() const {
    return long_term.sees_candidates() || short_term.sees_candidates() || fuse.sees_candidates();
  }

  /// The interest of each example, for retrieval and for losses over the whole catalogue.
  ///
  /// @return  (B, 1, H)
  /// @throws ShapeError if a part sees the candidates
  Interest<Real, Space> interest(auto& context, const auto& batch) const {
    expects(
        !sees_candidates(),
        "LongShortModel::interest: a part of this model looks at the candidates, so there is no interest without them; "
        "score candidates in chunks instead");
    return fused(context, {}, batch);
  }

  /// Two matrices whose products are the scores of the catalogue, up to a sigmoid.
  struct Factors {
    Matrix<Real, Space> queries;  // (B, F)
    Matrix<Real, Space> keys;     // (I, F)
  };
  /// Whether there are `factors`; the scorer may be chosen at run time.
  bool has_factors() const
    requires ProductScorer<Score>
  {
    return score.one_product() && !sees_candidates();
  }
  /// What losses over the catalogue and exact retrieval multiply, where the scorer is a product.
  ///
  /// @throws ShapeError if a part sees the candidates, or the scorer that was chosen is no product
  Factors factors(auto& context, const auto& batch) const
    requires ProductScorer<Score>
  {
    const auto interests = interest(context, batch);
    if constexpr (Scorer<Score, Real, Space>)
      return {score.queries(context, interests), score.keys(context, items.whole(context))};
    else
      return {score.queries(context, interests, batch.users), score.keys(context, items.whole(context))};
  }

  /// Scores every item for each example: by one product where the scorer is one, else pair by pair (MlpScorer).
  ///
  /// @return  (B, I)
  /// @throws ShapeError if a part sees the candidates
  Matrix<Real, Space> catalogue(auto& context, const auto& batch) const {
    const auto interests = interest(context, batch);
    if constexpr (Scorer<Score, Real, Space>)
      return score.catalogue(context, interests, items.whole(context));
    else
      return score.catalogue(context, interests, items.whole(context), batch.users);
  }

  /// The fused interest and its parts, for explanations.
  struct Parts {
    Interest<Real, Space> candidates, long_term, short_term;
    Sequences<Real, Space> history;
  };
  /// @return  what the fuser gets for each example
  Parts parts(auto& context, const auto& batch, const Interest<Real, Space>& candidates) const {
    const auto history = dropout(context, items(context, batch.history));  // sequences (N, D)
    return {candidates, view(context, long_term, candidates, history, batch.long_term, batch),
            view(context, short_term, candidates, history, batch.short_term, batch), history};
  }

  void visit(auto&& visitor) {
    visitor("items", items);
    visitor("dropout", dropout);
    visitor("long_term", long_term);
    visitor("short_term", short_term);
    visitor("fuse", fuse);
    visitor("score", score);
  }

 private:
  /// Branches may look at the columns of the steps; those of one's own need not take them.
  static Interest<Real, Space> view(auto& context, const auto& branch, const Interest<Real, Space>& candidates,
                                    const Sequences<Real, Space>& history, const Windows<Space>& windows,
                                    const auto& batch) {
    if constexpr (requires { branch(context, candidates, history, windows, batch.history.columns); })
      return branch(context, candidates, history, windows, batch.history.columns);
    else
      return branch(context, candidates, history, windows);
  }
  Interest<Real, Space> fused(auto& context, const Interest<Real, Space>& candidates, const auto& batch) const {
    const Parts views = parts(context, batch, candidates);
    expects(views.short_term || views.long_term,
            "LongShortModel: both branches are left out; one of them must give an interest");
    if (!views.short_term) return fuse(context, candidates, {views.long_term});
    if (!views.long_term) return fuse(context, candidates, {views.short_term});
    return fuse(context, candidates, {views.long_term, views.short_term});
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
