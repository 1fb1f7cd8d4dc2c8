// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <vector>

#include "../support/check_block.hpp"

namespace ls = longshore;

namespace {

/// One history of six steps, two overlapping windows over it.
template <class Real, class Space>
struct BranchCase {
  ls::Parameter<Real, 2, Space> steps{6, 3};
  ls::Parameter<Real, 3, Space> candidates{2, 2, 3};
  ls::Tensor<ls::Index, 1, Space> offsets{2}, begin{2}, end{2}, pairs{3};
  ls::InterestBranch<ls::Gru<Real, Space>, ls::LastStep<Real, Space>> encoded;
  ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::TargetAttentionPooling<Real, Space>> targeted;
  bool by_target = false;

  BranchCase(const ls::Random& random, int shape) : by_target(shape % 3 == 2) {
    ls::initialise(steps, ls::normal(1), random.stream("steps"));
    ls::initialise(candidates, ls::normal(1), random.stream("candidates"));
    ls::copy_from_host<ls::Index>({0, 6}, offsets.view());
    ls::copy_from_host<ls::Index>({0, 2}, begin.view());
    ls::copy_from_host<ls::Index>({4, 6}, end.view());
    ls::copy_from_host<ls::Index>({0, 4, 8}, pairs.view());
    encoded.settings.input = shape % 3 == 1 ? ls::BranchInput::windows : ls::BranchInput::history;
    encoded.encode = ls::Gru<Real, Space>({.in = 3, .hidden = 4}, random.stream("gru"));
    targeted.pool = ls::TargetAttentionPooling<Real, Space>({.features = 3, .hidden = {4, 2}}, random.stream("din"));
  }
  ls::Windows<Space> windows() const { return {begin.view(), end.view(), pairs.view(), 8, 4}; }
  auto operator()(auto& context) const {
    const ls::Sequences<Real, Space> history{ls::use(context, steps), {offsets.view(), 6}};
    const ls::Interest<Real, Space> seen(ls::use(context, candidates));
    return by_target ? targeted(context, seen, history, windows()).vectors : encoded(context, seen, history, windows()).vectors;
  }
  void visit(auto&& visitor) {
    visitor("steps", steps);
    visitor("candidates", candidates);
    visitor("encoded", encoded);
    visitor("targeted", targeted);
  }
};

}  // namespace

TEST_CASE("a branch knows whether it looks at the candidates") {
  using Space = Kokkos::Serial;
  static_assert(ls::Branch<ls::InterestBranch<ls::Gru<float, Space>, ls::LastStep<float, Space>>, float, Space>);
  const BranchCase<float, Space> example(ls::Random(1), 0);
  CHECK_FALSE(example.encoded.sees_candidates());
  CHECK(example.targeted.sees_candidates());
}

TEST_CASE("encoding the history lets a window's state know what came before it; encoding windows does not") {
  using Space = Kokkos::Serial;
  BranchCase<double, Space> whole(ls::Random(1), 0), apart(ls::Random(1), 1);
  ls::Inference<Space> context;
  const auto value = [&](BranchCase<double, Space>& example) {
    context.reset();
    return example(context).data(1, 0, 0);  // the window of steps 2 to 5
  };
  const double whole_before = value(whole), apart_before = value(apart);
  whole.steps.mutable_view()(0, 0) += 1;
  apart.steps.mutable_view()(0, 0) += 1;
  CHECK(value(whole) != whole_before);
  CHECK(value(apart) == apart_before);
}

TEST_CASE("P1: gradients of a branch equal central differences; P4: the same bits everywhere") {
  check::gradients<BranchCase>(3);
  check::same_bits<BranchCase>(3);
}

TEST_CASE("attention weights of a branch sum over its windows") {
  using Space = Kokkos::Serial;
  BranchCase<float, Space> example(ls::Random(1), 2);
  example.targeted.pool = ls::TargetAttentionPooling<float, Space>({.features = 3, .softmax = true}, ls::Random(2));
  ls::Inference<Space> context;
  const ls::Sequences<float, Space> history{ls::use(context, example.steps), {example.offsets.view(), 6}};
  const auto weights = ls::copy_to_host(
      example.targeted.weights(context, ls::Interest<float, Space>(ls::use(context, example.candidates)), history, example.windows()));
  CHECK(weights.size() == 16);  // 2 candidates, 8 pairs
  float sum = 0;
  for (const float w : weights) sum += w;
  CHECK(sum == doctest::Approx(4));
}
