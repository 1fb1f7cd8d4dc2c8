// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <longshore/data/long_short_views.hpp>
#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/encoders/transformer_encoder.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/pooling/sum_pooling.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <string>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/error_text.hpp"
#include "../support/ragged.hpp"
#include "../support/small_histories.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

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
      : list(shape < 3 ? WindowList({0, 2}, {4, 6}, 6)
                       : WindowList::example(random.stream("windows"), shape < wide_shape ? shape - 3 : shape)),
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

TEST_CASE("InterestBranch: concept: it knows whether it looks at the candidates") {
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

TEST_CASE("InterestBranch: refused: one pass with an encoder that looks ahead, which would know what comes next") {
  using Space = Kokkos::Serial;
  const std::string accepted = error_text<ls::ShapeError>([] {});
  const auto refusal = [](BranchCase<float, Space>& example) {
    ls::Inference<Space> context;
    return error_text<ls::ShapeError>([&] { example(context); });
  };
  BranchCase<float, Space> example(ls::Random(1), 0);
  CHECK(refusal(example) == accepted);
  example.encoded.encode = ls::Gru<float, Space>({.in = 3, .hidden = 4, .bidirectional = true});
  CHECK(
      refusal(example) ==
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

TEST_CASE(
    "InterestBranch: hand: steps are weighed by the column that the settings name, in the history and in windows") {
  using Space = Kokkos::Serial;
  using Mean = ls::InterestBranch<ls::NoEncoder<double, Space>, ls::MeanPooling<double, Space>>;
  ls::Tensor<double, 2, Space> x(4, 1);
  ls::copy_from_host<double>({1, 2, 4, 8}, x.view());
  ls::Tensor<float, 1, Space> weights(4), few(3);
  ls::copy_from_host<float>({1, 3, 0, 1}, weights.view());
  ls::Tensor<ls::Index, 1, Space> offsets(2), begin(2), end(2), pairs(3);
  ls::copy_from_host<ls::Index>({0, 4}, offsets.view());
  ls::copy_from_host<ls::Index>({0, 1}, begin.view());
  ls::copy_from_host<ls::Index>({2, 4}, end.view());
  ls::copy_from_host<ls::Index>({0, 2, 5}, pairs.view());
  const ls::Sequences<double, Space> history{x.view(), {offsets.view(), 4}};
  const ls::Windows<Space> windows{begin.view(), end.view(), pairs.view(), 5, 3};
  ls::StepColumns<Space> columns;
  columns.set<float>("decay", weights.view());
  columns.set<float>("few", few.view());
  ls::Inference<Space> context;
  for (const auto input : {ls::BranchInput::history, ls::BranchInput::windows}) {
    Mean branch;
    branch.settings = {.input = input, .weights = "decay"};
    CHECK(ls::copy_to_host(branch(context, {}, history, windows, columns).vectors.data) ==
          std::vector<double>{7.0 / 4, 14.0 / 4});
    CHECK_THROWS_WITH_AS(branch(context, {}, history, windows),
                         "StepColumns::get: there is no column 'decay'; there are none", ls::DataError);
    {
      std::string name = "few";  // a name of one's own need not outlive the settings
      branch.settings.weights = name;
      name = "lot";
    }
    CHECK(has(error_text<ls::ShapeError>([&] { branch(context, {}, history, windows, columns); }),
              ": 3 weights came for 4 steps"));
    branch.settings.weights = {};
    check::close(ls::copy_to_host(branch(context, {}, history, windows, columns).vectors.data), {1.5, 14.0 / 3}, 1e-15);
  }
  ls::InterestBranch<ls::NoEncoder<double, Space>, ls::LastStep<double, Space>> last;
  last.settings.weights = "decay";
  CHECK_THROWS_WITH_AS(
      last(context, {}, history, windows, columns),
      "InterestBranch: settings.weights is 'decay', and LastStep takes no weights of steps; MeanPooling "
      "and SumPooling do",
      ls::ShapeError);
}

TEST_CASE_TEMPLATE(
    "InterestBranch: reference: decay in one pass is that of separate examples, for half-lives of any size", Real,
    float, double) {
  using Host = ls::LongShortViews::Host;
  auto histories = small_histories();
  histories.times[5] = -3'000'000'000;  // ages beyond 2^31 s
  const std::vector<ls::Example> examples{{0, 1}, {0, 2}, {0, 4}, {1, 1}, {1, 2}};
  ls::Inference<Host> context;
  std::vector<std::vector<Real>> found;
  const auto pooled = [&](const auto& branch, ls::Positions positions, double half_life) {
    ls::Batch<Host> batch;
    ls::LongShortViews(histories, {.long_term = {}, .short_term = {}, .positions = positions, .half_life = half_life})
        .fill(examples, batch);
    std::vector<Real> x;
    for (const ls::Id item : ls::copy_to_host(batch.history.items)) x.push_back(static_cast<Real>(item + 1));
    const ls::Sequences<Real, Host> history{ls::View<Real, 2, Host>(x.data(), static_cast<ls::Index>(x.size()), 1),
                                            batch.history.offsets};
    context.reset();
    return ls::copy_to_host(branch(context, {}, history, batch.long_term, batch.history.columns).vectors.data);
  };
  using Plain = ls::NoEncoder<Real, Host>;
  for (const auto input : {ls::BranchInput::history, ls::BranchInput::windows}) {
    const ls::InterestBranch<Plain, ls::MeanPooling<Real, Host>> mean{{.input = input, .weights = "decay"}, {}, {}};
    const ls::InterestBranch<Plain, ls::SumPooling<Real, Host>> sum{{.input = input, .weights = "decay"}, {}, {}};
    for (const double half_life : {1e-300, 1e-9, 0.01, 1.0, 60.0, 500.0, 1e5, 1e9, 1e300}) {
      CAPTURE(half_life);
      const auto means = pooled(mean, ls::Positions::separate, half_life),
                 sums = pooled(sum, ls::Positions::separate, half_life);
      CHECK(means == pooled(mean, ls::Positions::one_pass, half_life));
      CHECK(sums == pooled(sum, ls::Positions::one_pass, half_life));
      // User 0 saw 1, 2, 1, 3 at 0, 100, 5000, 5100 s, user 1 had 5 and 6, the first of them long ago.
      const auto weight = [&](double age) { return std::exp2(-age / half_life); };
      check::close(
          sums,
          {1, 2 + weight(100), 3 + weight(100) + 2 * weight(5000) + weight(5100), 5, 6 + 5 * weight(3'000'000'050)},
          tolerance<Real>);
      check::close(means,
                   {1, sums[1] / (1 + weight(100)), sums[2] / (1 + weight(100) + weight(5000) + weight(5100)), 5,
                    sums[4] / (1 + weight(3'000'000'050))},
                   tolerance<Real>);
    }
  }
}

namespace {

/// Users of 1 to 14 events, some of them in one second, some after a pause.
ls::Histories drawn_histories() {
  const ls::Random random(17);
  ls::Histories histories;
  std::uint64_t next = 0;
  for (int user = 0; user < 5; ++user) {
    const auto length = 1 + random.below(next++, 14);
    ls::Seconds time = 1000;
    for (std::uint64_t k = 0; k < length; ++k) {
      const ls::Seconds pauses[] = {0, 20, 60, 4000};
      histories.times.push_back(time += pauses[random.below(next++, 4)]);
      histories.items.push_back(static_cast<ls::Id>(random.below(next++, 9)));
    }
    histories.offsets.push_back(histories.items.size());
  }
  return histories;
}

/// What a mean of an encoder's states is for each example, of the long window and then of the short one.
template <class Encode>
std::vector<double> interests(const Encode& encode, ls::BranchInput input, const ls::Histories& histories,
                              const ls::LongShortSettings& settings) {
  using Host = ls::LongShortViews::Host;
  std::vector<ls::Example> examples;
  for (ls::Id user = 0; user < histories.user_count(); ++user)
    for (ls::Index position = 0; position <= static_cast<ls::Index>(histories.length(user)); ++position)
      examples.push_back({user, position});
  ls::Batch<Host> batch;
  ls::LongShortViews(histories, settings).fill(examples, batch);
  std::vector<double> x;
  for (const ls::Id item : ls::copy_to_host(batch.history.items)) {
    x.push_back(0.2 * item - 0.7);
    x.push_back(0.9 - 0.1 * item * item);
  }
  const ls::Sequences<double, Host> history{
      ls::View<double, 2, Host>(x.data(), static_cast<ls::Index>(x.size() / 2), 2), batch.history.offsets};
  const ls::InterestBranch<Encode, ls::MeanPooling<double, Host>> branch{{.input = input}, encode, {}};
  ls::Inference<Host> context;
  std::vector<double> found;
  for (const auto& windows : {batch.long_term, batch.short_term}) {
    const auto some = ls::copy_to_host(branch(context, {}, history, windows).vectors.data);
    found.insert(found.end(), some.begin(), some.end());
  }
  return found;
}

/// One pass is either refused, which it is where the settings say so, or equal to separate examples.
template <class Encode>
void one_pass_is_exact(const Encode& encode, bool sees_behind) {
  const auto histories = drawn_histories();
  using std::chrono::seconds;
  const ls::Window windows[] = {{},
                                {.last = 3},
                                {.last = 1},
                                {.within = seconds(100)},
                                {.session_gap = seconds(900)},
                                {.last = 2, .within = seconds(30)}};
  int refused = 0, differing = 0;
  for (const auto& long_term : windows)
    for (const auto& short_term : windows)
      for (const bool inside : {true, false})
        for (const bool from_first_step : {false, true})
          for (const auto input : {ls::BranchInput::history, ls::BranchInput::windows}) {
            const ls::LongShortSettings separate{.long_term = long_term,
                                                 .short_term = short_term,
                                                 .short_inside = inside,
                                                 .from_first_step = from_first_step};
            ls::LongShortSettings shared = separate;
            shared.positions = ls::Positions::one_pass;
            const bool expected = sees_behind && input == ls::BranchInput::history && !from_first_step &&
                                  long_term.bounded() && short_term.bounded();
            const auto ask = [&] { return interests(encode, input, histories, shared); };
            if (expected) {
              CHECK(has(error_text<ls::ShapeError>(ask), "the states differ; leave one window unbounded"));
              auto whole = separate;
              whole.from_first_step = true;
              differing += interests(encode, input, histories, whole) != interests(encode, input, histories, separate);
              ++refused;
            } else {
              check::close(ask(), interests(encode, input, histories, separate), 1e-13);
            }
          }
  CHECK(refused == (sees_behind ? 50 : 0));
  CHECK(differing >= refused / 2);  // it is refused for a reason
}

}  // namespace

TEST_CASE("every setting of windows that one pass accepts gives what separate examples give, whatever the encoder") {
  using Host = ls::LongShortViews::Host;
  const ls::Random random(23);
  one_pass_is_exact(ls::NoEncoder<double, Host>(), false);
  one_pass_is_exact(ls::Gru<double, Host>({.in = 2, .hidden = 3}, random), true);
  one_pass_is_exact(ls::Lstm<double, Host>({.in = 2, .hidden = 3, .layers = 2}, random), true);
  one_pass_is_exact(ls::SelfAttention<double, Host>({.features = 2, .causal = true}, random), true);
  one_pass_is_exact(
      ls::TransformerEncoder<double, Host>({.layer = {.features = 2, .causal = true}, .longest = 14}, random), true);
}

TEST_CASE("InterestBranch: refused: a history with a head start, in one sentence with the settings and the ways out") {
  using Host = ls::LongShortViews::Host;
  const ls::Gru<double, Host> encode({.in = 2, .hidden = 3});
  CHECK(error_text<ls::ShapeError>([&] {
          interests(encode, ls::BranchInput::history, drawn_histories(), {.positions = ls::Positions::one_pass});
        }) ==
        "InterestBranch: in one pass Gru would begin at the first step of a history, with separate examples where the "
        "earlier of two bounded windows does: the states differ; leave one window unbounded (.long_term = {}), or set "
        ".from_first_step = true for training and evaluation, or use BranchInput::windows, or Positions::separate");
}

TEST_CASE("InterestBranch: edges: one step, empty windows only, and no windows") {
  using Space = Kokkos::Serial;
  for (const int shape : {3, 6, 8}) {
    CAPTURE(shape);
    const BranchCase<float, Space> example(ls::Random(1), shape);
    ls::Inference<Space> context;
    const auto interests = example(context);
    CHECK(interests.extent(0) == (shape == 3 ? 1 : shape == 6 ? 2 : 0));
    for (const float number : ls::copy_to_host(interests.data)) CHECK((shape == 3 ? number != 0 : number == 0));
  }
}

TEST_CASE("InterestBranch: gradients: P1: equal central differences") { check::gradients<BranchCase>(); }

TEST_CASE("InterestBranch: threads: P4: the same bits everywhere") { check::same_bits<BranchCase>(6); }

TEST_CASE("attention weights of a branch sum over its windows") {
  using Space = Kokkos::Serial;
  BranchCase<float, Space> example(ls::Random(1), 2);
  example.targeted.pool = ls::TargetAttentionPooling<float, Space>({.features = 3, .softmax = true}, ls::Random(2));
  ls::Inference<Space> context;
  const ls::Sequences<float, Space> history{ls::use(context, example.steps), example.history.offsets()};
  const auto weights = ls::copy_to_host(example.targeted.weights(
      context, ls::Interest<float, Space>(ls::use(context, example.candidates)), history, example.windows()));
  CHECK(weights.size() == 16);  // 2 candidates, 8 pairs
  float sum = 0;
  for (const float w : weights) sum += w;
  CHECK(sum == doctest::Approx(4));
}
