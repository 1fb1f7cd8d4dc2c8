// SPDX-License-Identifier: Apache-2.0
// P4: trains a model for 100 steps, or for 5 where every access is checked, and prints a checksum of its parameters and of
// what the optimizer remembers. The Python beside it runs it at several numbers of threads.
//
// slow: 50
//
//   training_bits [SEED [sum|unwritten]]   with `sum`, each step adds a sum to a parameter that Kokkos' threads share out,
//                                          with `unwritten` a number that nobody wrote, for memcheck.py to see
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <longshore/core/training.hpp>
#include <longshore/data/long_short_batches.hpp>
#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/fusers/gate_fuser.hpp>
#include <longshore/io/checksum.hpp>
#include <longshore/losses/sampled_softmax.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/models/long_short_model.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/optimizer.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../support/small_training.hpp"

namespace ls = longshore;

namespace {

using Space = Kokkos::DefaultHostExecutionSpace;
using Real = float;
using Model =
    ls::LongShortModel<ls::InterestBranch<ls::Gru<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>>,
                       ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::TargetAttentionPooling<Real, Space>>,
                       ls::GateFuser<Real, Space>, ls::DotProductScorer<Real, Space>>;
using Walk = ls::RecurrentBackward<Real, Space, ls::GruBackwardCell<Real, Space>>;
constexpr ls::Index features = 12, items = 40;

Model model_of(const ls::Random& random) {
  Model model;
  model.items = ls::EmbeddingTable<Real, Space>({.rows = items, .features = features}, random.stream("items"));
  model.dropout = ls::Dropout<Real, Space>({.rate = 0.3});
  model.long_term.encode = ls::Gru<Real, Space>({.in = features, .hidden = features}, random.stream("encode"));
  model.long_term.pool =
      ls::AdditiveAttentionPooling<Real, Space>({.in = features, .hidden = 8}, random.stream("pool"));
  model.short_term.pool =
      ls::TargetAttentionPooling<Real, Space>({.features = features, .hidden = {8, 4}}, random.stream("target"));
  model.fuse = ls::GateFuser<Real, Space>(
      {.features = features, .candidate_features = features, .hidden = {10}, .dropout = 0.2}, random.stream("fuse"));
  return model;
}

/// A sum whose last bits depend on how threads share it out: what the library does not do.
float shared_sum() {
  float sum = 0;
  Kokkos::parallel_reduce(
      Kokkos::RangePolicy<Space>(0, 100'000),
      KOKKOS_LAMBDA(int i, float& part) { part += 1.0f / (1.0f + static_cast<float>(i)); }, sum);
  return 1e-3f * sum;
}

/// A number from memory that nobody wrote, made small.
float unwritten_number() {
  const Kokkos::View<float*, Space> numbers(Kokkos::view_alloc(Kokkos::WithoutInitializing, "unwritten"), 16);
  return numbers(7) > 0 ? 1e-3f : 1e-4f;
}

// A step takes a quarter of a second in a build that checks every access.
#if defined(LONGSHORE_BOUNDS_CHECK)
constexpr std::size_t steps = 5;
#else
constexpr std::size_t steps = 100;
#endif

std::string trained(std::uint64_t seed, std::string_view mistake) {
  const ls::Histories histories = test::histories_of_two_tastes(60, 200, items);
  const ls::LongShortViews views(histories, {.long_term = {.last = 100}, .short_term = {.last = 3}});
  const ls::LongShortBatches batches(views, ls::examples_of(histories, histories.rows), items, histories,
                                     {.size = 48, .with_log_q = true, .seed = seed, .negatives = {.count = 5}});
  Model model = model_of(ls::Random(seed));
  ls::Optimizer<ls::Adam, Space> optimizer(model, {.rate = 0.01}, {.clip_norm = 1});
  ls::Training<Space> context(std::as_const(model), ls::Random(seed).stream("train"));
  ls::LongShortBatches::batch_type made;
  ls::Batch<Space> batch;
  ls::Index widest = 0;
  for (std::size_t step = 0; step < steps; ++step) {
    batches(step / batches.size(), step % batches.size(), made);
    widest = std::max(widest, Walk::team_count(made.history.items.extent(0), made.history.offsets.count()));
    ls::copy_batch(made, batch);
    context.reset();
    context.set_step(step);
    const auto loss = ls::SampledSoftmax{}(context, model(context, batch), batch);
    context.backward(loss);
    optimizer.step(model, context, loss);
    optimizer.check();
    if (mistake == "sum") model.items.weights.mutable_view()(0, 0) += shared_sum();
    if (mistake == "unwritten") model.items.weights.mutable_view()(0, 0) += unwritten_number();
  }
  // Sums of one team are the same at any number of threads, whatever the library does.
  ls::expects(widest >= 3, "training_bits: at most ", widest, " teams share the steps of a batch, 3 are wanted");
  ls::Checksum checksum;
  const auto add = [&](const auto& view) {
    const auto numbers = ls::copy_to_host(view);
    checksum.update(std::as_bytes(std::span(numbers)));
  };
  ls::visit_parameters(std::as_const(model), [&](const ls::Path&, const auto& parameter) { add(parameter.view()); });
  optimizer.visit_moments(model, [&](const std::string&, const auto& moment) { add(moment); });
  return checksum.digits();
}

}  // namespace

int main(int count, char** words) {
  try {
    const Kokkos::ScopeGuard kokkos(count, words);
    const std::uint64_t seed = count > 1 ? std::strtoull(words[1], nullptr, 10) : 1;
    std::printf("%s at %d threads\n", trained(seed, count > 2 ? words[2] : "").c_str(), Space::concurrency());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
