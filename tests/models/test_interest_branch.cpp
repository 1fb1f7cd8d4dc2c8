// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/encoders/transformer_encoder.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <string>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/error_text.hpp"
#include "../support/ragged.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;
using test::error_text;

namespace {

/// One history, overlapping windows over it: two over six steps, then any.
template <class Real, class Space>
struct BranchCase {
  WindowList list;
  PlacedWindows<Space> placed;
  Ragged<Space> history;
  ls::Parameter<Real, 2, Space> steps;
  ls::Parameter<Real, 3, Space> candidates;
  ls::InterestBranch<ls::Gru<Real, Space>, ls::LastStep<Real, Space>> encoded;
  ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::TargetAttentionPooling<Real, Space>> targeted;
  bool by_target;

  BranchCase(const ls::Random& random, int shape)
      : list(shape < 3 ? WindowList({0, 2}, {4, 6}, 6) : WindowList::example(random.stream("windows"), shape - 3)),
        placed(list),
        history({list.steps}),
        steps(random_input<Real, 2, Space>(random.stream("steps"), list.steps, 3)),
        candidates(random_input<Real, 3, Space>(random.stream("candidates"), static_cast<int>(list.size()), 2, 3)),
        by_target(shape % 3 == 2) {
    encoded.settings.input = shape % 3 == 1 ? ls::BranchInput::windows : ls::BranchInput::history;
    encoded.encode = ls::Gru<Real, Space>({.in = 3, .hidden = 4}, random.stream("gru"));
    targeted.pool = ls::TargetAttentionPooling<Real, Space>({.features = 3, .hidden = {4, 2}}, random.stream("din"));
  }
  ls::Windows<Space> windows() const { return placed.windows(); }
  auto operator()(auto& context) const {
    const ls::Sequences<Real, Space> all{ls::use(context, steps), history.offsets()};
    const ls::Interest<Real, Space> seen(ls::use(context, candidates));
    return by_target ? targeted(context, seen, all, windows()).vectors : encoded(context, seen, all, windows()).vectors;
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

TEST_CASE("one pass over a history with an encoder that looks ahead is refused: it would know what comes next") {
  using Space = Kokkos::Serial;
  const std::string accepted = error_text<ls::ShapeError>([] {});
  const auto refusal = [](BranchCase<float, Space>& example) {
    ls::Inference<Space> context;
    return error_text<ls::ShapeError>([&] { example(context); });
  };
  BranchCase<float, Space> example(ls::Random(1), 0);
  CHECK(refusal(example) == accepted);
  example.encoded.encode = ls::Gru<float, Space>({.in = 3, .hidden = 4, .bidirectional = true});
  CHECK(refusal(example) ==
        "InterestBranch: 2 windows share 1 histories, as all positions in one pass do, and Gru looks ahead: the state at "
        "one position would know the next; use an encoder that is causal (.causal = true, .bidirectional = false), "
        "BranchInput::windows, or Positions::separate");
  example.encoded.settings.input = ls::BranchInput::windows;  // sees its window and no more
  CHECK(refusal(example) == accepted);

  // Every encoder says whether it does.
  using Layer = ls::TransformerLayer<float, Space>;
  using Stack = ls::TransformerEncoder<float, Space>;
  for (const bool causal : {true, false}) {
    CHECK(ls::SelfAttention<float, Space>({.features = 2, .causal = causal}).sees_ahead() != causal);
    CHECK(Layer({.features = 2, .causal = causal}).sees_ahead() != causal);
    CHECK(Stack({.layer = {.features = 2, .causal = causal}}).sees_ahead() != causal);
    CHECK(ls::Lstm<float, Space>({.in = 2, .hidden = 1, .bidirectional = !causal}).sees_ahead() != causal);
    CHECK(ls::Gru<float, Space>({.in = 2, .hidden = 1, .bidirectional = !causal}).sees_ahead() != causal);
  }
  CHECK_FALSE(ls::NoEncoder<float, Space>().sees_ahead());
}

TEST_CASE("one history for each window may be read from both ends") {
  using Space = Kokkos::Serial;
  BranchCase<float, Space> example(ls::Random(1), 0);
  example.encoded.encode = ls::Gru<float, Space>({.in = 3, .hidden = 4, .bidirectional = true});
  ls::Tensor<ls::Index, 1, Space> offsets(3);
  ls::copy_from_host<ls::Index>({0, 2, 6}, offsets.view());
  ls::Inference<Space> context;
  const ls::Sequences<float, Space> history{ls::use(context, example.steps), {offsets.view(), 4}};
  const auto interest = example.encoded(context, {}, history, ls::Windows<Space>(history.offsets, 6));
  CHECK(interest.features() == 8);
}

TEST_CASE("P1: gradients of a branch equal central differences; P4: the same bits everywhere") {
  check::gradients<BranchCase>();
  check::same_bits<BranchCase>(6);
}

TEST_CASE("attention weights of a branch sum over its windows") {
  using Space = Kokkos::Serial;
  BranchCase<float, Space> example(ls::Random(1), 2);
  example.targeted.pool = ls::TargetAttentionPooling<float, Space>({.features = 3, .softmax = true}, ls::Random(2));
  ls::Inference<Space> context;
  const ls::Sequences<float, Space> history{ls::use(context, example.steps), example.history.offsets()};
  const auto weights = ls::copy_to_host(
      example.targeted.weights(context, ls::Interest<float, Space>(ls::use(context, example.candidates)), history, example.windows()));
  CHECK(weights.size() == 16);  // 2 candidates, 8 pairs
  float sum = 0;
  for (const float w : weights) sum += w;
  CHECK(sum == doctest::Approx(4));
}
