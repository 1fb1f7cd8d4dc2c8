// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "inputs.hpp"

/// An encoder over sequences, (N, D) steps in, (N, H) out, or a pooling of each to one vector, (B, H).
template <class Block>
struct OverSequences {
  static constexpr bool has_cotangent = true;
  Ragged ragged;
  ls::Parameter<Real, 2, Space> x;
  Block block;

  OverSequences(const Inputs& inputs, Block its_block)
      : ragged(inputs), x(inputs.parameter<2>("x")), block(std::move(its_block)) {
    inputs.fill(block, "block");
  }
  ls::Sequences<Real, Space> sequences(auto& context) const { return {ls::use(context, x), ragged.offsets()}; }
  auto operator()(auto& context) const {
    const auto y = block(context, sequences(context));
    if constexpr (requires { y.steps; })
      return y.steps;
    else
      return y;
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};
