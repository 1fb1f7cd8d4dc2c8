// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/named_settings.hpp>

#include <map>
#include <string>

#include <doctest/doctest.h>

#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/losses/bpr.hpp>
#include <longshore/losses/mean_squared_error.hpp>
#include <longshore/losses/sampled_softmax.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/optimizers/adagrad.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/sgd.hpp>

namespace ls = longshore;

namespace {

/// The settings as one text, those of a plain schedule left out.
template <class Rule, class Loss = int>
std::string named(const Rule& rule, const ls::FitSettings& settings = {}, const Loss& loss = {}) {
  const std::map<std::string, std::string> usual{{"clip_norm", "0"},
                                                 {"schedule.kind", "constant"},
                                                 {"schedule.warm_up_steps", "0"},
                                                 {"schedule.final_factor", "0"},
                                                 {"schedule.step_every", "0"},
                                                 {"schedule.decay", "1"}};
  std::string all;
  for (auto& [name, value] : ls::named_settings(loss, rule, settings)) {
    const std::string its = name.starts_with("optimizer.") ? name.substr(10) : "the run's " + name;
    if (const auto found = usual.find(its); found == usual.end() || found->second != value)
      all += (all.empty() ? "" : "; ") + its + " " + value;
  }
  return all;
}

struct OwnLoss {
  static constexpr const char* name = "Own";
};
struct OwnRule {
  double rate = 2;
};

}  // namespace

TEST_CASE("the settings of every rule have names, and numbers that read back as they are") {
  CHECK(named(ls::Adam{.rate = 0.1 + 0.2, .weight_decay = 1e-6}) ==
        "rate 0.30000000000000004; beta1 0.9; beta2 0.999; epsilon 1e-08; weight_decay 1e-06");
  CHECK(named(ls::Sgd{.momentum = 0.5, .nesterov = true}) == "rate 0.01; momentum 0.5; weight_decay 0; nesterov true");
  CHECK(named(ls::Adagrad{}) == "rate 0.01; epsilon 1e-10; weight_decay 0");
  CHECK(named(OwnRule{}) == "rate 2");
}

TEST_CASE("clipping, schedule and groups have names; the length of a run is not among them") {
  using Kind = ls::Schedule::Kind;
  const auto optimizer = [](const ls::OptimizerSettings& settings) {
    return named(OwnRule{}, {.epochs = 7, .optimizer = settings, .stop_early = {.patience = 2}});
  };
  CHECK(optimizer({.clip_norm = 0.5, .schedule = {.kind = Kind::cosine, .total_steps = 28}}) ==
        "rate 2; clip_norm 0.5; schedule.kind cosine");
  CHECK(optimizer({.schedule = {.kind = Kind::step, .warm_up_steps = 5, .step_every = 3, .decay = 0.5}}) ==
        "rate 2; schedule.kind step; schedule.warm_up_steps 5; schedule.step_every 3; schedule.decay 0.5");
  CHECK(optimizer({.schedule = {.kind = Kind::exponential, .final_factor = 0.25}}) ==
        "rate 2; schedule.kind exponential; schedule.final_factor 0.25");
  CHECK(optimizer({.groups = {{.pattern = "items.*", .rate = 0.1, .weight_decay = 0}, {"taste.*", {}, {}, true}}}) ==
        "rate 2; groups.1 items.*, rate 0.1, weight_decay 0; groups.2 taste.*, frozen");
}

TEST_CASE("the loss, if it has a name, and the user's configuration come after them") {
  CHECK(named(OwnRule{}, {.configuration = {{"dropout", "0.2"}, {"", ""}}}, OwnLoss{}) ==
        "rate 2; the run's loss Own; the run's dropout 0.2; the run's  ");
}

TEST_CASE("every setting of every loss has a name, also where the loss is chosen at run time") {
  const auto of = [](const auto& loss) { return named(OwnRule{}, {}, loss).substr(std::string("rate 2; ").size()); };
  constexpr auto sum = ls::Reduction::sum;
  CHECK(of(ls::BinaryCrossEntropy{}) == "the run's loss BinaryCrossEntropy; the run's loss.reduction mean");
  CHECK(of(ls::Bpr{.reduction = sum}) == "the run's loss Bpr; the run's loss.reduction sum");
  CHECK(of(ls::MeanSquaredError{}) == "the run's loss MeanSquaredError; the run's loss.reduction mean");
  CHECK(of(ls::SampledSoftmax{.remove_hits = false}) ==
        "the run's loss SampledSoftmax; the run's loss.reduction mean; the run's loss.remove_hits false");
  CHECK(of(ls::SoftmaxCrossEntropy{.reduction = sum, .unknown_row = true}) ==
        "the run's loss SoftmaxCrossEntropy; the run's loss.reduction sum; the run's loss.unknown_row true");
  using Any = ls::AnyOf<ls::BinaryCrossEntropy, ls::Bpr, ls::SampledSoftmax>;
  CHECK(of(Any(ls::Bpr{.reduction = sum})) == of(ls::Bpr{.reduction = sum}));
  CHECK(of(Any(ls::SampledSoftmax{})) == of(ls::SampledSoftmax{}));
}
