// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/best_model.hpp>

#include <limits>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

namespace ls = longshore;

namespace {

/// What of a position `BestModel` reads and writes.
struct Position {
  std::int64_t epochs_without_gain = 0;
  ls::FitReport report;
};

}  // namespace

TEST_CASE("the best model is kept by copy, and patience ends where nothing better comes") {
  int model = 10;  // any type that is copied
  ls::BestModel<int> best("fit", model, {.patience = 2, .least_gain = 0.125}, true);
  Position position;
  const auto end = [&](int weights, double value) {
    model = weights;
    const ls::EpochRecord record{.epoch = static_cast<std::int64_t>(position.report.epochs.size()) + 1, .loss = 7};
    return best.end_epoch(model, record, value, position);
  };
  best.restore(model, position.report);  // no epoch is the best yet
  CHECK(model == 10);
  CHECK(end(11, -3));
  CHECK_FALSE(end(12, -2.9));  // not enough above
  CHECK(position.epochs_without_gain == 1);
  CHECK(end(13, -2.5));
  CHECK(position.epochs_without_gain == 0);
  CHECK_FALSE(end(14, -2.5));
  CHECK_FALSE(position.report.stopped_early);
  CHECK_FALSE(end(15, -2.5));
  CHECK(position.report.stopped_early);
  CHECK(best.has_no_patience(position));
  CHECK(position.report.best_epoch == 3);
  CHECK(position.report.best_value == -2.5);
  CHECK(position.report.epochs.back().validation == -2.5);
  CHECK(position.report.epochs.back().loss == 7);
  best.restore(model, position.report);
  CHECK(model == 13);
  CHECK(*best.get() == 13);
}

TEST_CASE("without a validation nothing is kept, and no run ends early") {
  int model = 10;
  ls::BestModel<int> best("fit", model, {.patience = 1}, false);
  Position position;
  model = 11;
  CHECK_FALSE(best.end_epoch(model, {.epoch = 1}, std::numeric_limits<double>::quiet_NaN(), position));
  CHECK_FALSE(position.report.stopped_early);
  CHECK(position.report.best_epoch == 0);
  CHECK(position.report.epochs.size() == 1);
  CHECK(best.get() == nullptr);
  best.restore(model, position.report);
  CHECK(model == 11);
}

TEST_CASE("P12: a validation value that is no number is refused and noted nowhere") {
  int model = 10;
  ls::BestModel<int> best("fit_factors", model, {}, true);
  Position position;
  CHECK(test::error_text<ls::DataError>([&] {
          best.end_epoch(model, {.epoch = 4}, std::numeric_limits<double>::infinity(), position);
        }) == "fit_factors: the validation value of epoch 4 is inf");
  CHECK(position.report.epochs.empty());
  CHECK(position.epochs_without_gain == 0);
}
