// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <ostream>
#include <span>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/sgd.hpp>
#include <longshore/training/fit.hpp>
#include <longshore/training/fit_run.hpp>

#include "tests/support/event_file.hpp"
#include "tests/support/small_training.hpp"
#include "tests/support/spaces.hpp"
#include "tests/support/stops_when_validating.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using Validation = std::function<double(const test::SmallModel<Real, Space>&)>;

/// What early stopping looks at: a number that goes up and down, and that any change of any weight changes altogether.
double scrambled(const auto& model) {
  double sum = 0;
  for (const double w : test::weights_of(model)) sum = std::sin(100 * w + sum);
  return sum;
}

/// What of an epoch does not depend on the clock. No validation is NaN; it becomes a number that compares.
std::vector<double> facts(const ls::EpochRecord& record) {
  return {static_cast<double>(record.epoch), record.loss, std::isnan(record.validation) ? -9 : record.validation,
          record.rate, record.gradient_norm};
}

/// All that a run leaves behind, without what the clock says.
struct Outcome {
  std::vector<double> weights;
  std::vector<std::vector<double>> epochs;
  std::int64_t best_epoch = 0, steps = 0;
  double best_value = 0;
  bool interrupted = false, stopped_early = false;
  std::map<std::string, std::string> checkpoint;     // tensors as bytes
  std::vector<std::string> curves;                   // rows of the CSV file, the two last columns cut off
  std::map<std::string, std::vector<double>> board;  // points of each curve of TensorBoard, by steps

  bool operator==(const Outcome&) const = default;
};

/// A training run in a folder of its own, with everything on that a resumed run could get wrong.
template <class Real, class Space, class Rule>
class Run {
 public:
  using Model = test::SmallModel<Real, Space>;

  Run(const test::SmallBatches& batches, const Rule& rule, std::uint64_t seed, bool validates = true)
      : batches_(batches), rule_(rule), validates_(validates) {
    settings.epochs = 4;
    settings.seed = seed;
    settings.optimizer = {.clip_norm = 0.2,
                          .schedule = {.kind = ls::Schedule::Kind::cosine, .warm_up_steps = 5, .total_steps = 28},
                          .groups = {{.pattern = "items.*", .rate = 0.1}}};
    settings.stop_early.patience = validates ? 2 : 0;
    settings.checkpoint = folder_ / "checkpoint";
    settings.curves = folder_ / "curves.csv";
    settings.tensorboard = folder_ / "board";
    settings.progress.metric = "sine";
  }

  /// Trains a new model, or goes on where the checkpoint says.
  ///
  /// @param stop_after  steps of the whole run after which a stop is requested; 0 or fewer: before any
  void train(std::int64_t stop_after = 1000) {
    std::stop_source stop;
    if (stop_after <= 0) stop.request_stop();
    ls::FitSettings now = settings;
    now.stop = stop.get_token();
    now.resume = true;
    now.on_step = [&](std::int64_t step, double loss) {
      if (settings.on_step) settings.on_step(step, loss);
      if (step + 1 >= stop_after) stop.request_stop();
    };
    // The checkpoint has to replace other first weights.
    model_ = Model(std::filesystem::exists(settings.checkpoint) ? ++other_models_ : 77);
    const auto validate = [&](const Model& model) {
      if (on_validation) on_validation(stop);
      return scrambled(model);
    };
    test::StopsWhenValidating looks_on(stop);
    std::ostream bar(&looks_on);
    if (stops_before_validation) now.progress = {.out = &bar, .terminal = true, .metric = "sine"};
    report_ = validates_
                  ? ls::fit(model_, batches_, ls::BinaryCrossEntropy{}, rule_, now, Validation<Real, Space>(validate))
                  : ls::fit(model_, batches_, ls::BinaryCrossEntropy{}, rule_, now);
  }

  const ls::FitReport& report() const { return report_; }

  Outcome outcome() const {
    Outcome outcome;
    outcome.weights = test::weights_of(model_);
    outcome.best_epoch = report_.best_epoch;
    outcome.steps = report_.steps;
    outcome.best_value = report_.best_value;
    outcome.interrupted = report_.interrupted;
    outcome.stopped_early = report_.stopped_early;
    for (const auto& record : report_.epochs) outcome.epochs.push_back(facts(record));
    read_checkpoint(outcome);
    std::ifstream curves(settings.curves);
    for (std::string line; std::getline(curves, line);)
      outcome.curves.push_back(line.substr(0, line.rfind(',', line.rfind(',') - 1)));
    for (const auto& entry : std::filesystem::directory_iterator(settings.tensorboard))
      for (const test::EventRecord& event : test::EventFile::decode(test::content_of(entry.path())))
        if (!event.tag.empty() && event.tag != "examples_per_second") {
          auto& points = outcome.board[event.tag];
          points.resize(std::max(points.size(), static_cast<std::size_t>(event.step)), -7);
          double& point = points[static_cast<std::size_t>(event.step) - 1];
          point = point == -7 ? static_cast<double>(event.value) : -8;  // one that came twice is as bad as none
        }
    return outcome;
  }

  ls::FitSettings settings;
  std::function<void(std::stop_source&)> on_validation;
  bool stops_before_validation = false;

 private:
  void read_checkpoint(Outcome& outcome) const {
    const ls::SafetensorsReader reader(settings.checkpoint);
    for (std::size_t i = 0; i < reader.size(); ++i) {
      const ls::TensorEntry entry = reader.entry(i);
      std::string bytes(entry.end - entry.begin, '\0');
      reader.read_bytes(entry.name, std::as_writable_bytes(std::span(bytes)));
      outcome.checkpoint[entry.name] = bytes;
    }
    // What the clock says: seconds of the unfinished epoch, seconds and rate of the finished ones.
    auto numbers = reader.read<double>("position.numbers"), curve = reader.read<double>("position.curve");
    numbers[ls::CheckpointLayout::Numbers::seconds] = 0;
    using Curve = ls::CheckpointLayout::Curve;
    for (std::size_t row = 0; row < curve.size(); row += Curve::count)
      curve[row + Curve::seconds] = curve[row + Curve::examples_per_second] = 0;
    outcome.checkpoint["position.numbers"] = bytes_of_numbers(numbers);
    outcome.checkpoint["position.curve"] = bytes_of_numbers(curve);
  }
  static std::string bytes_of_numbers(const std::vector<double>& numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double)};
  }

  const test::SmallBatches& batches_;
  Rule rule_;
  bool validates_;
  test::TemporaryFolder folder_;
  std::uint64_t other_models_ = 0;
  Model model_;
  ls::FitReport report_;
};

using Serial = Kokkos::Serial;
using Host = Kokkos::DefaultHostExecutionSpace;
constexpr ls::Adam adam{.rate = 0.05, .weight_decay = 1e-3};

/// A callback that gives up.
struct GivenUp : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace

TEST_CASE("P5: a run that is stopped after any step and resumed equals one that never stopped, bit by bit") {
  int cuts = 0, early = 0, late = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    const test::SmallBatches batches(seed);
    Run<float, Serial, ls::Adam> whole(batches, adam, seed);
    whole.train();
    const Outcome expected = whole.outcome();
    REQUIRE(expected.curves.size() == expected.epochs.size() + 1);
    REQUIRE(expected.board.at("validation/sine").size() == expected.epochs.size());
    (whole.report().stopped_early ? early : late) += 1;
    whole.train();  // nothing is left to do, also where early stopping says so
    REQUIRE(whole.outcome() == expected);
    for (std::int64_t cut = 0; cut < expected.steps; ++cut) {
      CAPTURE(cut);
      Run<float, Serial, ls::Adam> run(batches, adam, seed);
      run.train(cut);
      REQUIRE(run.report().interrupted);
      REQUIRE(run.report().steps == cut);
      run.train();
      const Outcome came = run.outcome();
      REQUIRE(came.epochs == expected.epochs);
      REQUIRE(came.weights == expected.weights);
      REQUIRE(came.checkpoint == expected.checkpoint);
      REQUIRE(came == expected);
      ++cuts;
    }
  }
  CHECK(cuts >= 100);
  CHECK_MESSAGE(early > 0, "early stopping never ended a run");
  CHECK_MESSAGE(late > 0, "early stopping ended every run");
}

TEST_CASE("P5: a run that is stopped after every single step equals one that never stopped, on the other space too") {
  const test::SmallBatches batches(3);
  const auto compare = [&]<class Real, class Space, class Rule>(Run<Real, Space, Rule>& whole,
                                                                Run<Real, Space, Rule>& run) {
    whole.train();
    const Outcome expected = whole.outcome();
    for (std::int64_t step = 0; run.report().steps < expected.steps || run.report().interrupted; ++step) {
      REQUIRE(step < 40);
      run.train(step);
    }
    CHECK(run.outcome() == expected);
  };
  constexpr ls::Sgd momentum{.rate = 0.3, .momentum = 0.9, .nesterov = true};
  Run<double, Host, ls::Sgd> whole(batches, momentum, 3), run(batches, momentum, 3);
  compare(whole, run);
  Run<double, Host, ls::Sgd> last(batches, momentum, 3, false), again(batches, momentum, 3, false);  // no validation
  compare(last, again);
  CHECK(last.report().best_epoch == 0);
}

TEST_CASE("P5: a run that breaks off goes on from its last checkpoint, in the middle of an epoch too") {
  const test::SmallBatches batches(1);
  Run<float, Serial, ls::Adam> whole(batches, adam, 1);
  whole.train();
  Outcome expected = whole.outcome();
  expected.board.clear();  // an epoch may end before the checkpoint after it: TensorBoard then has it twice
  for (std::int64_t last = 0; last < expected.steps; ++last) {
    CAPTURE(last);
    Run<float, Serial, ls::Adam> run(batches, adam, 1);
    run.settings.checkpoint_every = 3;
    std::int64_t first = -1;
    run.settings.on_step = [&](std::int64_t step, double) {
      if (step == last) throw GivenUp("as a killed process would");
    };
    REQUIRE_THROWS_AS(run.train(), GivenUp);
    run.settings.on_step = [&](std::int64_t step, double) { first = first < 0 ? step : first; };
    run.train();
    // Only what came after the last checkpoint is done again: every third step, and every epoch of seven.
    REQUIRE(first == std::max(last / 3 * 3, last / 7 * 7));
    Outcome came = run.outcome();
    came.board.clear();
    REQUIRE(came == expected);
  }
}

TEST_CASE("P5: a run that is stopped before or in a validation goes on with it, and equals one that never stopped") {
  const test::SmallBatches batches(1);
  Run<float, Serial, ls::Adam> whole(batches, adam, 1);
  whole.train();
  const Outcome expected = whole.outcome();
  using Integers = ls::CheckpointLayout::Integers;
  for (const bool before : {true, false})
    for (std::int64_t last = 1; last <= static_cast<std::int64_t>(expected.epochs.size()); ++last) {
      CAPTURE(before);
      CAPTURE(last);
      Run<float, Serial, ls::Adam> run(batches, adam, 1);
      std::int64_t calls = 0;
      run.on_validation = [&](std::stop_source& stop) {
        ++calls;
        if (before || calls != last) return;
        // All steps of the epoch are on disk already: a process that is killed here loses none.
        const auto there = ls::SafetensorsReader(run.settings.checkpoint).read<std::int64_t>("position.integers");
        CHECK(there[Integers::epoch] == last - 1);
        CHECK(there[Integers::batch] == there[Integers::batches]);
        CHECK(there[Integers::steps] == 7 * last);
        stop.request_stop();
        throw ls::Interrupted("between two blocks of rows");
      };
      if (before && last > 1) {
        run.settings.epochs = last - 1;
        run.train();
        run.settings.epochs = 4;
      }
      run.stops_before_validation = before;
      run.train();
      REQUIRE(run.report().interrupted);
      REQUIRE(run.report().epochs.size() == static_cast<std::size_t>(last - 1));
      REQUIRE(run.report().steps == 7 * last);
      REQUIRE(calls == (before ? last - 1 : last));
      run.stops_before_validation = false;
      std::int64_t first = -1;  // step that is taken after the validation
      run.on_validation = nullptr;
      run.settings.on_step = [&](std::int64_t step, double) { first = first < 0 ? step : first; };
      run.train();
      REQUIRE((first < 0 || first == 7 * last));
      REQUIRE(run.outcome() == expected);
    }
}

TEST_CASE("P5: training for two epochs, and resumed for two more, equals training for four") {
  const test::SmallBatches batches(2);
  Run<float, Serial, ls::Adam> whole(batches, adam, 5), run(batches, adam, 5);
  whole.settings.stop_early.patience = run.settings.stop_early.patience = 0;
  whole.train();
  run.settings.epochs = 2;
  run.train();
  CHECK(run.report().epochs.size() == 2);
  run.settings.epochs = 4;
  run.train();
  CHECK(run.outcome() == whole.outcome());
  // A finished run has nothing to do: it only puts the best weights back.
  run.train();
  CHECK(run.outcome() == whole.outcome());
}

TEST_CASE("P5: the time that an epoch took, and its rate, count what was done before the stop") {
  test::SmallBatches batches(0);
  std::atomic<int> sleep = 40;  // ms a batch: until the stop only, so that these are most of the epoch
  batches.after = [&](std::size_t, std::size_t, auto&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(sleep));
  };
  Run<float, Serial, ls::Adam> run(batches, adam, 0);
  run.settings.epochs = 1;
  run.train(6);
  sleep = 0;
  run.train();
  const ls::EpochRecord& record = run.report().epochs.at(0);
  CHECK(record.seconds >= 0.12);  // six batches before the stop, of which three may be made before the clock starts
  CHECK(record.examples_per_second == doctest::Approx(54 / record.seconds));
}

TEST_CASE("a loss that takes the model is called with it, others with the scores") {
  using Space = Serial;
  const test::SmallModel<double, Space> model(4);
  const test::SmallBatches batches;
  test::SmallBatches::batch_type made;
  batches(0, 0, made);
  ls::Batch<Space> batch;
  ls::copy_batch(made, batch);
  ls::Inference<Space> context;
  const auto of_scores = [](auto&, const ls::Matrix<double, Space>& scores, const ls::Batch<Space>&) {
    return scores.extent(1);
  };
  const auto of_model = [&](auto&, const test::SmallModel<double, Space>& given, const ls::Batch<Space>& its_batch) {
    return &given == &model ? its_batch.size() + 1000 : 0;
  };
  CHECK(ls::loss_of(context, model, of_scores, batch) == 3);
  CHECK(ls::loss_of(context, model, of_model, batch) == 1008);
}

TEST_CASE("losses are added up in double") {
  const float small = 1e-9f;
  double sum = 1;
  const ls::AddLoss<float> add{&small, &sum};
  for (int k = 0; k < 1000; ++k) add(0);
  CHECK(sum == doctest::Approx(1 + 1e-6).epsilon(1e-12));
}
