// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include <longshore/core/check_finite.hpp>
#include <longshore/core/check_offsets.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/kernels/position_embedding.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What the rows of a `PositionEmbedding` are: trained from random numbers, fixed sines, or trained from those.
enum class PositionKind { learned, sinusoid, learned_from_sinusoid };

/// Sizes of a `PositionEmbedding` and how it counts.
struct PositionEmbeddingSettings {
  Index longest = 0;  // steps of the longest sequence it can take
  Index features = 0;
  PositionKind kind = PositionKind::learned;
  PositionsFrom from = PositionsFrom::start;  // end: position 0 is the last step, what a recommender often wants
  double scale = 1;                           // of the steps, before positions are added; SASRec: sqrt(features)
  Initialiser initial = normal(0.05);         // of learned rows
};

/// Adds to each step a vector that says where in its sequence it stands.
///
///   y_t = scale x_t + P[t]  counted from the start,  scale x_t + P[T - 1 - t]  from the end
///   sinusoid: P[p, 2 i] = sin(p / 10000^(2 i / D)),  P[p, 2 i + 1] = cos(p / 10000^(2 i / D))
///
/// Models: Encoder. State: weights (longest, D), frozen if `sinusoid`. Cost: O(N D).
/// Source: Vaswani et al. 2017, section 3.5 (sinusoid); Kang and McAuley 2018, equation 1 (learned).
/// Differs from PyTorch: it has no such layer; equals `x * scale + Embedding(positions)`, but starts with N(0, 0.05).
template <class Real, class Space>
struct PositionEmbedding {
  static constexpr std::string_view block_name = "PositionEmbedding";
  PositionEmbeddingSettings settings;
  Parameter<Real, 2, Space> weights;  // (longest, D)

  PositionEmbedding() = default;

  /// @throws ShapeError if longest or features is below 1, or scale not finite
  explicit PositionEmbedding(const PositionEmbeddingSettings& its_settings, const Random& random = Random(0))
      : settings(checked(its_settings)), weights(settings.longest, settings.features) {
    weights.frozen = settings.kind == PositionKind::sinusoid;
    if (settings.kind == PositionKind::learned)
      initialise(weights, settings.initial, random.stream("weights"));
    else
      copy_from_host(sinusoid(), weights.mutable_view());
  }

  /// @param x  sequences of (N, D) steps; empty ones stay empty
  /// @return   sequences of (N, D) steps
  /// @throws ShapeError if x has another number of features, or a sequence with more steps than the table has rows
  /// @throws DataError  on a host, if offsets do not cut the steps into sequences; see `check_offsets`
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    check_values(block_name, context, x);
    expects(x.steps.extent(1) == settings.features, "PositionEmbedding: x has ", x.steps.extent(1), " features, ",
            settings.features, " are expected");
    check_offsets(block_name, x.offsets, x.steps.extent(0));
    expects(x.offsets.longest <= settings.longest, "PositionEmbedding: a sequence has ", x.offsets.longest,
            " steps, the table has rows for ", settings.longest, "; raise .longest or cut the sequences");
    const auto scale = static_cast<Real>(settings.scale);
    const auto y = make_value<Real>(context, x.steps.extent(0), x.steps.extent(1));  // (N, D)
    position_embedding_forward<Real, Space>(context.executor(), x.steps.data, x.offsets, weights.view(), settings.from,
                                            scale, y.data);
    context.record(y, [this, x, y, scale](auto& c) {
      const auto dx = c.gradient_to(x.steps);
      const auto dweights = c.gradient_to(weights);
      position_embedding_backward<Real, Space>(c.executor(), c.gradient_of(y), x.offsets, settings.from, scale, dx,
                                               dweights);
    });
    return {y, x.offsets};
  }
  void operator()(auto&, ...) const = delete;  // PositionEmbedding: give Sequences, not rows, of its Real and Space

  /// Whether a step knows of later ones: counted from the end, positions say how many there are.
  bool sees_ahead() const { return settings.from == PositionsFrom::end; }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("weights", weights);
  }

 private:
  static const PositionEmbeddingSettings& checked(const PositionEmbeddingSettings& given) {
    expects(given.longest > 0 && given.features > 0,
            "PositionEmbedding: longest and features are at least 1, they are ", given.longest, " and ",
            given.features);
    check_finite(block_name, "scale", given.scale);
    return given;
  }

  std::vector<Real> sinusoid() const {
    std::vector<Real> rows;
    for (Index p = 0; p < settings.longest; ++p)
      for (Index d = 0; d < settings.features; ++d) {
        const double pair = d - d % 2;
        const double angle = p / std::pow(10000.0, pair / settings.features);
        rows.push_back(static_cast<Real>(d % 2 ? std::cos(angle) : std::sin(angle)));
      }
    return rows;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
