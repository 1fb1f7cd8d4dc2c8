// SPDX-License-Identifier: Apache-2.0

// Attention over the steps of a window each: (N, D) steps in, (W, D) or (W, C, D) out.
#include "bench_case.hpp"

namespace {

template <class Block>
struct Pooling {
  static constexpr bool has_cotangent = true;
  Ragged ragged;
  ls::Parameter<Real, 2, Space> x;
  Block block;

  Pooling(const Inputs& inputs, Block its_block)
      : ragged(inputs), x(inputs.parameter<2>("x")), block(std::move(its_block)) {
    inputs.fill(block, "block");
  }
  auto operator()(auto& context) const {
    return block(context, ls::Windowed<Real, Space>(ls::use(context, x), ragged.windows()));
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

struct Additive : Pooling<ls::AdditiveAttentionPooling<Real, Space>> {
  explicit Additive(const Inputs& inputs)
      : Pooling(inputs, ls::AdditiveAttentionPooling<Real, Space>(
                            {.in = inputs.extent("x", 1), .hidden = inputs.extent("block.matrix", 0)})) {}
};

struct Deep : Pooling<ls::DeepAttentionPooling<Real, Space>> {
  explicit Deep(const Inputs& inputs)
      : Pooling(inputs, ls::DeepAttentionPooling<Real, Space>(
                            {.in = inputs.extent("x", 1), .out = inputs.extent("block.output.weights", 0)})) {}
};

struct Target {
  static constexpr bool has_cotangent = true;
  Ragged ragged;
  ls::Parameter<Real, 2, Space> x;
  ls::Parameter<Real, 3, Space> q;
  ls::TargetAttentionPooling<Real, Space> block;

  explicit Target(const Inputs& inputs)
      : ragged(inputs), x(inputs.parameter<2>("x")), q(inputs.parameter<3>("q")), block({.features = x.extent(1)}) {
    inputs.fill(block, "block");
  }
  auto operator()(auto& context) const {
    return block(context, ls::use(context, q), ls::Windowed<Real, Space>(ls::use(context, x), ragged.windows()));
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("q", q);
    visitor("block", block);
  }
};

}  // namespace

void add_poolings(Cases& cases) {
  add_block<Additive>(cases, "additive");
  add_block<Deep>(cases, "dan");
  add_block<Target>(cases, "din");
}
