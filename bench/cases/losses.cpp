// SPDX-License-Identifier: Apache-2.0

// Softmax over a whole catalogue, the product with the items included.
#include "bench_case.hpp"

namespace {

struct Softmax {
  static constexpr bool has_cotangent = false;
  ls::Parameter<Real, 2, Space> interests, items;
  ls::Tensor<ls::Id, 1, Space> targets;

  explicit Softmax(const Inputs& inputs)
      : interests(inputs.parameter<2>("interests")),
        items(inputs.parameter<2>("items")),
        targets(inputs.tensor<ls::Id, 1, std::int64_t>("targets")) {}
  auto operator()(auto& context) const {
    return ls::SoftmaxCrossEntropy{}(context, ls::use(context, interests), ls::use(context, items),
                                     ls::View<const ls::Id, 1, Space>(targets.view()));
  }
  void visit(auto&& visitor) {
    visitor("interests", interests);
    visitor("items", items);
  }
};

}  // namespace

void add_losses(Cases& cases) { add_block<Softmax>(cases, "softmax"); }
