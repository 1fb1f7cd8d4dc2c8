// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/layers/mlp.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `MlpScorer`.
struct MlpScorerSettings {
  Index interest = 0;                   // features of an interest
  Index candidate = 0;                  // features of a candidate
  SmallList<Index> hidden = {100, 64};  // hidden layers
  ActivationKind activation = ActivationKind::relu;
  double dropout = 0;                   // rate behind the hidden activations
  int dropout_layers = 1;               // behind so many of the first hidden layers only
};

/// Scores an item by a multilayer perceptron of interest and item.
///
///   s_bc = MLP([u_b, v_bc])
///
/// Models: Scorer. State: mlp. Cost: O(B C (H + D) hidden); what is one for all candidates, or an item for all users, goes
/// through the first layer once. The catalogue is no single product: exact top-K retrieval has to score every item.
/// Source: Yu et al. 2019 (SLi-Rec), the prediction layer.
template <class Real, class Space>
struct MlpScorer {
  static constexpr std::string_view block_name = "MlpScorer";
  MlpScorerSettings settings;
  Mlp<Real, Space> mlp;

  MlpScorer() = default;

  /// @throws ShapeError if a size is below 1, or if the dropout rate is not in [0, 1)
  explicit MlpScorer(const MlpScorerSettings& its_settings, const Random& random = Random(0)) : settings(its_settings) {
    MlpSettings layers{.in = settings.interest + settings.candidate,
                       .sizes = settings.hidden,
                       .activation = settings.activation,
                       .dropout = settings.dropout,
                       .dropout_layers = settings.dropout_layers};
    layers.sizes.add(1);
    mlp = Mlp<Real, Space>(layers, random.stream("mlp"));
  }

  /// @param interest    (B, 1 or C, H)
  /// @param candidates  (B, C, D)
  /// @return            (B, C)
  /// @throws ShapeError if users, candidates or features do not fit
  Matrix<Real, Space> operator()(auto& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates) const {
    check(interest, candidates.extent(2));
    const auto scores = mlp(context, InterestList<Real, Space>("MlpScorer", {interest, Interest<Real, Space>(candidates)}));
    return reshape(scores, scores.extent(0), scores.extent(1));
  }

  /// Scores every item for each user. Memory: O(B I hidden).
  ///
  /// @param interest  (B, 1, H)
  /// @param items     (I, D)
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or features do not fit
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items) const {
    check(interest, items.extent(1));
    expects(interest.candidates() == 1, "MlpScorer: one interest a user is expected for the whole catalogue, there are ",
            interest.candidates());
    const Interest<Real, Space> shared(Cube<Real, Space>(reshape(items, 1, items.extent(0), items.extent(1))));
    const auto scores = mlp(context, InterestList<Real, Space>("MlpScorer", {interest, shared}));
    return reshape(scores, scores.extent(0), scores.extent(1));
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("mlp", mlp);
  }

 private:
  void check(const Interest<Real, Space>& interest, Index features) const {
    expects(interest.features() == settings.interest && features == settings.candidate,
            "MlpScorer: interest and candidate have ", interest.features(), " and ", features, " features, the layers expect ",
            settings.interest, " and ", settings.candidate);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
