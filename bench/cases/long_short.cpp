// SPDX-License-Identifier: Apache-2.0

// Epochs of the main example on MovieLens 100K, as `fit` trains them: batches are made meanwhile, on a thread of its own.
// Two ways: the twin's windows, one history each, and whole histories in one pass.
#include "bench_case.hpp"

namespace {

template <class Fuse, class Score>
using Model =
    ls::LongShortModel<ls::InterestBranch<ls::Lstm<Real, Space>, ls::LastStep<Real, Space>>,
                       ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>>, Fuse,
                       Score>;

/// A model with the weights of the inputs, but for its fuser and scorer.
template <class M>
M model_of(const Inputs& inputs, double dropout) {
  const ls::Index width = inputs.extent("model.items.weights", 1);
  M made;
  made.items = ls::EmbeddingTable<Real, Space>({.rows = inputs.extent("model.items.weights", 0),
                                                .features = width,
                                                .gradient = ls::GradientKind::dense});  // Adam then updates all rows
  made.dropout = ls::Dropout<Real, Space>({.rate = dropout});
  made.long_term.encode = ls::Lstm<Real, Space>({.in = width, .hidden = width});
  made.short_term.pool = ls::AdditiveAttentionPooling<Real, Space>({.in = width, .hidden = width});
  return made;
}

/// The definition of bench/long_short_twin.py: the last 50 items and the last 10, four negatives, a perceptron.
struct SameWindows {
  using Type = Model<ls::ConcatFuser<Real, Space>, ls::MlpScorer<Real, Space>>;
  static constexpr bool is_the_twin = true;
  static constexpr double dropout = 0.2;
  static constexpr ls::Adam rule{.rate = 1e-3};
  ls::BinaryCrossEntropy loss;
  ls::LongShortSettings views{.long_term = {.last = 50}, .short_term = {.last = 10}};
  ls::LongShortBatchSettings batches{.size = 256, .negatives = {.count = 4}};

  static Type model(const Inputs& inputs, double rate) {
    Type made = model_of<Type>(inputs, rate);
    const ls::Index width = made.items.features();
    made.score =
        ls::MlpScorer<Real, Space>({.interest = 2 * width, .candidate = width, .hidden = {100, 64}, .dropout = rate});
    inputs.fill(made, "model");
    return made;
  }
  static auto scores(auto& context, const Type& model, const auto& batch) { return model(context, batch); }
};

/// The setting `better` of scripts/quality: every position of a history in one walk, softmax over all items, twice as wide.
struct OnePass {
  using Type = Model<ls::ConcatFuser<Real, Space>, ls::DotProductScorer<Real, Space>>;
  static constexpr bool is_the_twin = false;
  static constexpr double dropout = 0.5;
  static constexpr ls::Adam rule{.rate = 3e-3, .weight_decay = 1e-6};
  ls::SoftmaxCrossEntropy loss;
  ls::LongShortSettings views{
      .long_term = {}, .short_term = {.last = 10}, .positions = ls::Positions::one_pass, .from_first_step = true};
  ls::LongShortBatchSettings batches{.size = 8, .negatives = {.count = 0}};

  static Type model(const Inputs& inputs, double rate) {
    Type made = model_of<Type>(inputs, rate);
    const ls::Index width = made.items.features();
    made.fuse = ls::ConcatFuser<Real, Space>({.in = 2 * width, .out = width});
    inputs.fill(made, "model");
    return made;
  }
  static auto scores(auto& context, const Type& model, const auto& batch) { return model.catalogue(context, batch); }
};

/// Moments of users, from `<name>_users` and `<name>_positions`.
std::vector<ls::Example> examples_of(const Inputs& inputs, const std::string& name) {
  const auto users = inputs.list<std::int64_t>(name + "_users"),
             places = inputs.list<std::int64_t>(name + "_positions");
  std::vector<ls::Example> examples;
  for (std::size_t i = 0; i < users.size(); ++i)
    examples.push_back({static_cast<ls::Id>(users[i]), static_cast<ls::Index>(places[i])});
  return examples;
}

/// Everybody's events but the last `without`.
ls::Histories histories_of(const Inputs& inputs, std::size_t without) {
  const auto items = inputs.list<std::int64_t>("history"), lengths = inputs.list<std::int64_t>("lengths");
  ls::Histories histories;
  auto next = items.begin();
  for (const std::int64_t length : lengths) {
    const auto kept = length - static_cast<std::int64_t>(without);
    for (std::int64_t i = 0; i < kept; ++i) histories.items.push_back(static_cast<ls::Id>(next[i]));
    histories.offsets.push_back(histories.items.size());
    next += length;
  }
  histories.times.resize(histories.items.size());  // the windows are of steps
  histories.values.resize(histories.items.size());
  return histories;
}

template <class Way>
class Epoch final : public BenchCase {
 public:
  explicit Epoch(const Inputs& inputs)
      : all_(histories_of(inputs, 0)),
        train_(histories_of(inputs, 2)),
        model_(Way::model(inputs, Way::dropout)),
        batches_(ls::LongShortViews(all_, way_.views), examples_of(inputs, "epoch"),
                 inputs.extent("model.items.weights", 0), train_, way_.batches) {
    take_given_steps(inputs);
  }
  void run() override { last_loss_ = ls::fit(model_, batches_, way_.loss, Way::rule, {.epochs = 1}).epochs[0].loss; }
  Outputs outputs() override {
    Outputs all{{"scores", scores_}, {"losses", losses_}};
    if (Way::is_the_twin) all.emplace_back("epoch_loss", std::vector<Real>{static_cast<Real>(last_loss_)});
    return all;
  }

 private:
  /// Steps on the candidates of the inputs, (steps, B, C), without dropout: they can be compared number by number.
  void take_given_steps(const Inputs& inputs) {
    auto model = Way::model(inputs, 0);
    const auto candidates = inputs.list<std::int64_t>("candidates");
    const auto moments = examples_of(inputs, "given");
    const ls::Index steps = inputs.extent("candidates", 0), rows = inputs.extent("candidates", 1);
    const ls::Index width = inputs.extent("candidates", 2);
    const auto at_once = static_cast<std::size_t>(rows);
    const ls::LongShortViews views(all_, way_.views);
    ls::Optimizer<ls::Adam, Space> optimizer(model, Way::rule);
    ls::Training<Space> context(model);
    ls::Batch<ls::LongShortViews::Host> made;
    ls::Batch<Space> batch;
    for (ls::Index step = 0; step < steps; ++step) {
      views.fill(std::span(moments).subspan(static_cast<std::size_t>(step) * at_once, at_once), made);
      const auto ids = made.allocate<ls::Id>(rows, width);
      const auto labels = made.allocate<float>(rows, width);
      for (ls::Index b = 0; b < rows; ++b)
        for (ls::Index c = 0; c < width; ++c) {
          ids(b, c) = static_cast<ls::Id>(candidates[static_cast<std::size_t>((step * rows + b) * width + c)]);
          labels(b, c) = c == 0 ? 1.0F : 0.0F;
        }
      made.candidates = ids;
      made.labels = labels;
      ls::copy_batch(made, batch);
      context.reset();
      const auto scores = Way::scores(context, std::as_const(model), batch);
      for (const Real score : ls::copy_to_host(scores.data)) scores_.push_back(score);
      const auto loss = ls::loss_of(context, std::as_const(model), way_.loss, batch);
      context.backward(loss);
      optimizer.step(model, context, loss);
      optimizer.check();
      losses_.push_back(ls::copy_to_host(loss.data)[0]);
    }
  }

  Way way_;
  ls::Histories all_, train_;
  typename Way::Type model_;
  ls::LongShortBatches batches_;
  std::vector<Real> scores_, losses_;
  double last_loss_ = 0;
};

}  // namespace

void add_long_short(Cases& cases) {
  cases["long_short.same_windows"] = [](const Inputs& inputs) { return std::make_unique<Epoch<SameWindows>>(inputs); };
  cases["long_short.one_pass"] = [](const Inputs& inputs) { return std::make_unique<Epoch<OnePass>>(inputs); };
}
