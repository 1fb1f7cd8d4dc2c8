// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <longshore/core/check_finite.hpp>
#include <longshore/embeddings/position_embedding.hpp>
#include <longshore/encoders/transformer_layer.hpp>
#include <longshore/layers/dropout.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `TransformerEncoder`, what is done before its layers and behind them.
struct TransformerEncoderSettings {
  TransformerLayerSettings layer;  // of each layer
  Index layers = 1;
  Index longest = 0;  // steps of the longest sequence, with learned positions; 0: no positions are added
  PositionKind positions = PositionKind::learned;
  PositionsFrom positions_from = PositionsFrom::start;
  double input_scale = 1;    // of the steps before positions are added; SASRec: sqrt(features). Needs `longest`
  bool input_norm = false;   // a norm of the input with its positions (BERT)
  double input_dropout = 0;  // rate behind that
  bool final_norm = false;   // a norm behind the last layer; usual where norms come first
};

/// A stack of transformer layers over ragged sequences.
///
///   x_0 = drop(norm(scale x + P)),  x_{l+1} = layer_l(x_l),  y = norm(x_last)
///
/// with positions P and either norm only if asked for.
///
/// SASRec as in pmixer's PyTorch code with norm_first: .layer = {.causal = true, .norm_first = true, .eps = 1e-8},
/// .longest = 200, .positions_from = PositionsFrom::end (padding stands in front there), .input_scale = sqrt(features),
/// .final_norm = true. In training that code drops other things: before the relu of feed forward instead of behind it,
/// which for one mask is the same, and nothing behind the attention's output, where `.layer.dropout` acts too. In the
/// authors' own code queries alone are normalised, and the residual sum adds them in the place of x, which this block
/// does not offer. As in RecBole: .layer = {.heads = 2, .hidden = 256, .causal = true, .activation =
/// ActivationKind::gelu, .eps = 1e-12}, .longest = 50, .input_norm = true.
///
/// Models: Encoder. State: positions (longest, D), input_norm, `layers.<l>`, final_norm. Cost: that of the layers.
/// Source: Vaswani et al. 2017; Kang and McAuley 2018 (SASRec). Differs from PyTorch: sequences are ragged.
template <class Real, class Space>
struct TransformerEncoder {
  static constexpr std::string_view block_name = "TransformerEncoder";
  TransformerEncoderSettings settings;
  PositionEmbedding<Real, Space> positions;  // empty without positions
  LayerNorm<Real, Space> input_norm;         // empty if not asked for
  std::vector<TransformerLayer<Real, Space>> layers;
  LayerNorm<Real, Space> final_norm;  // empty if not asked for

  TransformerEncoder() = default;

  /// @throws ShapeError if there is no layer, if the input is scaled without positions or by no number, or
  ///                    if a part refuses settings
  explicit TransformerEncoder(const TransformerEncoderSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings) {
    expects(settings.layers > 0, "TransformerEncoder: layers is at least 1, it is ", settings.layers);
    expects(settings.longest >= 0, "TransformerEncoder: longest is at least 0, it is ", settings.longest);
    check_finite(block_name, "input_scale", settings.input_scale);
    expects(settings.input_scale == 1 || settings.longest > 0,
            "TransformerEncoder: input_scale is applied with positions; set .longest, or leave it at 1");
    expects(settings.input_dropout >= 0 && settings.input_dropout < 1,
            "TransformerEncoder: input_dropout is at least 0 and below 1, it is ", settings.input_dropout);
    const Index features = settings.layer.features;
    for (Index l = 0; l < settings.layers; ++l)
      layers.emplace_back(settings.layer, random.stream("layers").stream(static_cast<std::uint32_t>(l)));
    if (settings.longest > 0)
      positions = PositionEmbedding<Real, Space>({.longest = settings.longest,
                                                  .features = features,
                                                  .kind = settings.positions,
                                                  .from = settings.positions_from,
                                                  .scale = settings.input_scale},
                                                 random.stream("positions"));
    if (settings.input_norm) input_norm = LayerNorm<Real, Space>({.features = features, .eps = settings.layer.eps});
    if (settings.final_norm) final_norm = LayerNorm<Real, Space>({.features = features, .eps = settings.layer.eps});
  }

  /// @param x  sequences of (N, D) steps; empty ones stay empty
  /// @return   sequences of (N, D) steps
  /// @throws ShapeError if x has another number of features, or a sequence longer than there are positions
  /// @throws DataError  on a host, if offsets do not cut the steps into sequences; see `check_offsets`
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    expects(x.steps.extent(1) == settings.layer.features, "TransformerEncoder: x has ", x.steps.extent(1),
            " features, ", settings.layer.features, " are expected");
    check_offsets(block_name, x.offsets, x.steps.extent(0));
    Sequences<Real, Space> y = x;
    if (settings.longest > 0) y = positions(context, y);
    if (settings.input_norm) y = input_norm(context, y);
    const Dropout<Real, Space> drop({.rate = settings.input_dropout});
    y = drop(context, y);
    for (const auto& layer : layers) y = layer(context, y);
    return settings.final_norm ? final_norm(context, y) : y;
  }
  void operator()(auto&, ...) const = delete;  // TransformerEncoder: give Sequences, not rows, of its Real and Space

  /// Whether a step sees later ones, or knows by its position how many there are.
  bool sees_ahead() const { return !settings.layer.causal || (settings.longest > 0 && positions.sees_ahead()); }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("positions", positions);
    visitor("input_norm", input_norm);
    visitor("layers", layers);
    visitor("final_norm", final_norm);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
