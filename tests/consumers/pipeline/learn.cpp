// SPDX-License-Identifier: Apache-2.0
#include "pipeline.hpp"

#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/training.hpp>
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/optimizer.hpp>

namespace {

constexpr ls::Index users = 32, length = 6, choices = 4;

template <class T, class... Extents>
auto filled(ls::Batch<Space>& batch, const std::vector<T>& values, Extents... extents) {
  const auto view = batch.template allocate<T>(extents...);
  ls::copy_from_host(values, view);
  return view;
}

/// Users of four groups, each with items of its own: of four candidates the one of the user's group was chosen.
void fill(ls::Batch<Space>& batch, ls::Id count) {
  const ls::Id group = count / choices;
  std::vector<ls::Id> steps, candidates;
  std::vector<float> labels;
  std::vector<ls::Index> offsets = {0}, recent_begin, recent_pairs = {0};
  for (ls::Index user = 0; user < users; ++user) {
    const ls::Id own = user % choices;
    for (ls::Index step = 0; step < length; ++step) steps.push_back(own * group + (user + step) % group);
    for (ls::Id choice = 0; choice < choices; ++choice) {
      candidates.push_back(choice * group + (user + length) % group);
      labels.push_back(choice == own ? 1.0F : 0.0F);
    }
    offsets.push_back((user + 1) * length);
    recent_begin.push_back((user + 1) * length - 2);
    recent_pairs.push_back((user + 1) * 2);
  }
  batch.users = batch.template allocate<ls::Id>(users);
  batch.history.items = filled(batch, steps, users * length);
  batch.history.offsets = {filled(batch, offsets, users + 1), length};
  batch.long_term = ls::Windows<Space>(batch.history.offsets, users * length);
  batch.short_term = ls::Windows<Space>(filled(batch, recent_begin, users), batch.long_term.end,
                                        filled(batch, recent_pairs, users + 1), users * 2, 2);
  batch.candidates = filled(batch, candidates, users, choices);
  batch.labels = filled(batch, labels, users, choices);
}

}  // namespace

Losses learn(Pipeline& model, ls::Id count, int steps) {
  ls::Batch<Space> batch;
  fill(batch, count);
  ls::Training<Space> context(model, ls::Random(1));
  ls::Optimizer<ls::Adam, Space> optimizer(model, {.rate = 0.03});
  const ls::BinaryCrossEntropy criterion;
  Losses losses = {};
  for (int step = 0; step < steps; ++step) {
    context.reset();
    const auto loss = criterion(context, model(context, batch), batch);
    losses.last = ls::copy_to_host(loss.data)[0];
    if (step == 0) losses.first = losses.last;
    context.backward(loss);
    optimizer.step(model, context, loss);
    optimizer.check();
  }
  return losses;
}
