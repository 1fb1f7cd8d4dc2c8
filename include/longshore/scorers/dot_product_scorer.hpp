// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_finite.hpp>
#include <longshore/core/check_scored.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/random.hpp>
#include <longshore/kernels/dot_scores.hpp>
#include <longshore/kernels/mix_parts.hpp>
#include <longshore/layers/activation.hpp>
#include <longshore/layers/row_products.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a `DotProductScorer` makes of the product.
struct DotProductScorerSettings {
  double scale = 1;      // one over a temperature
  bool sigmoid = false;  // gives probabilities; losses take logits, so this is for serving
};

/// Scores an item by its inner product with the interest.
///
///   s_bc = scale <u_bc, v_bc>, or sigmoid of it
///
/// Models: Scorer. State: none. Cost: O(B C D).
/// Allows exact top-K by one product: the scores of a catalogue are `queries` times `keys`ᵀ, up to the sigmoid, which
/// changes no order.
/// Source: Koren et al. 2009, equation 1.
template <class Real, class Space>
struct DotProductScorer {
  static constexpr std::string_view block_name = "DotProductScorer";
  static constexpr bool one_product() { return true; }
  DotProductScorerSettings settings;

  DotProductScorer() = default;

  /// @throws ShapeError if scale is not finite
  explicit DotProductScorer(const DotProductScorerSettings& its_settings, const Random& = Random(0))
      : settings(its_settings) {
    check_finite(block_name, "scale", settings.scale);
  }

  /// @param interest    (B, 1 or C, D)
  /// @param candidates  (B, C, D)
  /// @return            (B, C)
  /// @throws ShapeError if users, candidates or features differ
  Matrix<Real, Space> operator()(auto& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates) const {
    check_values("DotProductScorer", context, interest, candidates);
    check_scored("DotProductScorer", interest, candidates);
    check_features(interest.features(), candidates.extent(2));
    const InterestList<Real, Space> list("DotProductScorer", {interest, Interest<Real, Space>(candidates)});
    const auto parts = parts_of(list);
    const auto scale = static_cast<Real>(settings.scale);
    const auto scores = make_value<Real>(context, candidates.extent(0), candidates.extent(1));  // (B, C)
    dot_scores_forward<Real, Space>(context.executor(), parts, {}, scale, scores.data);
    context.record(scores, [list, parts, scale, scores](auto& c) {
      dot_scores_backward<Real, Space>(c.executor(), c.gradient_of(scores), scores.data, parts, {}, scale,
                                       part_targets<Real, Space>(c, list));
    });
    return finished(context, scores);
  }
  void operator()(auto&, ...) const = delete;  // DotProductScorer: give interests, candidates (B, C, D) of its Real

  /// Scores every item for each user by one product.
  ///
  /// @param interest  (B, 1, D)
  /// @param items     (I, D)
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or if features differ
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items) const {
    check_features(interest.features(), items.extent(1));
    return finished(context, row_products<Real, Space>(context, queries(context, interest), keys(context, items)));
  }

  /// What is multiplied with `keys`: the interests, scaled.
  ///
  /// @param interest  (B, 1, D)
  /// @return          (B, D)
  Matrix<Real, Space> queries(auto& context, const Interest<Real, Space>& interest) const {
    check_values("DotProductScorer", context, interest);
    const auto users = one_a_user("DotProductScorer", interest);
    if (settings.scale == 1) return users;
    const InterestList<Real, Space> list("DotProductScorer", {interest});
    const auto parts = parts_of(list);
    MixWeights<Real> scale;
    scale.constants[0] = static_cast<Real>(settings.scale);
    const auto y = make_value<Real>(context, interest.users(), 1, interest.features());  // (B, 1, D)
    mix_parts_forward<Real, Space>(context.executor(), parts, scale, y.data);
    context.record(y, [list, parts, scale, y](auto& c) {
      mix_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, scale, part_targets<Real, Space>(c, list),
                                      {});
    });
    return reshape(y, interest.users(), interest.features());
  }

  /// What `queries` are multiplied with: the items as they are.
  ///
  /// @param items  (I, D)
  /// @return       (I, D)
  Matrix<Real, Space> keys(auto&, const Matrix<Real, Space>& items) const { return items; }

  void visit(auto&& visitor) { visitor("settings", settings); }

 private:
  static void check_features(Index interest, Index items) {
    expects(interest == items, "DotProductScorer: the interest has ", interest, " features, the items ", items,
            "; ConcatFuser with .out or a Linear makes them equal");
  }
  Matrix<Real, Space> finished(auto& context, const Matrix<Real, Space>& scores) const {
    const Activation<Real, Space> sigmoid({.kind = ActivationKind::sigmoid});
    return settings.sigmoid ? sigmoid(context, scores) : scores;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
