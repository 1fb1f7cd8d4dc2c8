// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/training.hpp>
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/sgd.hpp>
#include <longshore/training/checkpoint.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/small_training.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

using Space = Kokkos::DefaultHostExecutionSpace;
using Model = test::SmallModel<float, Space>;

/// A model that was trained for some steps, its optimiser, and a place in a run.
template <class Rule>
struct Trained {
  Model model, best{99};
  ls::Optimizer<Rule, Space> optimizer;
  ls::TrainingPosition position;

  explicit Trained(std::uint64_t seed, int steps, const Rule& rule = {}, const ls::OptimizerSettings& settings = {})
      : model(seed, 0), optimizer(model, rule, settings) {
    const test::SmallBatches batches;
    test::SmallBatches::batch_type batch;
    ls::Training<Space> context(std::as_const(model));
    for (int step = 0; step < steps; ++step) {
      batches(0, static_cast<std::size_t>(step), batch);
      context.reset();
      const auto loss = ls::BinaryCrossEntropy{}(context, model(context, batch), batch);
      context.backward(loss);
      optimizer.step(model, context, loss);
    }
    position.batches = 7;
    position.seed = 5;
  }

  void save(const std::filesystem::path& path) { ls::save_checkpoint(path, model, &best, optimizer, position); }
  ls::TrainingPosition load(const std::filesystem::path& path) {
    return ls::load_checkpoint(path, model, &best, optimizer, position);
  }

  /// Every number that a checkpoint holds.
  std::vector<double> state() {
    std::vector<double> numbers = test::weights_of(model);
    for (const double w : test::weights_of(best)) numbers.push_back(w);
    optimizer.visit_moments(model, [&](const std::string&, const auto& moment) {
      for (const auto x : ls::copy_to_host(moment)) numbers.push_back(static_cast<double>(x));
    });
    for (const auto count : optimizer.counts()) numbers.push_back(static_cast<double>(count));
    numbers.push_back(static_cast<double>(optimizer.steps()));
    return numbers;
  }
};

/// A place in the second epoch of a run.
ls::TrainingPosition some_position() {
  ls::TrainingPosition position;
  position.epoch = 2;
  position.batch = 3;
  position.batches = 7;
  position.seed = std::numeric_limits<std::uint64_t>::max() - 4;
  position.batch_source = {{"examples", 54}, {"batch seed", 0}, {"batch size", 8}};
  position.epochs_without_gain = 1;
  position.examples = 24;
  position.loss_sum = 0.1;
  position.seconds = 1e-3;
  position.gradient_norm = 2.5;
  position.report.steps = 17;
  position.report.best_epoch = 1;
  position.report.best_value = -0.3;
  position.report.epochs = {{1, 0.7, -0.3, 0.01, 1.5, 2.0, 300}, {2, 0.6, -0.4, 0.02, 1.25, 2.5, 310}};
  return position;
}

/// The error of loading a checkpoint into a run, which must then be as it was.
template <class Rule>
std::string refusal(Trained<Rule>& run, const std::filesystem::path& path) {
  const std::vector<double> before = run.state();
  const std::string text = error_text<ls::FileError>([&] { run.load(path); });
  CHECK(run.state() == before);
  CHECK_MESSAGE(has(text, ": " + path.string() + ": "), text);
  return text;
}

}  // namespace

namespace elsewhere {

/// A model whose own namespace has a `load`, which fits better than the library's.
template <class Real, class Where>
struct Loadable {
  ls::Parameter<Real, 1, Where> weights{3};
  void visit(auto&& visitor) { visitor("weights", weights); }
};
template <class Real, class Where>
void load(Loadable<Real, Where>&, const ls::SafetensorsReader&, const ls::LoadSettings&) {
  FAIL("a load of the model's namespace was called");
}

}  // namespace elsewhere

TEST_CASE("a load in the namespace of the model is not taken for the library's") {
  const test::TemporaryFolder folder;
  elsewhere::Loadable<float, Space> model, other;
  model.weights.mutable_view()(1) = 4;
  ls::Optimizer<ls::Sgd, Space> optimizer(model), of_other(other);
  ls::TrainingPosition position;
  position.report.best_epoch = position.epoch = 1;
  position.report.best_value = 0.5;
  position.report.epochs = {{1, 0.7, 0.5, 0.01, 1.5, 2.0, 300}};
  ls::save_checkpoint(folder / "c", model, &model, optimizer, position);
  elsewhere::Loadable<float, Space> best;
  ls::load_checkpoint(folder / "c", other, &best, of_other, position);
  CHECK(other.weights.view()(1) == 4);
  CHECK(best.weights.view()(1) == 4);
}

TEST_CASE("a checkpoint holds model, best model, moments, counts and position") {
  const test::TemporaryFolder folder;
  Trained<ls::Adam> run(1, 5), other(2, 3);
  run.position = some_position();
  run.position.report.epochs[1].validation = std::numeric_limits<double>::quiet_NaN();  // an epoch without validation
  run.save(folder / "c");
  other.position.seed = run.position.seed;
  REQUIRE(other.state() != run.state());
  const ls::TrainingPosition came = other.load(folder / "c");
  CHECK(other.state() == run.state());
  CHECK(came.epoch == 2);
  CHECK(came.batch == 3);
  CHECK(came.batches == 7);
  CHECK(came.seed == run.position.seed);
  CHECK(came.epochs_without_gain == 1);
  CHECK(came.examples == 24);
  CHECK(came.loss_sum == 0.1);
  CHECK(came.seconds == 1e-3);
  CHECK(came.gradient_norm == 2.5);
  CHECK(came.report.steps == 17);
  CHECK(came.report.best_epoch == 1);
  CHECK(came.report.best_value == -0.3);
  REQUIRE(came.report.epochs.size() == 2);
  CHECK(came.report.epochs[0].epoch == 1);
  CHECK(came.report.epochs[0].loss == 0.7);
  CHECK(came.report.epochs[0].validation == -0.3);
  CHECK(came.report.epochs[0].rate == 0.01);
  CHECK(came.report.epochs[0].gradient_norm == 1.5);
  CHECK(came.report.epochs[0].seconds == 2.0);
  CHECK(came.report.epochs[0].examples_per_second == 300);
  CHECK(came.report.epochs[1].epoch == 2);
  CHECK(std::isnan(came.report.epochs[1].validation));
  CHECK_FALSE(came.report.interrupted);
}

TEST_CASE("without a best model so far the file has none, and the one at hand stays") {
  const test::TemporaryFolder folder;
  Trained<ls::Adam> run(1, 2), other(2, 0);
  run.save(folder / "first");
  const ls::SafetensorsReader reader(folder / "first", {.checksums = ls::Checksums::required});
  for (std::size_t i = 0; i < reader.size(); ++i) CHECK_FALSE(reader.entry(i).name.starts_with("best."));
  CHECK(reader.find("optimizer.items.weights.moment2")->shape == std::vector<std::int64_t>{12, 4});  // as the weights
  const auto best = test::weights_of(other.best);
  CHECK(other.load(folder / "first").report.best_epoch == 0);
  CHECK(test::weights_of(other.best) == best);
  CHECK(test::weights_of(other.model) == test::weights_of(run.model));

  // And a run without validation does not ask for the one that a file has.
  run.position = some_position();
  run.save(folder / "second");
  const auto came =
      ls::load_checkpoint(folder / "second", other.model, static_cast<Model*>(nullptr), other.optimizer, run.position);
  CHECK(came.report.best_epoch == 0);
  CHECK(came.report.best_value == -std::numeric_limits<double>::infinity());
  CHECK(test::weights_of(other.best) == best);
}

TEST_CASE("P8: of a damaged checkpoint no bit is taken, and model, best model and optimiser stay as they were") {
  const test::TemporaryFolder folder;
  Trained<ls::Adam> run(1, 5), other(2, 3);
  run.position = some_position();
  other.position = some_position();
  run.save(folder / "good");
  const std::string good = test::content_of(folder / "good");
  // One bit in every 13 bytes, then every 7th length.
  for (std::size_t at = 0; at < good.size(); at += 13) {
    CAPTURE(at);
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1 << at % 8);
    test::make_file(folder / "bad", bad);
    REQUIRE(has(refusal(other, folder / "bad"), "byte"));
  }
  for (std::size_t length = 0; length < good.size(); length += 7) {
    CAPTURE(length);
    test::make_file(folder / "bad", good.substr(0, length));
    REQUIRE(has(refusal(other, folder / "bad"), "byte"));
  }
  other.load(folder / "good");
  CHECK(other.state() == run.state());
}

TEST_CASE("P14: a checkpoint of another model, rule, setting, seed or data is refused with the difference") {
  const test::TemporaryFolder folder;
  const auto path = folder / "c";
  Trained<ls::Adam> run(1, 5), other(2, 3);
  run.position = some_position();
  run.save(path);

  CHECK(has(refusal(other, folder / "absent"), "No such file"));
  other.position.seed = 6;
  CHECK(has(refusal(other, path), ": the run had seed 18446744073709551611, this one has 6"));
  other.position = some_position();
  other.position.batches = 8;
  CHECK(has(refusal(other, path), "the run had 7 batches an epoch, this one has 8"));
  other.position = some_position();
  other.position.batch_source = {{"examples", 53}, {"batch seed", 1}, {"batch size", 8}};
  CHECK(has(refusal(other, path),
            ": the run had other batches, going on with these would train something else; examples: \"54\" in the run, "
            "53 here; batch seed: \"0\" in the run, 1 here"));
  other.position.batch_source = {{"words", 5}};
  CHECK(has(refusal(other, path), "; words: \"none\" in the run, 5 here"));
  other.position = some_position();
  {
    Trained<ls::Adam> silent(2, 3);
    silent.position = some_position();
    silent.position.batch_source.clear();  // a source that does not say
    CHECK(silent.load(path).batch == 3);
  }

  Trained<ls::Sgd> sgd(2, 3);
  sgd.position = some_position();
  CHECK(has(refusal(sgd, path), ": the run was trained with \"Adam\", this one is with Sgd"));

  Trained<ls::Adam> wide(2, 0);
  wide.position = some_position();
  wide.model = wide.best = Model(3, 0, 12, 6);
  wide.optimizer = ls::Optimizer<ls::Adam, Space>(wide.model);
  CHECK(has(refusal(wide, path),
            "load: " + path.string() +
                ": the file does not fit the model; misshaped: model.items.weights (file (12, 4), model (12, 6)), "
                "model.taste.weights (file (4, 4), model (6, 6)), model.taste.bias (file (4), model (6))"));

  Trained<ls::Adam> frozen(2, 0, {}, {.groups = {{.pattern = "taste.bias", .frozen = true}}});
  frozen.position = some_position();
  CHECK(has(refusal(frozen, path),
            ": the state of Adam is of other settings; \"optimizer.taste.bias.moment1\" is unexpected; "
            "\"optimizer.taste.bias.moment2\" is unexpected"));

  Trained<ls::Sgd> plain(1, 4), momentum(1, 4, {.momentum = 0.5});
  plain.save(path);
  CHECK(has(refusal(momentum, path),
            ": the state of Sgd is of other settings; optimizer.items.weights.moment1 is "
            "missing; optimizer.taste.weights.moment1 is missing"));

  ls::save(run.model, path);
  CHECK(has(refusal(other, path), "load_checkpoint: " + path.string() + ": this is no checkpoint of a training run"));
}

/// A copy of a file in which one tensor of integers has one element more.
void copy_with_one_more(const std::filesystem::path& from, const std::string& longer, const std::filesystem::path& to) {
  const ls::SafetensorsReader reader(from);
  std::vector<ls::TensorEntry> entries;
  for (std::size_t i = 0; i < reader.size(); ++i) entries.push_back(reader.entry(i));
  for (ls::TensorEntry& entry : entries) entry.shape.front() += entry.name == longer;
  ls::SafetensorsWriter writer(to, entries, reader.metadata());
  for (const ls::TensorEntry& entry : entries) {
    std::vector<std::byte> bytes(entry.end - entry.begin);
    reader.read_bytes(entry.name, bytes);
    if (entry.name == longer) bytes.resize(bytes.size() + sizeof(std::int64_t));
    writer.write_bytes(entry.name, bytes);
  }
  writer.commit();
}

TEST_CASE("P14: counts of other parameters are refused") {
  const test::TemporaryFolder folder;
  Trained<ls::Adam> run(1, 2), other(2, 1);
  run.save(folder / "c");
  copy_with_one_more(folder / "c", "position.curve", folder / "same");  // a control: that is another complaint
  copy_with_one_more(folder / "c", "optimizer.counts", folder / "d");
  CHECK(has(refusal(other, folder / "same"), "the position in the run makes no sense"));
  const std::size_t counts = other.optimizer.counts().size();
  CHECK(has(refusal(other, folder / "d"), ": optimizer.counts has " + std::to_string(counts + 1) + " numbers, " +
                                              std::to_string(counts) + " are expected"));
}

TEST_CASE("P14: a position that cannot be is refused") {
  const test::TemporaryFolder folder;
  Trained<ls::Adam> run(1, 2), other(2, 1);
  other.position = some_position();
  const auto refused = [&](const std::function<void(ls::TrainingPosition&)>& change) {
    run.position = some_position();
    change(run.position);
    run.save(folder / "c");
    return has(refusal(other, folder / "c"), ": the position in the run makes no sense");
  };
  CHECK(refused([](auto& position) { position.batch = -1; }));
  CHECK(refused([](auto& position) { position.batch = 8; }));
  CHECK(refused([](auto& position) { position.epoch = -1; }));
  CHECK(refused([](auto& position) { position.epoch = 3; }));  // and two records
  CHECK(refused([](auto& position) { position.report.epochs.pop_back(); }));
  CHECK(refused([](auto& position) { position.report.best_epoch = 3; }));
  CHECK(refused([](auto& position) { position.report.steps = -1; }));
  CHECK(refused([](auto& position) { position.epochs_without_gain = -1; }));
  CHECK(refused([](auto& position) { position.examples = -1; }));
  run.position = some_position();
  run.position.batch = 7;  // the end of an epoch is a place
  run.save(folder / "c");
  CHECK(other.load(folder / "c").batch == 7);
}

TEST_CASE("P7: a checkpoint that cannot be written leaves the last one") {
  const test::TemporaryFolder folder;
  Trained<ls::Adam> run(1, 2);
  run.save(folder / "c");
  const std::string before = test::content_of(folder / "c");
  run.model.taste.bias.mutable_view()(1) = std::numeric_limits<float>::infinity();
  CHECK(has(error_text<ls::DataError>([&] { run.save(folder / "c"); }), "\"model.taste.bias\" holds a NaN"));
  CHECK(test::content_of(folder / "c") == before);
  CHECK(folder.names().size() == 1);
  CHECK(has(error_text<ls::FileError>([&] { run.save(folder / "absent/c"); }), "No such file"));
}
