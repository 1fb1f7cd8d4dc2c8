// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <longshore/core/training.hpp>
#include <longshore/data/long_short_views.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/fusers/concat_fuser.hpp>
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/models/long_short_model.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/optimizer.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/scorers/mlp_scorer.hpp>
#include <set>
#include <string>
#include <vector>

#include "../support/golden.hpp"

namespace ls = longshore;

namespace {

using Space = Kokkos::DefaultExecutionSpace;

/// The model of the main example, without dropout.
template <class Real>
using Model =
    ls::LongShortModel<ls::InterestBranch<ls::Lstm<Real, Space>, ls::LastStep<Real, Space>>,
                       ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>>,
                       ls::ConcatFuser<Real, Space>, ls::MlpScorer<Real, Space>>;

/// What PyTorch did in one case: histories, settings, batches, and weights on the way.
struct Steps {
  const Golden& golden;
  std::string name;
  ls::Histories histories;
  bool one_pass, sparse;
  ls::LongShortSettings views;

  Steps(const Golden& all, const std::string& its_name) : golden(all), name(its_name) {
    const auto items = golden.integers(name + "/items"), lengths = golden.integers(name + "/lengths"),
               settings = golden.integers(name + "/settings");
    for (const auto item : items) histories.items.push_back(static_cast<ls::Id>(item));
    for (const auto length : lengths)
      histories.offsets.push_back(histories.offsets.back() + static_cast<std::size_t>(length));
    histories.times.resize(items.size());
    histories.values.resize(items.size());
    one_pass = settings[0] == 1;
    sparse = settings[1] == 1;
    views = {.long_term = {.last = static_cast<ls::Index>(settings[3])},
             .short_term = {.last = static_cast<ls::Index>(settings[4])},
             .short_inside = settings[2] == 0,
             .positions = one_pass ? ls::Positions::one_pass : ls::Positions::separate,
             .from_first_step = one_pass};
  }
  double number(const std::string& which) const { return golden.numbers(name + "/" + which).at(0); }
  int count() const { return golden.shape(name + "/examples")[0]; }

  template <class Real>
  Model<Real> model() const {
    const auto extent = [&](const std::string& which, std::size_t axis) {
      return ls::Index(golden.shape(name + "/before/" + which).at(axis));
    };
    const ls::Index features = extent("items.weights", 1),
                    hidden = extent("long_term.encode.layers.0.weights_hidden", 1);
    const auto layers = golden.integers(name + "/sizes");
    Model<Real> made;
    made.items =
        ls::EmbeddingTable<Real, Space>({.rows = extent("items.weights", 0),
                                         .features = features,
                                         .gradient = sparse ? ls::GradientKind::row_sparse : ls::GradientKind::dense});
    made.long_term.encode = ls::Lstm<Real, Space>({.in = features, .hidden = hidden});
    made.short_term.pool =
        ls::AdditiveAttentionPooling<Real, Space>({.in = features, .hidden = extent("short_term.pool.query", 0)});
    made.fuse = ls::ConcatFuser<Real, Space>({.in = hidden + features});
    made.score =
        ls::MlpScorer<Real, Space>({.interest = hidden + features,
                                    .candidate = features,
                                    .hidden = {static_cast<ls::Index>(layers[0]), static_cast<ls::Index>(layers[1])}});
    ls::visit_parameters(made, [&](const ls::Path& path, auto& parameter) {
      const auto numbers = golden.numbers(name + "/before/" + path.text());
      ls::copy_from_host(std::vector<Real>(numbers.begin(), numbers.end()), parameter.mutable_view());
    });
    return made;
  }

  /// The batch of a step, as the library makes it from the histories.
  void batch(int step, ls::Batch<ls::LongShortViews::Host>& made) const {
    const auto examples = golden.integers(name + "/examples"), candidates = golden.integers(name + "/candidates");
    const auto rows = golden.shape(name + "/candidates")[1], width = golden.shape(name + "/candidates")[2];
    const auto row = [&](int b) { return static_cast<std::size_t>(step * rows + b); };
    std::vector<ls::Example> chosen;
    for (int b = 0; b < rows; ++b)
      chosen.push_back({static_cast<ls::Id>(examples[2 * row(b)]), static_cast<ls::Index>(examples[2 * row(b) + 1])});
    ls::LongShortViews(histories, views).fill(chosen, made);
    const auto ids = made.allocate<ls::Id>(rows, width);
    const auto labels = made.allocate<float>(rows, width);
    for (int b = 0; b < rows; ++b)
      for (int c = 0; c < width; ++c) {
        ids(b, c) =
            static_cast<ls::Id>(candidates[row(b) * static_cast<std::size_t>(width) + static_cast<std::size_t>(c)]);
        labels(b, c) = c == 0 ? 1.0f : 0.0f;
      }
    made.candidates = ids;
    made.labels = labels;
  }
};

/// What the library did in a case.
template <class Real>
struct Trained {
  Model<Real> first, last;                    // after 1 and after all steps
  std::vector<double> losses, norms, scores;  // of each step
};

template <class Real>
Trained<Real> train(const Steps& steps) {
  Model<Real> model = steps.model<Real>();
  ls::Optimizer<ls::Adam, Space> optimizer(
      model, {.rate = steps.number("rate"), .weight_decay = steps.number("weight_decay")});
  ls::Training<Space> context(model);
  ls::Batch<ls::LongShortViews::Host> made;
  ls::Batch<Space> batch;
  Trained<Real> trained;
  for (int step = 0; step < steps.count(); ++step) {
    steps.batch(step, made);
    ls::copy_batch(made, batch);
    context.reset();
    const auto scores = model(context, batch);
    const auto loss = ls::BinaryCrossEntropy{}(context, scores, batch);
    context.backward(loss);
    optimizer.step(model, context, loss);
    optimizer.check();
    trained.losses.push_back(static_cast<double>(ls::copy_to_host(loss.data)[0]));
    trained.norms.push_back(optimizer.status().norm);
    for (const Real score : ls::copy_to_host(scores.data)) trained.scores.push_back(static_cast<double>(score));
    if (step == 0) trained.first = model;
  }
  trained.last = model;
  return trained;
}

/// Largest difference of two arrays, relative to the largest number of the expected one.
template <class Real>
double difference(const std::vector<Real>& actual, const std::vector<double>& expected) {
  REQUIRE(actual.size() == expected.size());
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    REQUIRE(std::isfinite(static_cast<double>(actual[i])));
    worst = std::max(worst, std::abs(static_cast<double>(actual[i]) - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return worst / largest;
}

/// Largest difference of single numbers, each relative to the expected one.
double largest_relative(const std::vector<double>& actual, const std::vector<double>& expected) {
  REQUIRE(actual.size() == expected.size());
  double worst = 0;
  for (std::size_t i = 0; i < actual.size(); ++i)
    worst = std::max(worst, std::abs(actual[i] - expected[i]) / std::abs(expected[i]));
  return worst;
}

}  // namespace

TEST_CASE("P2: in double, every parameter of the main example equals PyTorch's after 1 and after 20 steps") {
  const Golden golden("models/long_short_steps");
  REQUIRE(golden.cases().size() >= 5);
  std::set<std::string> ways;
  for (const auto& name : golden.cases()) {
    CAPTURE(name);
    const Steps steps(golden, name);
    REQUIRE(steps.count() == 20);
    ways.insert(std::string(steps.one_pass ? "one pass" : "separate") + (steps.sparse ? ", sparse" : ", dense"));
    const auto trained = train<double>(steps);
    // No parameter of this model has a true gradient of zero, so none is excepted.
    const auto equal = [&](const Model<double>& model, const std::string& when) {
      int compared = 0;
      ls::visit_parameters(model, [&](const ls::Path& path, const auto& parameter) {
        CAPTURE(when);
        CAPTURE(path.text());
        const auto expected = golden.numbers(name + "/" + when + "/" + path.text());
        CHECK(difference(ls::copy_to_host(parameter.view()), expected) <= 1e-10);
        const bool trains = when == "after_20";
        if (trains) CHECK(difference(golden.numbers(name + "/before/" + path.text()), expected) > 1e-4);
        ++compared;
      });
      CHECK(compared == 14);
    };
    equal(trained.first, "after_1");
    equal(trained.last, "after_20");
    CHECK(largest_relative(trained.losses, golden.numbers(name + "/losses")) <= 1e-10);
    CHECK(largest_relative(trained.norms, golden.numbers(name + "/norms")) <= 1e-10);
    CHECK(difference(trained.scores, golden.numbers(name + "/scores")) <= 1e-10);
  }
  CHECK(ways.size() == 4);
}

TEST_CASE("P2: in float, losses, scores and gradient norms of 20 steps equal PyTorch's to 1e-4") {
  const Golden golden("models/long_short_steps");
  for (const auto& name : golden.cases()) {
    CAPTURE(name);
    const auto trained = train<float>(Steps(golden, name));
    CHECK(largest_relative(trained.losses, golden.numbers(name + "/losses")) <= 1e-4);
    CHECK(largest_relative(trained.norms, golden.numbers(name + "/norms")) <= 1e-4);
    CHECK(difference(trained.scores, golden.numbers(name + "/scores")) <= 1e-4);
  }
}
