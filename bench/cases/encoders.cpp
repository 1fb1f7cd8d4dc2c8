// SPDX-License-Identifier: Apache-2.0

// Encoders over sequences one after the other: (N, D) steps in, (N, H) out.
#include "bench_case.hpp"

namespace {

template <class Block>
struct Encoding {
  static constexpr bool has_cotangent = true;
  Ragged ragged;
  ls::Parameter<Real, 2, Space> x;
  Block block;

  Encoding(const Inputs& inputs, Block its_block)
      : ragged(inputs), x(inputs.parameter<2>("x")), block(std::move(its_block)) {
    inputs.fill(block, "block");
  }
  auto operator()(auto& context) const {
    return block(context, ls::Sequences<Real, Space>{ls::use(context, x), ragged.offsets()}).steps;
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

template <template <class, class> class Block>
struct Recurrent : Encoding<Block<Real, Space>> {
  explicit Recurrent(const Inputs& inputs)
      : Encoding<Block<Real, Space>>(
            inputs, Block<Real, Space>(
                        {.in = inputs.extent("x", 1), .hidden = inputs.extent("block.layers.0.weights_hidden", 1)})) {}
};

struct Transformer : Encoding<ls::TransformerLayer<Real, Space>> {
  explicit Transformer(const Inputs& inputs)
      : Encoding(inputs, ls::TransformerLayer<Real, Space>({.features = inputs.extent("x", 1),
                                                            .heads = inputs.integer("heads"),
                                                            .hidden = inputs.extent("block.linear1.weights", 0),
                                                            .causal = true,
                                                            .norm_first = true})) {}
};

}  // namespace

void add_encoders(Cases& cases) {
  add_block<Recurrent<ls::Lstm>>(cases, "lstm");
  add_block<Recurrent<ls::Gru>>(cases, "gru");
  add_block<Transformer>(cases, "transformer");
  if constexpr (ls::is_host_space<Space>) {  // one request on the calling thread
    cases["lstm.request"] = [](const Inputs& inputs) {
      return std::make_unique<Forward<Recurrent<ls::Lstm>, ls::Inline>>(inputs);
    };
    cases["gru.request"] = [](const Inputs& inputs) {
      return std::make_unique<Forward<Recurrent<ls::Gru>, ls::Inline>>(inputs);
    };
  }
}
