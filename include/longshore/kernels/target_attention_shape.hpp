// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/small_list.hpp>
#include <longshore/core/value.hpp>
#include <longshore/kernels/pad.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of the network that scores a candidate q and a step k, [q, k, q - k, q * k] -> hidden layers -> 1, and where
/// its kernels keep what they derive from its parameters.
///
/// Cost: every question O(layers); no memory of its own.
struct TargetAttentionShape {
  static constexpr int most = SmallList<Index>::most;
  Index features = 0;       // D
  int layers = 0;           // hidden ones, at least 1
  Index width[most] = {};   // their sizes
  Index stride[most] = {};  // and the lengths of their rows in memory, whole registers

  KOKKOS_INLINE_FUNCTION Index last() const { return stride[layers - 1]; }
  /// Numbers of one row in the layers before l.
  KOKKOS_INLINE_FUNCTION std::int64_t columns_before(int l) const {
    std::int64_t sum = 0;
    for (int i = 0; i < l; ++i) sum += stride[i];
    return sum;
  }
  KOKKOS_INLINE_FUNCTION std::int64_t columns() const { return columns_before(layers); }

  // Packed for forward: of the first layer, transposed (D, stride) each, what multiplies q, k and q * k, then its bias;
  // of each other layer its transposed weights (width before, stride) and bias; the weights of the output and its bias.
  KOKKOS_INLINE_FUNCTION std::int64_t first_block() const { return std::int64_t{features} * stride[0]; }
  /// Where the weights of layer l, at least 1, begin.
  KOKKOS_INLINE_FUNCTION std::int64_t packed_weights(int l) const {
    std::int64_t at = 3 * first_block() + stride[0];
    for (int i = 1; i < l; ++i) at += std::int64_t{width[i - 1] + 1} * stride[i];
    return at;
  }
  KOKKOS_INLINE_FUNCTION std::int64_t packed_bias(int l) const {
    return l == 0 ? 3 * first_block() : packed_weights(l) + std::int64_t{width[l - 1]} * stride[l];
  }
  KOKKOS_INLINE_FUNCTION std::int64_t packed_output() const { return packed_weights(layers); }
  KOKKOS_INLINE_FUNCTION std::int64_t packed_size() const { return packed_output() + last() + 1; }

  // Packed for backward: the weights of each layer but the first, rows as long as those of the layer before.
  /// Where the weights of layer l, at least 1, begin.
  KOKKOS_INLINE_FUNCTION std::int64_t upright_weights(int l) const {
    std::int64_t at = 0;
    for (int i = 1; i < l; ++i) at += std::int64_t{width[i]} * stride[i - 1];
    return at;
  }
  KOKKOS_INLINE_FUNCTION std::int64_t upright_size() const { return upright_weights(layers); }

  // What a group of rows leaves of the gradients: of the first layer what multiplies k and q * k, (width, D) each; of
  // each other layer weights (width, stride before) and bias; output weights and bias.
  KOKKOS_INLINE_FUNCTION std::int64_t key_gradient() const { return 0; }
  KOKKOS_INLINE_FUNCTION std::int64_t product_gradient() const { return std::int64_t{width[0]} * features; }
  /// Where the gradient by the weights of layer l, at least 1, begins.
  KOKKOS_INLINE_FUNCTION std::int64_t weight_gradient(int l) const {
    std::int64_t at = 2 * product_gradient();
    for (int i = 1; i < l; ++i) at += std::int64_t{width[i]} * stride[i - 1] + stride[i];
    return at;
  }
  KOKKOS_INLINE_FUNCTION std::int64_t bias_gradient(int l) const {
    return weight_gradient(l) + std::int64_t{width[l]} * stride[l - 1];
  }
  KOKKOS_INLINE_FUNCTION std::int64_t output_gradient() const { return weight_gradient(layers); }
  KOKKOS_INLINE_FUNCTION std::int64_t gradient_size() const { return output_gradient() + last() + 1; }
};

/// The shape for hidden layers of these sizes.
///
/// Cost: O(layers).
///
/// @param features  D
/// @param hidden    1 to 8 sizes
template <class Real>
TargetAttentionShape target_attention_shape(Index features, const SmallList<Index>& hidden) {
  TargetAttentionShape shape;
  shape.features = features;
  shape.layers = hidden.size();
  for (int l = 0; l < shape.layers; ++l) {
    shape.width[l] = hidden[l];
    shape.stride[l] = padded_size<Real>(hidden[l]);
  }
  return shape;
}

/// The parameters of the network: PyTorch's layout, inputs in the order q, k, q - k, q * k.
template <class Real, class Space>
struct TargetAttentionLayers {
  View<const Real, 2, Space> weights[TargetAttentionShape::most + 1];  // (width, 4 D), (width, width before), ...
  View<const Real, 1, Space> bias[TargetAttentionShape::most + 1];
};

/// Where their gradients go.
template <class Real, class Space>
struct TargetAttentionLayerGradients {
  Target<Real, 2, Space> weights[TargetAttentionShape::most + 1];
  Target<Real, 1, Space> bias[TargetAttentionShape::most + 1];
};

}  // namespace longshore::inline LONGSHORE_ABI
