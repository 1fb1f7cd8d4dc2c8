// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/fit_factors.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <filesystem>
#include <limits>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include <longshore/factorization/ease.hpp>

#include "../support/error_text.hpp"
#include "../support/small_factors.hpp"
#include "../support/sparse.hpp"
#include "../support/stops_when_validating.hpp"
#include "../support/temporary_folder.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

using Space = Kokkos::Serial;
using Model = test::SmallFactors<double, Space>;

ls::Interactions<double, Space> interactions(std::uint64_t seed = 4) {
  static std::vector<ls::SparseMatrix<double, Space>> owners;
  owners.push_back(test::random_sparse<double, Space>(ls::Random(seed), 12, 9, 0.4));
  return ls::Interactions<double, Space>(owners.back().rows());
}
Model model() { return Model({.users = 12, .items = 9}); }

std::vector<double> elements(const Model& m) {
  std::vector<double> all = ls::copy_to_host(m.users.view());
  const std::vector<double> items = ls::copy_to_host(m.items.view());
  all.insert(all.end(), items.begin(), items.end());
  return all;
}
double first_element(const Model& m) { return -elements(m)[0]; }

// Epochs of other runs may have taken another time: the two columns that hold it are told apart alone.
std::vector<std::vector<std::string>> cells_of(const std::filesystem::path& curves) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(test::content_of(curves));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}
// As a row of curves says it.
std::string cell(double number) {
  std::string text;
  ls::append_csv_cell(text, number);
  return text;
}

}  // namespace

TEST_CASE("fit_factors: trains epoch by epoch, reports each, and its curve falls") {
  auto trained = model();
  std::ostringstream out;
  std::vector<double> seen;
  const auto report = ls::fit_factors(
      trained, interactions(),
      {.epochs = 5, .progress = {.out = &out}, .on_epoch = [&](const auto& e) { seen.push_back(e.loss); }});
  REQUIRE(report.epochs.size() == 5);
  CHECK(report.steps == 5);
  CHECK(report.best_epoch == 0);
  CHECK_FALSE(report.interrupted);
  for (std::size_t e = 1; e < 5; ++e) CHECK(report.epochs[e].loss < report.epochs[e - 1].loss);
  CHECK(seen.back() == report.epochs.back().loss);
  CHECK(has(out.str(), "epoch  5/5  loss "));
  auto by_hand = model();
  for (std::int64_t e = 0; e < 5; ++e) by_hand.epoch(Space(), interactions(), e);
  CHECK(elements(trained) == elements(by_hand));
}

TEST_CASE("fit_factors: the best weights come back, and a run without gain ends early") {
  auto trained = model();
  std::vector<std::vector<double>> after;
  const std::vector<double> values{0.1, 0.3, 0.2, 0.3, 0.25, 0.9};
  const auto report =
      ls::fit_factors(trained, interactions(), {.epochs = 6, .stop_early = {.patience = 3}}, [&](const Model& m) {
        after.push_back(elements(m));
        return values[after.size() - 1];
      });
  CHECK(report.epochs.size() == 5);
  CHECK(report.stopped_early);
  CHECK(report.best_epoch == 2);
  CHECK(report.best_value == 0.3);
  CHECK(elements(trained) == after[1]);
}

TEST_CASE("P5: fit_factors: a run that is resumed after any epoch equals one that never stopped") {
  const test::TemporaryFolder folder;
  const auto validate = [](const Model& m) { return -elements(m)[0]; };
  const auto train = interactions();
  auto whole = model();
  const auto expected = ls::fit_factors(whole, train, {.epochs = 6}, validate);
  for (std::int64_t cut = 0; cut <= 6; ++cut) {
    CAPTURE(cut);
    const auto path = folder / ("cut" + std::to_string(cut) + ".safetensors");
    std::stop_source stop;
    if (cut == 0) stop.request_stop();
    auto first = model();
    const auto interrupted = ls::fit_factors(first, train,
                                             {.epochs = 6,
                                              .checkpoint = path,
                                              .stop = stop.get_token(),
                                              .on_epoch =
                                                  [&](const ls::EpochRecord& e) {
                                                    if (e.epoch == cut) stop.request_stop();
                                                  }},
                                             validate);
    CHECK(interrupted.interrupted == (cut < 6));
    CHECK(static_cast<std::int64_t>(interrupted.epochs.size()) == cut);
    auto resumed = model();
    const auto report = ls::fit_factors(resumed, train, {.epochs = 6, .checkpoint = path, .resume = true}, validate);
    CHECK(elements(resumed) == elements(whole));
    CHECK(report.best_epoch == expected.best_epoch);
    CHECK(report.best_value == expected.best_value);
    REQUIRE(report.epochs.size() == 6);
    for (std::size_t e = 0; e < 6; ++e) CHECK(report.epochs[e].loss == expected.epochs[e].loss);
  }
}

TEST_CASE(
    "P5: fit_factors: a run that is stopped before or in a validation goes on with it, and trains nothing twice") {
  const test::TemporaryFolder folder;
  const auto train = interactions();
  auto whole = model();
  const auto expected = ls::fit_factors(whole, train, {.epochs = 4}, first_element);
  for (const bool before : {true, false})
    for (std::int64_t last = 1; last <= 4; ++last) {
      CAPTURE(before);
      CAPTURE(last);
      std::stop_source stop;
      test::StopsWhenValidating bar(stop);
      std::ostream out(&bar);
      ls::FactorizationSettings settings{.epochs = before ? last - 1 : 4,
                                         .checkpoint = folder / (std::to_string(last) + (before ? "b" : "i")),
                                         .resume = true};
      auto first = model();
      std::int64_t calls = 0;
      std::vector<double> trained;
      const auto validate = [&](const Model& m) {
        if (before || ++calls != last) return first_element(m);
        // The epoch is on disk already: a process that is killed here does not lose it.
        auto there = model();
        const auto position = ls::load_factors<Model>(settings.checkpoint, there, nullptr, [&] {
          auto names = there.named_settings();
          names.insert(names.end(), {{"users", "12"}, {"items", "9"}});
          names.emplace_back("interactions", std::to_string(train.entries()));
          return names;
        }());
        CHECK(position.epoch() == last - 1);
        CHECK(position.trained.has_value());
        CHECK(elements(there) == elements(m));
        stop.request_stop();
        throw ls::Interrupted("between two blocks of rows");
      };
      if (before) ls::fit_factors(first, train, settings, first_element);
      settings.epochs = 4;
      settings.stop = stop.get_token();
      if (before) settings.progress = {.out = &out, .terminal = true};
      first = model();
      const auto interrupted = ls::fit_factors(first, train, settings, validate);
      REQUIRE(interrupted.interrupted);
      REQUIRE(static_cast<std::int64_t>(interrupted.epochs.size()) == last - 1);
      REQUIRE(interrupted.steps == last);
      // The last weights stay, not the best ones.
      auto by_hand = model();
      for (std::int64_t e = 0; e < last; ++e) by_hand.epoch(Space(), train, e);
      CHECK(elements(first) == elements(by_hand));

      settings.stop = {};
      settings.progress = {};
      auto resumed = Model({.users = 12, .items = 9, .fails_at = last - 1});  // this epoch is not to be trained again
      const auto report = ls::fit_factors(resumed, train, settings, first_element);
      REQUIRE(report.epochs.size() == 4);
      CHECK(elements(resumed) == elements(whole));
      CHECK(report.best_epoch == expected.best_epoch);
      CHECK(report.steps == 4);
      CHECK_FALSE(report.interrupted);
      for (std::size_t e = 0; e < 4; ++e) {
        CHECK(report.epochs[e].epoch == static_cast<std::int64_t>(e) + 1);
        CHECK(report.epochs[e].loss == expected.epochs[e].loss);
        CHECK(report.epochs[e].validation == expected.epochs[e].validation);
      }
    }
}

TEST_CASE(
    "fit_factors: a stop before the first epoch leaves a checkpoint; Interrupted that nobody asked for is an error") {
  const test::TemporaryFolder folder;
  std::stop_source stop;
  stop.request_stop();
  auto trained = model();
  CHECK(ls::fit_factors(trained, interactions(), {.checkpoint = folder / "c", .stop = stop.get_token()}).interrupted);
  CHECK(std::filesystem::exists(folder / "c"));
  auto resumed = model(), whole = model();
  CHECK(ls::fit_factors(resumed, interactions(), {.epochs = 2, .checkpoint = folder / "c", .resume = true}).steps == 2);
  ls::fit_factors(whole, interactions(), {.epochs = 2});
  CHECK(elements(resumed) == elements(whole));
  CHECK(error_text<ls::Interrupted>([&] {
          ls::fit_factors(trained, interactions(), {.epochs = 2},
                          [](const Model&) -> double { throw ls::Interrupted("of its own"); });
        }) == "of its own");
}

TEST_CASE("fit_factors: the best weights are kept when an epoch, a validation or a callback fails") {
  const test::TemporaryFolder folder;
  const auto train = interactions();
  const std::vector<double> values{0.1, 0.3, 0.2, 0.25};
  // @param last  the epoch, from 1, whose validation or callback fails
  const auto run = [&](Model& trained, std::int64_t last, bool in_callback, const ls::FactorizationSettings& given) {
    std::vector<std::vector<double>> after;
    auto settings = given;
    settings.on_epoch = [&](const ls::EpochRecord& e) {
      if (in_callback && e.epoch == last) throw std::runtime_error("the callback fails");
    };
    CHECK_THROWS_AS(ls::fit_factors(trained, train, settings,
                                    [&](const Model& m) {
                                      after.push_back(elements(m));
                                      if (!in_callback && static_cast<std::int64_t>(after.size()) == last)
                                        throw std::runtime_error("the validation fails");
                                      return values[after.size() - 1];
                                    }),
                    std::runtime_error);
    return after;
  };
  for (const bool in_callback : {true, false}) {
    auto trained = model();
    const auto after = run(trained, 4, in_callback, {.epochs = 6});
    REQUIRE(after.size() == 4);
    CHECK(elements(trained) == after[1]);
  }
  auto fails = Model({.users = 12, .items = 9, .fails_at = 3});
  const auto after = run(fails, -1, false, {.epochs = 6});
  REQUIRE(after.size() == 3);
  CHECK(elements(fails) == after[1]);
  // A value that is no number is an error too.
  auto no_number = model();
  std::vector<double> first;
  CHECK_THROWS_AS(ls::fit_factors(no_number, train, {.epochs = 3},
                                  [&](const Model& m) {
                                    if (!first.empty()) return std::numeric_limits<double>::quiet_NaN();
                                    first = elements(m);
                                    return 1.0;
                                  }),
                  ls::DataError);
  CHECK(elements(no_number) == first);
  // Before the first validation there is no best model: it is as it was then.
  auto none = model(), by_hand = model();
  run(none, 1, false, {.epochs = 6});
  by_hand.epoch(Space(), train, 0);
  CHECK(elements(none) == elements(by_hand));
  // The checkpoint goes on from the epoch that was trained, not from the best one.
  auto broken = model(), resumed = model(), whole = model();
  run(broken, 4, false, {.epochs = 6, .checkpoint = folder / "c"});
  const auto validate = [&](const Model& m) { return first_element(m); };
  resumed.settings.fails_at = 3;
  CHECK(ls::fit_factors(resumed, train, {.epochs = 6, .checkpoint = folder / "c", .resume = true}, validate).steps ==
        6);
}

TEST_CASE("fit_factors: calls come in order: a checkpoint, the epoch's validation, its callback, another one") {
  const test::TemporaryFolder folder;
  std::vector<std::string> calls;
  const auto position = [&] {
    const ls::SafetensorsReader reader(folder / "c");
    const auto rows = reader.read<double>("position.curve").size() / ls::CheckpointLayout::Curve::count;
    return std::to_string(reader.read<std::int64_t>("position.integers")[0]) + " of " + std::to_string(rows);
  };
  auto trained = model();
  ls::fit_factors(trained, interactions(),
                  {.epochs = 2,
                   .checkpoint = folder / "c",
                   .on_epoch = [&](const ls::EpochRecord&) { calls.push_back("callback, " + position()); }},
                  [&](const Model&) {
                    calls.push_back("validation, " + position());
                    return 1.0;
                  });
  CHECK(calls ==
        std::vector<std::string>{"validation, 0 of 1", "callback, 0 of 1", "validation, 1 of 2", "callback, 1 of 2"});
  CHECK(position() == "2 of 2");
}

TEST_CASE("fit_factors: an objective that is not computed is left out of lines, files and checkpoints") {
  const test::TemporaryFolder folder;
  auto trained = Model({.users = 12, .items = 9, .has_objective = false});
  std::ostringstream out;
  const ls::FactorizationSettings settings{.epochs = 2,
                                           .checkpoint = folder / "run.safetensors",
                                           .resume = true,
                                           .curves = folder / "curves.csv",
                                           .tensorboard = folder / "board",
                                           .progress = {.out = &out}};
  const auto report = ls::fit_factors(trained, interactions(), settings);
  CHECK(std::isnan(report.epochs[0].loss));
  CHECK_FALSE(has(out.str(), "loss"));
  CHECK(std::isnan(ls::fit_factors(trained, interactions(), settings).epochs[1].loss));  // read back
}

TEST_CASE("fit_factors: curves have a row an epoch, of what the report says; NaN stands for what was not computed") {
  const test::TemporaryFolder folder;
  const ls::FactorizationSettings settings{.epochs = 3, .curves = folder / "curves.csv"};
  for (const bool validates : {false, true})
    for (const bool has_objective : {false, true}) {
      CAPTURE(validates);
      CAPTURE(has_objective);
      auto trained = Model({.users = 12, .items = 9, .has_objective = has_objective});
      const auto report = validates ? ls::fit_factors(trained, interactions(), settings, first_element)
                                    : ls::fit_factors(trained, interactions(), settings);
      const auto rows = cells_of(settings.curves);
      REQUIRE(rows.size() == 4);  // nothing is left of the run before
      CHECK(rows[0] == std::vector<std::string>{"epoch", "loss", "validation", "rate", "gradient_norm", "seconds",
                                                "examples_per_second"});
      for (std::size_t e = 0; e < 3; ++e) {
        const ls::EpochRecord& record = report.epochs[e];
        CHECK(rows[e + 1] == std::vector<std::string>{cell(static_cast<double>(e + 1)), cell(record.loss),
                                                      cell(record.validation), "0", "0", cell(record.seconds),
                                                      cell(record.examples_per_second)});
        CHECK((rows[e + 1][1] == "nan") == !has_objective);
        CHECK((rows[e + 1][2] == "nan") == !validates);
        CHECK(record.examples_per_second * record.seconds ==
              doctest::Approx(static_cast<double>(interactions().entries())));
      }
    }
}

TEST_CASE("fit_factors: Ease has a row of curves, of one epoch without a loss") {
  const test::TemporaryFolder folder;
  ls::Ease<double, Space> ease({.items = 9, .regularisation = 1});
  const auto report = ls::fit_factors(ease, interactions(), {.epochs = 1, .curves = folder / "curves.csv"},
                                      [](const auto& model) { return model.weights.view()(0, 1); });
  const auto rows = cells_of(folder / "curves.csv");
  REQUIRE(rows.size() == 2);
  CHECK(rows[1][0] == "1");
  CHECK(rows[1][1] == "nan");
  CHECK(rows[1][2] == cell(report.epochs.at(0).validation));
}

TEST_CASE("P5: fit_factors: the curves of a run that was resumed have each epoch once, those before as they were") {
  const test::TemporaryFolder folder;
  const auto train = interactions();
  const auto settings = [&](const std::string& name, std::int64_t epochs) {
    return ls::FactorizationSettings{
        .epochs = epochs, .checkpoint = folder / name, .resume = true, .curves = folder / (name + ".csv")};
  };
  auto whole = model();
  ls::fit_factors(whole, train, settings("whole", 5), first_element);
  const auto expected = cells_of(folder / "whole.csv");
  for (const std::int64_t cut : {0, 1, 3, 5}) {
    CAPTURE(cut);
    const std::string name = "cut" + std::to_string(cut);
    auto first = model(), resumed = model();
    std::stop_source stop;
    if (cut == 0) stop.request_stop();
    auto begun = settings(name, 5);
    begun.stop = stop.get_token();
    begun.on_epoch = [&](const ls::EpochRecord& e) {
      if (e.epoch == cut) stop.request_stop();
    };
    ls::fit_factors(first, train, begun, first_element);
    const auto before = cells_of(folder / (name + ".csv"));
    REQUIRE(before.size() == static_cast<std::size_t>(cut) + 1);
    ls::fit_factors(resumed, train, settings(name, 5), first_element);
    const auto rows = cells_of(folder / (name + ".csv"));
    REQUIRE(rows.size() == 6);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (r < before.size()) CHECK(rows[r] == before[r]);
      REQUIRE(rows[r].size() == 7);
      for (std::size_t c = 0; c < 5; ++c) CHECK(rows[r][c] == expected[r][c]);
    }
  }
}

TEST_CASE("fit_factors: an epoch that fails leaves the checkpoint of the one before it") {
  const test::TemporaryFolder folder;
  const ls::FactorizationSettings settings{.epochs = 6, .checkpoint = folder / "run.safetensors", .resume = true};
  auto fails = Model({.users = 12, .items = 9, .fails_at = 3});
  CHECK_THROWS_WITH(ls::fit_factors(fails, interactions(), settings), "this epoch fails");
  auto resumed = model(), whole = model();
  CHECK(ls::fit_factors(resumed, interactions(), settings).epochs.size() == 6);
  ls::fit_factors(whole, interactions(), {.epochs = 6});
  CHECK(elements(resumed) == elements(whole));
}

TEST_CASE("P14: fit_factors refuses other settings, other data, other files and values that are not finite") {
  const test::TemporaryFolder folder;
  const auto path = folder / "run.safetensors";
  auto trained = model();
  ls::fit_factors(trained, interactions(), {.epochs = 1, .checkpoint = path});
  const auto before = test::content_of(path);
  const auto resume = [&](auto other, const auto& data) {
    return error_text<ls::FileError>([&] { ls::fit_factors(other, data, {.checkpoint = path, .resume = true}); });
  };
  CHECK(has(resume(Model({.users = 12, .items = 9, .features = 3}), interactions()),
            "the run had other settings or data; features: \"2\" in the run, \"3\" here"));
  CHECK(has(resume(model(), interactions(5)), "interactions: "));
  CHECK(test::content_of(path) == before);
  test::make_file(path, "no checkpoint");
  CHECK(has(resume(model(), interactions()), "run.safetensors"));
  CHECK(has(error_text<ls::FileError>(
                [&] { ls::fit_factors(trained, interactions(), {.checkpoint = folder / "absent/run.safetensors"}); }),
            "absent is no directory; make it for the checkpoint first"));
  CHECK_THROWS_WITH_AS(ls::fit_factors(trained, interactions(), {.epochs = 2}, [](const Model&) { return NAN; }),
                       "fit_factors: the validation value of epoch 1 is nan", ls::DataError);
}
