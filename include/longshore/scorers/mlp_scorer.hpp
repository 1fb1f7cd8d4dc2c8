// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <longshore/core/check_scored.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/scratch_scope.hpp>
#include <longshore/layers/mlp.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `MlpScorer`.
struct MlpScorerSettings {
  Index interest = 0;                   // features of an interest
  Index candidate = 0;                  // features of a candidate
  SmallList<Index> hidden = {100, 64};  // hidden layers, at most 7
  ActivationKind activation = ActivationKind::relu;
  double dropout = 0;      // rate behind the hidden activations
  int dropout_layers = 1;  // behind so many of the first hidden layers only
};

/// Scores an item by a multilayer perceptron of interest and item.
///
///   s_bc = MLP([u_bc, v_bc])
///
/// An interest that a `ConcatFuser` joined gives the perceptron its parts separately.
///
/// Models: Scorer. State: mlp. Cost: O(B C (H + D) hidden); what is one for all candidates, or an item for all users,
/// goes through the first layer once. Does not allow exact top-K by one product: every item is scored for every user.
/// Source: He et al. 2017 (NCF); Yu et al. 2019 (SLi-Rec), the prediction layer, there with batch normalisation, which
/// this block does not have.
template <class Real, class Space>
struct MlpScorer {
  static constexpr std::string_view block_name = "MlpScorer";
  /// Users times items that `catalogue` takes through the hidden layers at once in inference.
  static constexpr Index catalogue_pairs = 16384;
  MlpScorerSettings settings;
  Mlp<Real, Space> mlp;

  MlpScorer() = default;

  /// @throws ShapeError if a size is below 1 or more than an `Index` holds, if there are more than 7 hidden layers, or
  ///                    if the rate is not in [0, 1)
  explicit MlpScorer(const MlpScorerSettings& its_settings, const Random& random = Random(0)) : settings(its_settings) {
    expects(settings.interest > 0 && settings.candidate > 0,
            "MlpScorer: interest and candidate have at least 1 feature, they have ", settings.interest, " and ",
            settings.candidate);
    MlpSettings layers{
        .in = checked_size(block_name, "interest + candidate", std::int64_t{settings.interest} + settings.candidate),
        .sizes = settings.hidden.within("MlpScorer: .hidden", SmallList<Index>::most - 1),
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
    check_scored("MlpScorer", interest, candidates);
    check_features(interest, candidates.extent(2));
    const auto scores =
        mlp(context, InterestList<Real, Space>("MlpScorer", {interest, Interest<Real, Space>(candidates)}));
    return reshape(scores, scores.extent(0), scores.extent(1));
  }
  void operator()(auto&, ...) const = delete;  // MlpScorer: give interests, candidates (B, C, D) of its Real

  /// Scores every item for each user. The first layer multiplies each user and each item once.
  ///
  /// Memory in inference: O(B I + (B + I + `catalogue_pairs`) hidden), since the items are taken in chunks; in training
  /// O(B I hidden), because backward needs all: train on sampled candidates.
  ///
  /// @param interest  (B, 1, H)
  /// @param items     (I, D)
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or if features do not fit
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items) const {
    check_values("MlpScorer", context, interest, items);
    const auto users = one_a_user("MlpScorer", interest);
    check_features(interest, items.extent(1));
    if constexpr (std::remove_cvref_t<decltype(context)>::training) {
      const Cube<Real, Space> shared = reshape(items, 1, items.extent(0), items.extent(1));
      const auto scores =
          mlp(context, InterestList<Real, Space>("MlpScorer", {interest, Interest<Real, Space>(shared)}));
      return reshape(scores, scores.extent(0), scores.extent(1));
    } else {
      return in_chunks(context, users, items);
    }
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("mlp", mlp);
  }

 private:
  void check_features(const Interest<Real, Space>& interest, Index features) const {
    expects(interest.features() == settings.interest && features == settings.candidate,
            "MlpScorer: interest and candidate have ", interest.features(), " and ", features,
            " features, the layers expect ", settings.interest, " and ", settings.candidate);
  }

  Matrix<Real, Space> in_chunks(auto& context, const Matrix<Real, Space>& users,
                                const Matrix<Real, Space>& items) const {
    const auto& executor = context.executor();
    const Index rows = users.extent(0), count = items.extent(0), hidden = mlp.layers.front().weights.extent(0);
    const auto scores = make_value<Real>(context, rows, count);  // (B, I)
    if (rows == 0 || count == 0) return scores;
    const ScratchScope scope(context);
    const auto by_user = first_layer(context, users, 0, mlp.layers.front().bias.view());  // (B, hidden)
    const auto by_item = first_layer(context, items, settings.interest, {});              // (I, hidden)
    const Index chunk = std::clamp(catalogue_pairs / rows, Index(1), count);
    for (Index first = 0; first < count; first += chunk) {
      const ScratchScope chunk_scope(context);
      const Index some = std::min(chunk, count - first);
      Parts<const Real> parts;
      parts.count = 2;
      parts.users = rows;
      parts.candidates = some;
      parts.part[0] = part_of(View<const Real, 3, Space>(by_user.data(), rows, 1, hidden));
      parts.part[1] = part_of(View<const Real, 3, Space>(by_item.row(first), 1, some, hidden));
      const auto pairs = make_value<Real>(context, rows * some, hidden);  // (B n, hidden)
      add_parts<Real, Space>(executor, parts, pairs.data.data(), Update::write);
      const auto some_scores = mlp.behind_first(context, pairs);  // (B n, 1)
      place_columns<Real>(executor, rows, some, some_scores.data.data(), first, count, scores.data.data(),
                          Update::write);
    }
    return scores;
  }

  /// The first layer's product with those of its columns that see x, from `first` on.
  View<Real, 2, Space> first_layer(auto& context, const Matrix<Real, Space>& x, Index first,
                                   const View<const Real, 1, Space>& bias) const {
    const auto& weights = mlp.layers.front().weights;
    const Index rows = x.extent(0), features = x.extent(1), hidden = weights.extent(0);
    const auto y = scratch<Real>(context, rows, hidden);
    gemm_nt<Real, Space>(context.executor(), rows, hidden, features, strided(View<const Real, 2, Space>(x.data)),
                         {weights.view().data() + first, weights.extent(1)}, strided(y), Update::write, bias.data(),
                         scratch<Real>(context, gemm_nt_workspace(hidden, features)).data());
    return y;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
