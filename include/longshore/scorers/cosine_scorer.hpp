// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_finite.hpp>
#include <longshore/core/check_scored.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/rows_of.hpp>
#include <longshore/kernels/dot_scores.hpp>
#include <longshore/kernels/normalise_rows.hpp>
#include <longshore/layers/row_products.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a `CosineScorer` multiplies cosines by, and from which length on a vector has a direction.
struct CosineScorerSettings {
  double scale = 1;  // one over a temperature
  double epsilon = 1e-8;
};

/// Scores an item by the cosine of its angle with the interest.
///
///   s_bc = scale <u_bc, v_bc> / (|u_bc| |v_bc|)
///
/// A vector that is not longer than epsilon has no direction: its scores are 0, and neither it nor its partner gets a
/// gradient from them.
///
/// Models: Scorer. State: none. Cost: O(B C D).
/// Allows exact top-K by one product: the scores of a catalogue are `queries` times `keys`ᵀ; the keys can be kept.
/// Source: Huang et al. 2013 (DSSM), whose smoothing factor is `scale`.
/// Differs from PyTorch: cosine_similarity divides by epsilon where a vector is shorter, so that a vector of zeros gets
/// a gradient as large as 1 / epsilon.
template <class Real, class Space>
struct CosineScorer {
  static constexpr std::string_view block_name = "CosineScorer";
  static constexpr bool one_product() { return true; }
  CosineScorerSettings settings;

  CosineScorer() = default;

  /// @throws ShapeError if epsilon is negative, or one of the settings is not finite
  explicit CosineScorer(const CosineScorerSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {
    check_finite(block_name, "scale", settings.scale);
    expects(math::is_finite(settings.epsilon) && settings.epsilon >= 0,
            "CosineScorer: epsilon is finite and at least 0, it is ", settings.epsilon);
  }

  /// @param interest    (B, 1 or C, D)
  /// @param candidates  (B, C, D)
  /// @return            (B, C)
  /// @throws ShapeError if users, candidates or features differ
  Matrix<Real, Space> operator()(auto& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates) const {
    check_values("CosineScorer", context, interest, candidates);
    check_scored("CosineScorer", interest, candidates);
    check_features(interest.features(), candidates.extent(2));
    const InterestList<Real, Space> list("CosineScorer", {interest, Interest<Real, Space>(candidates)});
    const auto parts = parts_of(list);
    const auto scale = static_cast<Real>(settings.scale);
    ScoreNorms<Real> norms;
    for (int k = 0; k < 2; ++k) {
      const auto& x = list[k].vectors;
      norms.inverse[k] = inverse(context, rows_of(block_name, x)).data();
    }
    const auto scores = make_value<Real>(context, candidates.extent(0), candidates.extent(1));  // (B, C)
    dot_scores_forward<Real, Space>(context.executor(), parts, norms, scale, scores.data);
    context.record(scores, [list, parts, norms, scale, scores](auto& c) {
      dot_scores_backward<Real, Space>(c.executor(), c.gradient_of(scores), scores.data, parts, norms, scale,
                                       part_targets<Real, Space>(c, list));
    });
    return scores;
  }
  void operator()(auto&, ...) const = delete;  // CosineScorer: give interests, candidates (B, C, D) of its Real

  /// Scores every item for each user by one product.
  ///
  /// @param interest  (B, 1, D)
  /// @param items     (I, D)
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or if features differ
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items) const {
    check_features(interest.features(), items.extent(1));
    return row_products<Real, Space>(context, queries(context, interest), keys(context, items));
  }

  /// What is multiplied with `keys`: the interests at length `scale`.
  ///
  /// @param interest  (B, 1, D)
  /// @return          (B, D)
  Matrix<Real, Space> queries(auto& context, const Interest<Real, Space>& interest) const {
    return normalised(context, one_a_user("CosineScorer", interest), static_cast<Real>(settings.scale));
  }

  /// What `queries` are multiplied with: the items at length 1.
  ///
  /// @param items  (I, D)
  /// @return       (I, D)
  Matrix<Real, Space> keys(auto& context, const Matrix<Real, Space>& items) const {
    return normalised(context, items, Real(1));
  }

  void visit(auto&& visitor) { visitor("settings", settings); }

 private:
  static void check_features(Index interest, Index items) {
    expects(interest == items, "CosineScorer: the interest has ", interest, " features, the items ", items,
            "; ConcatFuser with .out or a Linear makes them equal");
  }
  View<Real, 1, Space> inverse(auto& context, const Matrix<Real, Space>& x) const {
    const auto result = scratch<Real>(context, x.extent(0));  // (R)
    inverse_norms<Real, Space>(context.executor(), x.data, static_cast<Real>(settings.epsilon), result);
    return result;
  }
  Matrix<Real, Space> normalised(auto& context, const Matrix<Real, Space>& x, Real scale) const {
    check_values("CosineScorer", context, x);
    const auto norms = inverse(context, x);
    const auto y = make_value<Real>(context, x.extent(0), x.extent(1));
    normalise_rows_forward<Real, Space>(context.executor(), x.data, norms, scale, y.data);
    context.record(y, [x, norms, scale, y](auto& c) {
      normalise_rows_backward<Real, Space>(c.executor(), c.gradient_of(y), x.data, norms, scale, c.gradient_to(x));
    });
    return y;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
