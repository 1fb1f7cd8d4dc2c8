// SPDX-License-Identifier: Apache-2.0

// Attention over the steps of a sequence each: (N, D) steps in, (B, D) or (B, C, D) out.
#include "bench_case.hpp"
#include "over_sequences.hpp"

namespace {

struct Additive : OverSequences<ls::AdditiveAttentionPooling<Real, Space>> {
  explicit Additive(const Inputs& inputs)
      : OverSequences(inputs, ls::AdditiveAttentionPooling<Real, Space>(
                                  {.in = inputs.extent("x", 1), .hidden = inputs.extent("block.matrix", 0)})) {}
};

struct Deep : OverSequences<ls::DeepAttentionPooling<Real, Space>> {
  explicit Deep(const Inputs& inputs)
      : OverSequences(inputs, ls::DeepAttentionPooling<Real, Space>(
                                  {.in = inputs.extent("x", 1), .out = inputs.extent("block.output.weights", 0)})) {}
};

struct Target : OverSequences<ls::TargetAttentionPooling<Real, Space>> {
  ls::Parameter<Real, 3, Space> q;

  explicit Target(const Inputs& inputs)
      : OverSequences(inputs, ls::TargetAttentionPooling<Real, Space>({.features = inputs.extent("x", 1)})),
        q(inputs.parameter<3>("q")) {}
  auto operator()(auto& context) const { return block(context, ls::use(context, q), sequences(context)); }
  void visit(auto&& visitor) {
    OverSequences::visit(visitor);
    visitor("q", q);
  }
};

}  // namespace

void add_poolings(Cases& cases) {
  add_block<Additive>(cases, "additive");
  add_block<Deep>(cases, "dan");
  add_block<Target>(cases, "din");
}
