// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/interest.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/dot_scores.hpp>
#include <longshore/kernels/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a `DotProductScorer` multiplies products by.
struct DotProductScorerSettings {
  double scale = 1;  // one over a temperature
};

/// Scores an item by its inner product with the interest.
///
///   s_bc = scale <u_b, v_bc>
///
/// Models: Scorer; the whole catalogue is one product, so exact top-K retrieval works on it. State: none. Cost: O(B C D).
template <class Real, class Space>
struct DotProductScorer {
  static constexpr std::string_view block_name = "DotProductScorer";
  DotProductScorerSettings settings;

  DotProductScorer() = default;
  explicit DotProductScorer(const DotProductScorerSettings& its_settings) : settings(its_settings) {}

  /// @param interest    (B, 1 or C, D)
  /// @param candidates  (B, C, D)
  /// @return            (B, C)
  /// @throws ShapeError if users, candidates or features differ
  Matrix<Real, Space> operator()(auto& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates) const {
    check(interest, candidates.extent(2));
    expects(interest.users() == candidates.extent(0), "DotProductScorer: ", interest.users(), " users have an interest, ",
            candidates.extent(0), " have candidates");
    expects(interest.candidates() == 1 || interest.candidates() == candidates.extent(1), "DotProductScorer: interests for ",
            interest.candidates(), " candidates a user, there are ", candidates.extent(1));
    const auto scores = make_value<Real>(context, candidates.extent(0), candidates.extent(1));
    const auto scale = static_cast<Real>(settings.scale);
    dot_scores_forward<Real, Space>(context.executor(), interest.vectors.data, candidates.data, scale, scores.data);
    context.record(scores, [interest, candidates, scores, scale](auto& c) {
      const auto dinterest = c.gradient_to(interest.vectors);
      const auto dcandidates = c.gradient_to(candidates);
      dot_scores_backward<Real, Space>(c.executor(), c.gradient_of(scores), interest.vectors.data, candidates.data, scale,
                                       dinterest, dcandidates);
    });
    return scores;
  }

  /// Scores every item for each user by one product.
  ///
  /// @param interest  (B, 1, D)
  /// @param items     (I, D)
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or features differ
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items) const {
    check(interest, items.extent(1));
    expects(interest.candidates() == 1,
            "DotProductScorer: one interest a user is expected for the whole catalogue, there are ", interest.candidates());
    expects(settings.scale == 1, "DotProductScorer: the whole catalogue is scored with scale 1, it is ", settings.scale);
    const Index rows = interest.users(), count = items.extent(0), features = items.extent(1);
    const Matrix<Real, Space> users = reshape(interest.vectors, rows, features);
    const auto scores = make_value<Real>(context, rows, count);
    linear_forward<Real, Space>(context.executor(), users.data, items.data, {}, scores.data,
                                scratch<Real>(context, linear_forward_workspace(features, count)));
    context.record(scores, [users, items, scores](auto& c) {
      const auto dusers = c.gradient_to(users);
      const auto ditems = c.gradient_to(items);
      const auto workspace = scratch<Real>(
          c, linear_backward_workspace(users.extent(0), items.extent(1), items.extent(0)));
      linear_backward<Real, Space>(c.executor(), c.gradient_of(scores), users.data, items.data, dusers, ditems, {},
                                   workspace);
    });
    return scores;
  }

  void visit(auto&& visitor) { visitor("settings", settings); }

 private:
  static void check(const Interest<Real, Space>& interest, Index features) {
    expects(interest.features() == features, "DotProductScorer: interests have ", interest.features(),
            " features, the items ", features, "; ConcatFuser with .out projects");
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
