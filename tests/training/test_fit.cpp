// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/losses/bpr.hpp>
#include <longshore/losses/mean_squared_error.hpp>
#include <longshore/losses/sampled_softmax.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/training/fit.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/small_training.hpp"
#include "tests/support/spaces.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

using Space = Kokkos::Serial;
using Model = test::SmallModel<float, Space>;
using Validation = std::function<double(const Model&)>;
constexpr ls::Adam adam{.rate = 0.05};
constexpr ls::BinaryCrossEntropy loss;

ls::FitReport fit(Model& model, const test::SmallBatches& batches, const ls::FitSettings& settings) {
  return ls::fit(model, batches, loss, adam, settings);
}
ls::FitReport fit(Model& model, const test::SmallBatches& batches, const ls::FitSettings& settings,
                  const Validation& validate) {
  return ls::fit(model, batches, loss, adam, settings, validate);
}

/// The loop of `fit` as a user would write it.
template <class Real, class Where>
struct ByHand {
  std::vector<std::vector<double>> weights;  // before the first step, and after each
  std::vector<double> losses, norms;

  ByHand(test::SmallModel<Real, Where> model, const test::SmallBatches& batches, std::size_t epochs,
         const ls::FitSettings& settings) {
    ls::Optimizer<ls::Adam, Where> optimizer(model, adam, settings.optimizer);
    ls::Training<Where> context(std::as_const(model), ls::Random(settings.seed).stream("fit"));
    test::SmallBatches::batch_type made;
    ls::Batch<Where> batch;
    weights.push_back(test::weights_of(model));
    for (std::size_t epoch = 0; epoch < epochs; ++epoch)
      for (std::size_t i = 0; i < batches.size(); ++i) {
        batches(epoch, i, made);
        ls::copy_batch(made, batch);
        context.reset();
        context.set_step(losses.size());
        const auto value = loss(context, model(context, batch), batch);
        context.backward(value);
        optimizer.step(model, context, value);
        losses.push_back(static_cast<double>(ls::copy_to_host(value.data)[0]));
        norms.push_back(optimizer.status().norm);
        weights.push_back(test::weights_of(model));
      }
  }
};

/// Validation values given in advance; with the weights that each was given for.
struct Script {
  std::vector<double> values;
  std::vector<std::vector<double>> weights = {};
  Validation call() {
    return [this](const Model& model) {
      weights.push_back(test::weights_of(model));
      return values.at(weights.size() - 1);
    };
  }
};

/// A callback that gives up.
struct GivenUp : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace

TEST_CASE_TEMPLATE("fit takes the steps of a loop that is written by hand: P4, the same bits on every space", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  const test::SmallBatches batches(3);
  test::SmallModel<Real, typename Where::Space> model(1);
  ls::FitSettings settings;
  settings.epochs = 3;
  settings.seed = 8;
  settings.optimizer.clip_norm = 0.1;
  settings.optimizer.schedule = {.kind = ls::Schedule::Kind::exponential, .decay = 0.97};
  const ByHand<Real, typename Where::Space> expected(model, batches, 3, settings);
  std::vector<double> losses;
  std::vector<std::int64_t> steps;
  settings.on_step = [&](std::int64_t step, double value) {
    steps.push_back(step);
    losses.push_back(value);
  };
  const ls::FitReport report = ls::fit(model, batches, loss, adam, settings);

  CHECK(losses == expected.losses);
  CHECK(test::weights_of(model) == expected.weights.back());
  REQUIRE(steps.size() == 21);
  for (std::size_t step = 0; step < 21; ++step) CHECK(steps[step] == static_cast<std::int64_t>(step));
  CHECK(report.steps == 21);
  CHECK(report.best_epoch == 0);
  CHECK_FALSE(report.interrupted);
  CHECK(report.scratch_bytes > 0);
  REQUIRE(report.epochs.size() == 3);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    const ls::EpochRecord& record = report.epochs[epoch];
    double mean = 0;
    for (std::size_t i = 0; i < 7; ++i) mean += losses[7 * epoch + i];
    CHECK(record.epoch == static_cast<std::int64_t>(epoch) + 1);
    CHECK(record.loss == doctest::Approx(mean / 7));
    CHECK(record.gradient_norm == expected.norms[7 * epoch + 6]);
    CHECK(record.rate == doctest::Approx(0.05 * std::pow(0.97, 7 * epoch + 6)));
    CHECK(std::isnan(record.validation));
    CHECK(record.seconds > 0);
    CHECK(record.examples_per_second == doctest::Approx(54 / record.seconds));
  }
  const test::SmallModel<Real, Kokkos::Serial> first(1);
  CHECK(test::weights_of(model) == ByHand<Real, Kokkos::Serial>(first, batches, 3, settings).weights.back());
}

TEST_CASE("a seed gives the same batches in the same order, in every epoch another one; another seed others") {
  const auto candidates = [](std::uint64_t seed) {
    test::SmallBatches batches(seed);
    std::vector<std::vector<ls::Id>> epochs(2);
    batches.after = [&](std::size_t epoch, std::size_t, auto& batch) {
      for (const ls::Id id : ls::copy_to_host(batch.candidates)) epochs[epoch].push_back(id);
    };
    Model model(1);
    fit(model, batches, {.epochs = 2});
    return epochs;
  };
  const auto first = candidates(1), again = candidates(1), other = candidates(2);
  CHECK(first[0].size() == 54 * 3);
  CHECK(first == again);
  CHECK(first[0] != first[1]);
  CHECK(first[0] != other[0]);
  const auto targets = [](const std::vector<ls::Id>& all) {
    std::vector<ls::Id> some;
    for (std::size_t i = 0; i < all.size(); i += 3) some.push_back(all[i]);
    std::sort(some.begin(), some.end());
    return some;
  };
  CHECK(targets(first[0]) == targets(first[1]));  // every example once an epoch
  CHECK(targets(first[0]) == targets(other[0]));
}

TEST_CASE("a frozen group is frozen for its fit only: in the next one it is trained, and no copy of the model knows") {
  const test::SmallBatches batches;
  Model model(1), best;
  const auto items = [](const Model& of) { return ls::copy_to_host(of.items.weights.view()); };
  const auto start = items(model);
  const Validation validate = [&](const Model& now) {
    best = now;
    return 1.0;
  };
  ls::FitSettings settings{.epochs = 2};
  settings.optimizer.groups = {{.pattern = "items.*", .frozen = true}};
  fit(model, batches, settings, validate);
  CHECK(items(model) == start);
  CHECK(test::weights_of(model) != test::weights_of(Model(1)));
  for (const Model* each : std::vector<const Model*>{&model, &best})
    ls::visit_parameters(*each, [](const ls::Path&, const auto& parameter) { CHECK_FALSE(parameter.frozen); });
  Model again(1);
  const auto weights = test::weights_of(model);
  std::size_t k = 0;
  ls::visit_parameters(again, [&](const ls::Path&, auto& parameter) {
    const auto view = parameter.mutable_view();
    for (std::size_t e = 0; e < parameter.size(); ++e) view.data()[e] = static_cast<float>(weights[k++]);
  });
  fit(model, batches, {.epochs = 2});
  fit(again, batches, {.epochs = 2});
  CHECK(items(model) != start);
  CHECK(test::weights_of(model) == test::weights_of(again));  // as if there had been no group
}

TEST_CASE("fit learns the two tastes, and dropout follows its own seed") {
  const test::SmallBatches batches;
  Model model(1), same(1), other(1);
  const auto report = fit(model, batches, {.epochs = 20, .seed = 1});
  CHECK(report.epochs.front().loss > 0.65);
  CHECK(report.epochs.back().loss < 0.5);
  fit(same, batches, {.epochs = 20, .seed = 1});
  fit(other, batches, {.epochs = 20, .seed = 2});
  CHECK(test::weights_of(same) == test::weights_of(model));
  CHECK(test::weights_of(other) != test::weights_of(model));
}

TEST_CASE("the best weights come back at the end, whether the run stopped early or not") {
  const test::SmallBatches batches;
  const auto run = [&](Script& script, const ls::EarlyStopping& stop_early, Model& model) {
    return fit(model, batches, {.epochs = static_cast<std::int64_t>(script.values.size()), .stop_early = stop_early},
               script.call());
  };
  const std::vector<double> values{0.1, 0.3, 0.2, 0.3, 0.25, 0.6, 0.1, 0.5};
  {
    Script script{values};
    Model model(1);
    const auto report = run(script, {}, model);
    CHECK(report.epochs.size() == 8);
    CHECK_FALSE(report.stopped_early);
    CHECK(report.best_epoch == 6);
    CHECK(report.best_value == 0.6);
    CHECK(test::weights_of(model) == script.weights[5]);
    for (std::size_t epoch = 0; epoch < 8; ++epoch) CHECK(report.epochs[epoch].validation == values[epoch]);
  }
  {
    Script script{values};
    Model model(1);
    const auto report = run(script, {.patience = 3}, model);  // an equal value is no better one
    CHECK(report.epochs.size() == 5);
    CHECK(report.stopped_early);
    CHECK(report.best_epoch == 2);
    CHECK(report.steps == 35);
    CHECK(test::weights_of(model) == script.weights[1]);
  }
  {
    Script script{values};
    Model model(1);
    const auto report = run(script, {.patience = 4}, model);
    CHECK(report.epochs.size() == 8);
    CHECK_FALSE(report.stopped_early);
    CHECK(report.best_epoch == 6);
  }
  {
    Script script{values};
    Model model(1);
    const auto report = run(script, {.patience = 4, .least_gain = 0.45}, model);
    CHECK(report.best_epoch == 1);  // 0.3 was not enough above 0.1
    CHECK(report.epochs.size() == 5);
    CHECK(report.stopped_early);
  }
  {
    Script script{{-3, -2, -4}};  // a loss with its sign turned
    Model model(1);
    CHECK(run(script, {}, model).best_epoch == 2);
    CHECK(test::weights_of(model) == script.weights[1]);
  }
}

TEST_CASE("P12: a validation value that is no number ends the run, naming the epoch, and spares the checkpoint") {
  const test::TemporaryFolder folder;
  const test::SmallBatches batches;
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
    Model model(1), resumed(2);
    Script script{{0.1, bad}}, good{{0.2}};
    std::filesystem::remove(folder / "c");
    const std::string text = error_text<ls::DataError>(
        [&] { fit(model, batches, {.epochs = 4, .checkpoint = folder / "c"}, script.call()); });
    CHECK(has(text, "fit: the validation value of epoch 2 is "));
    CHECK(test::weights_of(model) == script.weights[1]);
    const auto report = fit(resumed, batches, {.epochs = 2, .checkpoint = folder / "c", .resume = true}, good.call());
    CHECK(report.epochs.size() == 2);
    CHECK(good.weights[0] == script.weights[1]);
  }
}

TEST_CASE("P12: a loss or gradient that is not finite is refused wherever it comes, and nothing is lost") {
  const test::TemporaryFolder folder;
  const ls::FitSettings plain{.epochs = 2};
  const ByHand<float, Space> expected(Model(1), test::SmallBatches(), 2, plain);
  for (const std::size_t bad : std::vector<std::size_t>{0, 3, 6, 7, 13})
    for (const float number : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      CAPTURE(bad);
      test::SmallBatches batches;
      batches.after = [&](std::size_t epoch, std::size_t i, auto& batch) {
        if (7 * epoch + i == bad) const_cast<float*>(batch.labels.data())[bad % 3] = number;
      };
      Model model(1);
      std::filesystem::remove(folder / "c");
      const std::string text = error_text<ls::DataError>(
          [&] { fit(model, batches, {.epochs = 2, .checkpoint = folder / "c", .checkpoint_every = 1}); });
      const std::string where = "fit: step " + std::to_string(bad) + ", in epoch " + std::to_string(bad / 7 + 1);
      REQUIRE_MESSAGE(has(text, where + ": Optimizer: the loss is not finite"), text);
      REQUIRE(test::weights_of(model) == expected.weights[bad]);
      batches.after = nullptr;  // the data are mended: the run goes on as if nothing had been
      Model resumed(1);
      const auto report = fit(resumed, batches, {.epochs = 2, .checkpoint = folder / "c", .resume = true});
      REQUIRE(report.steps == 14);
      REQUIRE(test::weights_of(resumed) == expected.weights[14]);
    }
}

TEST_CASE("a stop ends the run after the step at hand, with a checkpoint, and leaves the last weights") {
  const test::TemporaryFolder folder;
  const test::SmallBatches batches;
  const ByHand<float, Space> expected(Model(1), batches, 2, {});
  for (const std::int64_t last : {0, 3, 6, 9}) {
    CAPTURE(last);
    std::stop_source stop;
    Model model(1);
    Script script{{5, 4, 3}};
    const auto path = folder / ("c" + std::to_string(last));
    const auto report = fit(model, batches,
                            {.epochs = 3,
                             .checkpoint = path,
                             .stop = stop.get_token(),
                             .on_step =
                                 [&](std::int64_t step, double) {
                                   if (step == last) stop.request_stop();
                                 }},
                            script.call());
    CHECK(report.interrupted);
    CHECK_FALSE(report.stopped_early);
    CHECK(report.steps == last + 1);
    CHECK(report.epochs.size() == script.weights.size());
    CHECK(test::weights_of(model) == expected.weights[static_cast<std::size_t>(last) + 1]);
    CHECK(ls::SafetensorsReader(path).read<std::int64_t>("position.integers")[1] == (last == 9 ? 3 : last + 1));
  }
}

TEST_CASE("a stop in the middle of a bar ends its line; a stop after the last step of the last epoch stops nothing") {
  std::ostringstream out;
  std::stop_source stop;
  const test::SmallBatches batches;
  Model model(1);
  fit(model, batches,
      {.progress = {.out = &out, .terminal = true},
       .stop = stop.get_token(),
       .on_step = [&](std::int64_t step, double) { step == 2 ? stop.request_stop() : false; }});
  CHECK(out.str().starts_with("\repoch  1/20 [#.........]  14%  loss 0.6"));
  CHECK(out.str().ends_with("\n"));
  std::stop_source late;
  const auto report =
      fit(model, batches, {.epochs = 2, .stop = late.get_token(), .on_epoch = [&](const ls::EpochRecord& record) {
                             if (record.epoch == 2) late.request_stop();
                           }});
  CHECK_FALSE(report.interrupted);
  CHECK(report.epochs.size() == 2);
}

TEST_CASE("callbacks come in order: a checkpoint, the epoch's validation, its line, its callback, another one") {
  const test::TemporaryFolder folder;
  const test::SmallBatches batches;
  std::ostringstream out;
  std::vector<std::string> calls;
  Model model(1);
  const Validation validate = [&](const Model&) {
    calls.push_back("validate");
    return 1.0;
  };
  const auto position = [&] {
    const auto integers = ls::SafetensorsReader(folder / "c").read<std::int64_t>("position.integers");
    return std::to_string(integers[0]) + " epochs, " + std::to_string(integers[1]) + " steps";
  };
  fit(model, batches,
      {.epochs = 2,
       .checkpoint = folder / "c",
       .curves = folder / "curves.csv",
       .progress = {.out = &out, .metric = "HR"},
       .on_epoch =
           [&](const ls::EpochRecord& record) {
             const std::string curves = test::content_of(folder / "curves.csv"), lines = out.str();
             calls.push_back("epoch " + std::to_string(record.epoch) + ", " +
                             std::to_string(std::ranges::count(curves, '\n')) + " rows, " +
                             std::to_string(std::ranges::count(lines, '\n')) + " lines, checkpoint of " + position());
           },
       .on_step =
           [&](std::int64_t step, double) {
             if (step % 7 == 6) calls.push_back("step " + std::to_string(step));
           }},
      validate);
  CHECK(calls == std::vector<std::string>{"step 6", "validate",
                                          "epoch 1, 2 rows, 1 lines, checkpoint of 0 epochs, 7 steps", "step 13",
                                          "validate", "epoch 2, 3 rows, 2 lines, checkpoint of 1 epochs, 7 steps"});
  CHECK(position() == "2 epochs, 0 steps");
  CHECK(has(out.str(), "epoch  1/2  loss 0.6"));
  CHECK(has(out.str(), "  HR 1.0000 *"));
}

TEST_CASE("P14: an exception in a callback, a batch, a loss or the model comes out, and all can be used again") {
  const ByHand<float, Space> expected(Model(1), test::SmallBatches(), 2, {});
  const auto breaks = [&](std::size_t steps,
                          const std::function<void(ls::FitSettings&, test::SmallBatches&, Validation&)>& break_it) {
    test::SmallBatches batches;
    ls::FitSettings settings{.epochs = 2};
    Validation validate = [](const Model&) { return 1.0; };
    break_it(settings, batches, validate);
    Model model(1);
    CHECK_THROWS_WITH_AS(fit(model, batches, settings, validate), "given up", GivenUp);
    CHECK(test::weights_of(model) == expected.weights[steps]);
    const test::SmallBatches whole;
    model = Model(1);
    CHECK(fit(model, whole, {.epochs = 2}).steps == 14);
    CHECK(test::weights_of(model) == expected.weights[14]);
  };
  breaks(4, [](auto& settings, auto&, auto&) {
    settings.on_step = [](std::int64_t step, double) {
      if (step == 3) throw GivenUp("given up");
    };
  });
  breaks(7, [](auto& settings, auto&, auto&) {
    settings.on_epoch = [](const ls::EpochRecord&) { throw GivenUp("given up"); };
  });
  breaks(7, [](auto&, auto&, auto& validate) { validate = [](const Model&) -> double { throw GivenUp("given up"); }; });
  breaks(9, [](auto&, auto& batches, auto&) {
    batches.after = [](std::size_t epoch, std::size_t i, auto&) {
      if (epoch == 1 && i == 2) throw GivenUp("given up");
    };
  });
}

TEST_CASE("P14: a batch that does not fit the loss, or no batch at all, is an error that changes nothing") {
  test::SmallBatches wrong;
  wrong.after = [](std::size_t, std::size_t i, auto& batch) {
    if (i == 2) batch.labels.extents[1] = 1;
  };
  Model model(1);
  const ByHand<float, Space> expected(model, test::SmallBatches(), 1, {});
  CHECK(has(error_text<ls::ShapeError>([&] { fit(model, wrong, {}); }), "BinaryCrossEntropy: labels are 8 x 1"));
  CHECK(test::weights_of(model) == expected.weights[2]);

  const test::SmallBatches none(0, 0);
  const auto before = test::weights_of(model);
  CHECK(error_text<ls::DataError>([&] { fit(model, none, {}); }) == "fit: there are no batches");
  CHECK(error_text<ls::ShapeError>([&] { fit(model, none, {.epochs = -1}); }) == "fit: epochs is at least 0, it is -1");
  CHECK(test::weights_of(model) == before);
  CHECK(error_text<ls::FileError>([&] { fit(model, wrong, {.checkpoint = "absent/c"}); }) ==
        "fit: absent is no directory; make it for the checkpoint first");
  CHECK(test::weights_of(model) == before);  // and not after an epoch
  const test::TemporaryFolder folder;
  CHECK(has(error_text<ls::FileError>([&] { fit(model, wrong, {.checkpoint = folder.path()}); }),
            folder.path().string() + " exists and is not a regular file"));
  CHECK(test::weights_of(model) == before);
  fit(model, test::SmallBatches(), {.epochs = 0, .checkpoint = folder / "c"});
  CHECK(folder.names().empty());     // it was only tried
  const std::string name(300, 'x');  // longer than any file may be called
  CHECK(has(error_text<ls::FileError>([&] { fit(model, wrong, {.checkpoint = name, .resume = true}); }),
            "File name too long"));
}

TEST_CASE("P14: a run is not resumed with other batches than it was trained with; what differs is named") {
  const test::TemporaryFolder folder;
  const test::SmallBatches batches, another_seed(1), more_users(0, 10, 9);  // 7 batches each
  REQUIRE(more_users.size() == batches.size());
  const ls::FitSettings one{.epochs = 1, .checkpoint = folder / "c"};
  const ls::FitSettings two{.epochs = 2, .checkpoint = folder / "c", .resume = true};
  Model model(1);
  fit(model, batches, one);
  const auto before = test::weights_of(model);
  const auto refusal = [&](const test::SmallBatches& others) {
    return error_text<ls::FileError>([&] { fit(model, others, two); });
  };
  CHECK(has(refusal(another_seed), "; batch seed: \"0\" in the run, 1 here; checksum of the "));
  CHECK(has(refusal(more_users), "; examples: \"54\" in the run, 60 here; batch size: \"8\" in the run, 9 here"));
  CHECK(test::weights_of(model) == before);
  CHECK(fit(model, batches, two).epochs.size() == 2);
}

TEST_CASE("P14: a run is not resumed with another optimiser, loss or configuration; what differs is named") {
  const test::TemporaryFolder folder;
  const test::SmallBatches batches;
  const ls::FitSettings one{.epochs = 1, .checkpoint = folder / "c", .configuration = {{"dropout", "0.1"}}};
  ls::FitSettings two = one;
  two.resume = true;
  two.epochs = 2;
  Model model(1), again(2);
  fit(model, batches, one);
  const auto before = test::weights_of(again);
  const auto refusal = [&](const ls::FitSettings& settings, const auto& another, const auto& rule) {
    const std::string text = error_text<ls::FileError>([&] { ls::fit(again, batches, another, rule, settings); });
    CHECK(test::weights_of(again) == before);
    CHECK_MESSAGE(has(text, ": the run had other settings; FitSettings::resume_changed goes on with the new ones; "),
                  text);
    return text;
  };
  const ls::BinaryCrossEntropy bce;
  CHECK(has(refusal(two, bce, ls::Adam{.rate = 0.5, .weight_decay = 0.3}),
            "new ones; optimizer.rate: \"0.05\" in the run, \"0.5\" here; optimizer.weight_decay: \"0\" in the run, "
            "\"0.3\" here"));
  CHECK(has(refusal(two, ls::Bpr{}, adam), "; loss: \"BinaryCrossEntropy\" in the run, \"Bpr\" here"));
  const ls::BinaryCrossEntropy summed{.reduction = ls::Reduction::sum};
  CHECK(has(refusal(two, summed, adam), "new ones; loss.reduction: \"mean\" in the run, \"sum\" here"));
  CHECK(has(refusal(two, ls::AnyOf<ls::BinaryCrossEntropy, ls::Bpr>(summed), adam),
            "new ones; loss.reduction: \"mean\" in the run, \"sum\" here"));
  ls::FitSettings other = two;
  other.optimizer = {.clip_norm = 1, .schedule = {.kind = ls::Schedule::Kind::cosine, .total_steps = 99}};
  CHECK(has(refusal(other, bce, adam),
            "new ones; optimizer.clip_norm: \"0\" in the run, \"1\" here; "
            "optimizer.schedule.kind: \"constant\" in the run, \"cosine\" here"));
  other = two;
  other.configuration = {{"layers", "2"}};
  CHECK(has(refusal(other, bce, adam),
            "new ones; layers: none in the run, \"2\" here; \"dropout\": \"0.1\" in the run, none here"));
  // Asked for, the new ones hold, and are in the next checkpoint.
  other.resume_changed = true;
  CHECK(fit(again, batches, other).epochs.size() == 2);
  other.resume_changed = false;
  other.epochs = 3;
  CHECK(fit(again, batches, other).epochs.size() == 3);
}

TEST_CASE("P11: a batch with an item that the model's table does not have is refused before the step") {
  const test::SmallBatches batches;
  Model small(1, 0, 11);
  const auto before = test::weights_of(small);
  const std::string text = error_text<ls::DataError>([&] { fit(small, batches, {}); });
  CHECK(text.starts_with("fit: items of the history: id 11 at position "));
  CHECK(text.ends_with(" is outside the table of 11 rows, in batch 1 of epoch 1"));
  CHECK(test::weights_of(small) == before);
}

TEST_CASE("a batch with windows out of order is refused before the step, also where the model does not pool them") {
  test::SmallBatches batches;
  batches.after = [](std::size_t, std::size_t, test::SmallBatches::batch_type& batch) {
    const auto& windows = batch.short_term;
    const_cast<ls::Index*>(windows.begin.data())[windows.count() - 1] = 0;
    const_cast<ls::Index*>(windows.end.data())[windows.count() - 1] = 1;
  };
  Model model(1);
  const auto before = test::weights_of(model);
  CHECK(has(error_text<ls::DataError>([&] { fit(model, batches, {}); }), "neither begins nor ends may decrease"));
  CHECK(test::weights_of(model) == before);
}

TEST_CASE("one user, one example and batches larger than the data train; no epochs leave the model as it is") {
  Model model(1);
  const test::SmallBatches one_user(0, 1, 1000);
  CHECK(one_user.size() == 1);
  const auto report = fit(model, one_user, {.epochs = 30});
  CHECK(report.steps == 30);
  CHECK(report.epochs.back().loss < report.epochs.front().loss);

  const auto before = test::weights_of(model);
  Script script{{}};
  const auto none = fit(model, one_user, {.epochs = 0}, script.call());
  CHECK(none.epochs.empty());
  CHECK(none.steps == 0);
  CHECK(test::weights_of(model) == before);
}

namespace {

/// A model whose catalogue is a product, with a row for unknown ids.
template <class Real, class Where>
struct WholeCatalogue : test::SmallModel<Real, Where> {
  WholeCatalogue() : test::SmallModel<Real, Where>(1) {
    this->items = ls::EmbeddingTable<Real, Where>({.rows = 12, .features = 4, .unknown_row = true}, ls::Random(1));
  }
  bool sees_candidates() const { return false; }
  ls::Matrix<Real, Where> interest(auto& context, const auto& batch) const {
    const auto history = this->dropout(context, this->items(context, batch.history));
    return this->taste(context, this->pool(context, {history, batch.long_term}));
  }
  ls::Matrix<Real, Where> catalogue(auto& context, const auto& batch) const {
    const ls::Interest<Real, Where> of_users(interest(context, batch));
    return this->score.catalogue(context, of_users, this->items.whole(context));
  }
};

}  // namespace

TEST_CASE("fit over the whole catalogue takes the loss as it is; targets are candidate 0, the unknown row is no item") {
  const test::SmallBatches batches;
  WholeCatalogue<float, Space> model, by_hand;
  const auto last_row = [](const auto& of) {
    const auto rows = ls::copy_to_host(of.items.weights.view());
    return std::vector<float>(rows.end() - 4, rows.end());
  };
  const auto before = last_row(model);
  std::vector<double> losses, expected;
  const auto note = [&](std::int64_t, double value) { losses.push_back(value); };
  const auto report =
      ls::fit(model, batches, ls::SoftmaxCrossEntropy{}, adam, {.epochs = 10, .seed = 4, .on_step = note});
  CHECK(report.epochs.front().loss > 2.2);  // log 12 is 2.48
  CHECK(report.epochs.back().loss < 1.9);   // log 6 is 1.79
  CHECK(last_row(model) == before);

  ls::Optimizer<ls::Adam, Space> optimizer(by_hand, adam);
  ls::Training<Space> context(by_hand, ls::Random(4).stream("fit"));
  test::SmallBatches::batch_type made;
  ls::Batch<Space> batch;
  for (std::size_t step = 0; step < 14; ++step) {
    batches(step / 7, step % 7, made);
    ls::copy_batch(made, batch);
    context.reset();
    context.set_step(step);
    std::vector<ls::Id> targets;
    for (ls::Index b = 0; b < batch.size(); ++b) targets.push_back(batch.candidates(b, 0));
    auto items = by_hand.items.whole(context);
    const auto known = ls::make_value<float>(context, 12, 4);  // all but the last row
    std::copy_n(items.data.data(), 48, known.data.data());
    context.record(known, [known, items](auto& c) {
      const auto to = c.gradient_to(items);
      std::fill_n(std::copy_n(c.gradient_of(known).data(), 48, to.view.data()), 4, 0.0f);
    });
    const auto value = ls::SoftmaxCrossEntropy{}(
        context, by_hand.interest(context, batch), known,
        ls::View<const ls::Id, 1, Space>(targets.data(), static_cast<ls::Index>(targets.size())));
    context.backward(value);
    optimizer.step(by_hand, context, value);
    expected.push_back(static_cast<double>(value.data(0)));
  }
  for (std::size_t step = 0; step < 14; ++step) CHECK(losses[step] == doctest::Approx(expected[step]).epsilon(1e-4));
}

namespace {

/// Two tastes with values from 1 to 5, and a column "dwell": 0, 0.5 or 1.
ls::Histories rated_histories() {
  ls::Histories all = test::histories_of_two_tastes(9);
  auto dwell = xt::xtensor<float, 1>::from_shape({all.size()});
  for (std::size_t n = 0; n < all.size(); ++n) {
    all.values[n] = static_cast<float>(1 + n % 5);
    dwell.data()[n] = static_cast<float>(n % 3) / 2;
  }
  all.columns.set<float>("dwell", dwell);
  return all;
}

}  // namespace

TEST_CASE("sample weights come from a column of the log and reach every loss that takes them, as it is written out") {
  const ls::Histories all = rated_histories();
  const test::SmallBatches batches(rated_histories(),
                                   {.size = 8, .shuffle = false, .negatives = {.count = 2}, .weights = "dwell"});
  test::SmallBatches::batch_type made;
  batches(0, 1, made);
  ls::Batch<Space> batch;
  ls::copy_batch(made, batch);
  const WholeCatalogue<float, Space> model;
  ls::Inference<Space> context;
  const auto scores = model(context, batch);
  const auto logits = model.catalogue(context, batch);
  double bce = 0, mse = 0, bpr = 0, sampled = 0, whole = 0;
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  for (ls::Index b = 0; b < 8; ++b) {
    const ls::Id positive = batch.candidates(b, 0);
    const std::size_t user = static_cast<std::size_t>(8 + b) / 6;  // 6 examples each, from the second event on
    const std::size_t event = 7 * user + static_cast<std::size_t>(8 + b) % 6 + 1;
    REQUIRE(all.items[event] == positive);
    const double weight = static_cast<double>(event % 3) / 2;
    const auto x = [&](ls::Index c) { return static_cast<double>(scores.data(b, c)); };
    double some = std::exp(x(0)), every = 0;
    for (ls::Index c = 0; c < 3; ++c) {
      const double y = c == 0 ? 1 : 0;
      bce += weight * (softplus(x(c)) - x(c) * y) / 24;
      mse += weight * (x(c) - y) * (x(c) - y) / 24;
      if (c > 0) bpr += weight * softplus(x(c) - x(0)) / 16;
      if (c > 0 && batch.candidates(b, c) != positive) some += std::exp(x(c));
    }
    sampled += weight * (std::log(some) - x(0)) / 8;
    for (ls::Id i = 0; i < 12; ++i) every += std::exp(static_cast<double>(logits.data(b, i)));
    whole += weight * (std::log(every) - static_cast<double>(logits.data(b, positive))) / 8;
  }
  const auto value = [&](const auto& of) {
    return static_cast<double>(ls::loss_of(context, model, of, batch).data(0));
  };
  CHECK(value(ls::BinaryCrossEntropy{}) == doctest::Approx(bce).epsilon(1e-5));
  CHECK(value(ls::MeanSquaredError{}) == doctest::Approx(mse).epsilon(1e-5));
  CHECK(value(ls::Bpr{}) == doctest::Approx(bpr).epsilon(1e-5));
  CHECK(value(ls::SampledSoftmax{}) == doctest::Approx(sampled).epsilon(1e-5));
  CHECK(value(ls::SoftmaxCrossEntropy{}) == doctest::Approx(whole).epsilon(1e-5));

  Model trained(1, 0), alike(1, 0);
  std::vector<double> losses;
  const auto note = [&](std::int64_t, double x) { losses.push_back(x); };
  fit(trained, batches, {.epochs = 1, .on_step = note});
  const ByHand<float, Space> expected(alike, batches, 1, {});
  CHECK(losses == expected.losses);
  const test::SmallBatches plain(rated_histories(), {.size = 8, .shuffle = false, .negatives = {.count = 2}});
  fit(alike, plain, {.epochs = 1});
  CHECK(test::weights_of(trained) != test::weights_of(alike));
}

TEST_CASE("the log's values are the labels of a rating model: the squared error falls below that of their mean") {
  const test::SmallBatches batches(rated_histories(),
                                   {.size = 8, .negatives = {.count = 0}, .labels = ls::TargetLabels::value});
  Model model(1, 0);
  std::vector<double> losses;
  const auto note = [&](std::int64_t, double x) { losses.push_back(x); };
  test::SmallBatches::batch_type batch;
  batches(0, 0, batch);
  double expected = 0;
  ls::Inference<Space> context;
  ls::Batch<Space> same;
  ls::copy_batch(batch, same);
  const auto scores = model(context, same);
  for (ls::Index b = 0; b < 8; ++b) {
    const double away = static_cast<double>(scores.data(b, 0)) - static_cast<double>(batch.labels(b, 0));
    CHECK(batch.labels(b, 0) >= 1);
    expected += away * away / 8;
  }
  const auto report = ls::fit(model, batches, ls::MeanSquaredError{}, adam, {.epochs = 200, .on_step = note});
  CHECK(losses[0] == doctest::Approx(expected).epsilon(1e-5));
  CHECK(report.epochs.front().loss > 5);
  CHECK(report.epochs.back().loss < 2);  // the variance of 1 to 5
}

namespace {

/// Batches of a user's own making: a column that the library knows nothing of.
struct Numbers {
  struct batch_type {
    float target = 0;
    int size() const { return 10; }
  };
  std::size_t size() const { return 3; }
  void operator()(std::size_t, std::size_t i, batch_type& batch) const { batch.target = static_cast<float>(i); }
};

/// A loss that asks the model itself: (bias_0 - target)^2 by a Linear, and what it costs is written out.
struct Distance {
  float bad = -1;  // the target whose gradient is no number, though the loss is
  ls::Value<float, 1, Space> operator()(auto& context, const Model& model, const Numbers::batch_type& batch) const {
    const auto bias = ls::use(context, model.taste.bias);
    const auto value = ls::make_value<float>(context, 1);
    const float away = bias.data(0) - batch.target;
    value.data(0) = away * away;
    const float factor = batch.target == bad ? std::numeric_limits<float>::infinity() : 2;
    context.record(value, [bias, value, away, factor](auto& c) {
      const auto given = c.gradient_of(value);
      const auto to = c.gradient_to(bias);
      for (ls::Index i = 0; i < to.view.extent(0); ++i) to.view(i) = i == 0 ? factor * away * given(0) : 0.0f;
    });
    return value;
  }
};

}  // namespace

TEST_CASE("batches and losses of one's own: fit asks a batch for its size and hands the model to the loss") {
  Model model(1);
  const auto items = ls::copy_to_host(model.items.weights.view());
  const auto report = ls::fit(model, Numbers(), Distance(), ls::Adam{.rate = 0.02}, {.epochs = 150});
  CHECK(model.taste.bias.view()(0) == doctest::Approx(1).epsilon(0.1));  // the mean of 0, 1 and 2
  CHECK(ls::copy_to_host(model.items.weights.view()) == items);
  CHECK(report.steps == 450);
  CHECK(report.epochs[0].examples_per_second == doctest::Approx(30 / report.epochs[0].seconds));
}

TEST_CASE("P12: a gradient that is not finite is refused though the loss is: the parameter is named, nothing changes") {
  Model model(1), two_steps(1);
  CHECK(error_text<ls::DataError>([&] { ls::fit(model, Numbers(), Distance{2}, adam); }) ==
        "fit: step 2, in epoch 1: Optimizer: the gradient of taste.bias is not finite; the step was refused and "
        "changed nothing");
  std::stop_source stop;
  const auto request = [&](std::int64_t step, double) {
    if (step == 1) stop.request_stop();
  };
  ls::fit(two_steps, Numbers(), Distance{}, adam, {.stop = stop.get_token(), .on_step = request});
  CHECK(test::weights_of(model) == test::weights_of(two_steps));
}
