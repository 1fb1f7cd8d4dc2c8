// SPDX-License-Identifier: Apache-2.0

// A whole recommender: a taste by target attention over the embedded steps, an intent by target attention over the
// states of an LSTM, joined and scored by a perceptron. One training step, and one request.
#include "bench_case.hpp"

namespace {

using Target = ls::TargetAttentionPooling<Real, Space>;
using Model = ls::LongShortModel<ls::InterestBranch<ls::NoEncoder<Real, Space>, Target>,
                                 ls::InterestBranch<ls::Lstm<Real, Space>, Target>, ls::ConcatFuser<Real, Space>,
                                 ls::MlpScorer<Real, Space>>;

Model model(const Inputs& inputs) {
  const ls::Index features = inputs.extent("model.items.weights", 1);
  Model made;
  made.items = ls::EmbeddingTable<Real, Space>({.rows = inputs.extent("model.items.weights", 0),
                                                .features = features,
                                                .gradient = ls::GradientKind::row_sparse});
  made.long_term.pool = Target({.features = features});
  made.short_term.encode = ls::Lstm<Real, Space>({.in = features, .hidden = features});
  made.short_term.pool = Target({.features = features});
  made.fuse = ls::ConcatFuser<Real, Space>({.in = 2 * features});
  made.score = ls::MlpScorer<Real, Space>({.interest = 2 * features, .candidate = features, .hidden = {100, 64}});
  inputs.fill(made, "model");
  return made;
}

/// Histories, candidates and labels of the inputs.
struct Examples {
  Ragged ragged;
  ls::Tensor<ls::Id, 1, Space> items, users;
  ls::Tensor<ls::Id, 2, Space> candidates;
  ls::Tensor<float, 2, Space> labels;
  ls::Batch<Space> batch;

  explicit Examples(const Inputs& inputs)
      : ragged(inputs),
        items(inputs.tensor<ls::Id, 1, std::int64_t>("ids")),
        users(ragged.offsets().count()),
        candidates(inputs.tensor<ls::Id, 2, std::int64_t>("candidates")),
        labels(inputs.tensor<float, 2>("labels")) {
    batch.users = users.view();
    batch.history.items = items.view();
    batch.history.offsets = ragged.offsets();
    batch.long_term = batch.short_term = ragged.windows();
    batch.candidates = candidates.view();
    batch.labels = labels.view();
  }
};

class TrainingStep final : public BenchCase {
 public:
  explicit TrainingStep(const Inputs& inputs)
      : model_(model(inputs)), examples_(inputs), optimizer_(model_, ls::Adam{.rate = 1e-3}), context_(model_) {}
  void run() override {
    context_.reset();
    const auto scores = model_(context_, examples_.batch);
    const auto loss = ls::BinaryCrossEntropy{}(context_, scores, examples_.batch);
    context_.backward(loss);
    optimizer_.step(model_, context_, loss);
    context_.fence();
    scores_ = scores.data;
    loss_ = loss.data;
  }
  Outputs outputs() override {
    return {{"scores", ls::copy_to_host(scores_)},
            {"loss", ls::copy_to_host(loss_)},
            {"first_weights", ls::copy_to_host(model_.score.mlp.layers[0].weights.view())}};
  }

 private:
  Model model_;
  Examples examples_;
  ls::Optimizer<ls::Adam, Space> optimizer_;
  ls::Training<Space> context_;
  ls::View<Real, 2, Space> scores_;
  ls::View<Real, 1, Space> loss_;
};

template <class Executor>
class Request final : public BenchCase {
 public:
  explicit Request(const Inputs& inputs) : model_(model(inputs)), examples_(inputs) {}
  void run() override {
    context_.reset();
    scores_ = model_(context_, examples_.batch).data;
    context_.fence();
  }
  Outputs outputs() override { return {{"scores", ls::copy_to_host(scores_)}}; }

 private:
  const Model model_;
  Examples examples_;
  ls::Inference<Space, Executor> context_;
  ls::View<Real, 2, Space> scores_;
};

}  // namespace

void add_models(Cases& cases) {
  cases["step"] = [](const Inputs& inputs) { return std::make_unique<TrainingStep>(inputs); };
  cases["request"] = [](const Inputs& inputs) -> std::unique_ptr<BenchCase> {
    if constexpr (ls::is_host_space<Space>)
      return std::make_unique<Request<ls::Inline>>(inputs);
    else
      return std::make_unique<Request<Space>>(inputs);
  };
}
