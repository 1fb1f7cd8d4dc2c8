// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/layers/activation.hpp>

#include "../reference/transformer.hpp"

/// Every number of a parameter, in double.
std::vector<double> wide(const auto& parameter) {
  const auto numbers = longshore::copy_to_host(parameter.view());
  return {numbers.begin(), numbers.end()};
}

/// What a `SelfAttention` gives, by the loops of the reference.
///
/// @param x       (N, D)
/// @param bounds  (B + 1)
std::vector<double> by_loops_of_attention(const auto& block, const std::vector<double>& x,
                                          const std::vector<longshore::Index>& bounds) {
  return reference::self_attention(x, bounds, static_cast<std::size_t>(block.settings.features),
                                   static_cast<std::size_t>(block.settings.heads), block.settings.causal,
                                   wide(block.in_proj.weights), wide(block.in_proj.bias), wide(block.out_proj.weights),
                                   wide(block.out_proj.bias));
}

/// What a `TransformerLayer` gives, with relu or gelu.
std::vector<double> by_loops_of_layer(const auto& block, const std::vector<double>& x,
                                      const std::vector<longshore::Index>& bounds) {
  const auto& settings = block.settings;
  return reference::transformer_layer(
      x, bounds,
      {.features = static_cast<std::size_t>(settings.features),
       .heads = static_cast<std::size_t>(settings.heads),
       .causal = settings.causal,
       .norm_first = settings.norm_first,
       .gelu = settings.activation == longshore::ActivationKind::gelu,
       .eps = settings.eps},
      {wide(block.attention.in_proj.weights), wide(block.attention.in_proj.bias),
       wide(block.attention.out_proj.weights), wide(block.attention.out_proj.bias), wide(block.linear1.weights),
       wide(block.linear1.bias), wide(block.linear2.weights), wide(block.linear2.bias), wide(block.norm1.weights),
       wide(block.norm1.bias), wide(block.norm2.weights), wide(block.norm2.bias)});
}
