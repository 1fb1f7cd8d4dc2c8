// SPDX-License-Identifier: Apache-2.0

// Encoders over sequences one after the other: (N, D) steps in, (N, H) out.
#include "bench_case.hpp"
#include "over_sequences.hpp"

namespace {

template <template <class, class> class Block>
struct Recurrent : OverSequences<Block<Real, Space>> {
  explicit Recurrent(const Inputs& inputs)
      : OverSequences<Block<Real, Space>>(
            inputs, Block<Real, Space>(
                        {.in = inputs.extent("x", 1), .hidden = inputs.extent("block.layers.0.weights_hidden", 1)})) {}
};

struct Transformer : OverSequences<ls::TransformerLayer<Real, Space>> {
  explicit Transformer(const Inputs& inputs)
      : OverSequences(inputs, ls::TransformerLayer<Real, Space>({.features = inputs.extent("x", 1),
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
