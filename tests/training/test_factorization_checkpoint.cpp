// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/factorization_checkpoint.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/factorization/ease.hpp>
#include <string>
#include <vector>

#include "../support/error_text.hpp"
#include "../support/small_factors.hpp"
#include "../support/temporary_folder.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

using Model = test::SmallFactors<float, Kokkos::Serial>;

ls::FactorizationPosition position() {
  ls::FactorizationPosition at;
  at.settings = {{"seed", "7"}};
  at.epochs_without_gain = 1;
  at.report.epochs = {{1, 0.5, 0.25, 0, 0, 1.5, 300}, {2, 0.4, 0.2, 0, 0, 1.25, 310}};
  at.report.best_epoch = 1;
  at.report.best_value = 0.25;
  return at;
}

}  // namespace

TEST_CASE("the checkpoint of a factorisation comes back: model, best model, position and curve") {
  const test::TemporaryFolder folder;
  const Model model({.users = 3, .items = 4, .seed = 1}), best({.users = 3, .items = 4, .seed = 2});
  ls::save_factors(folder / "a", model, &best, position());
  Model other({.users = 3, .items = 4, .seed = 5}), other_best = other;
  const auto read = ls::load_factors(folder / "a", other, &other_best, {{"seed", "7"}});
  CHECK(ls::copy_to_host(other.users.view()) == ls::copy_to_host(model.users.view()));
  CHECK(ls::copy_to_host(other_best.items.view()) == ls::copy_to_host(best.items.view()));
  CHECK(read.epoch() == 2);
  CHECK(read.epochs_without_gain == 1);
  CHECK(read.report.best_epoch == 1);
  CHECK(read.report.best_value == 0.25);
  CHECK(read.report.epochs[1].loss == 0.4);
  CHECK(read.report.epochs[1].seconds == 1.25);

  auto without = position();
  without.report.best_epoch = 0;
  ls::save_factors<Model>(folder / "b", model, nullptr, without);
  CHECK(ls::load_factors(folder / "b", other, &other_best, {}).report.best_epoch == 0);
}

TEST_CASE(
    "the checkpoint of a factorisation keeps an epoch that waits for its validation apart from the finished ones") {
  const test::TemporaryFolder folder;
  Model model({.users = 3, .items = 4, .seed = 1});
  auto at = position();
  at.trained = ls::EpochRecord{.epoch = 3, .loss = 0.3, .seconds = 2};
  ls::save_factors<Model>(folder / "a", model, nullptr, at);
  const auto read = ls::load_factors<Model>(folder / "a", model, nullptr, {{"seed", "7"}});
  CHECK(read.epoch() == 2);
  CHECK(read.report.steps == 3);
  REQUIRE(read.trained.has_value());
  CHECK(read.trained->epoch == 3);
  CHECK(read.trained->loss == 0.3);
  CHECK(read.trained->seconds == 2);
  ls::save_factors<Model>(folder / "b", model, nullptr, position());
  CHECK_FALSE(ls::load_factors<Model>(folder / "b", model, nullptr, {{"seed", "7"}}).trained.has_value());
}

TEST_CASE("P14: a file that is no checkpoint of this factorisation changes nothing") {
  const test::TemporaryFolder folder;
  const Model model({.users = 3, .items = 4});
  ls::save_factors<Model>(folder / "a", model, nullptr, position());
  Model wide({.users = 3, .items = 4, .features = 6, .seed = 9});
  const auto before = ls::copy_to_host(wide.users.view());
  const auto load = [&](const char* name, const char* seed = "7") {
    return error_text<ls::FileError>([&] { ls::load_factors<Model>(folder / name, wide, nullptr, {{"seed", seed}}); });
  };
  CHECK(has(load("a"), "misshaped: model.users (file (3, 2), model (3, 6))"));
  CHECK(has(load("a", "8"), "the run had other settings or data; seed: \"7\" in the run, \"8\" here"));
  ls::save(model, folder / "plain");
  CHECK(has(load("plain"), "this is no checkpoint of a factorisation"));
  CHECK(has(load("absent"), "absent"));
  const ls::Ease<float, Kokkos::Serial> another({.items = 4});
  ls::save_factors<ls::Ease<float, Kokkos::Serial>>(folder / "another", another, nullptr, position());
  CHECK(has(load("another"), "the run trained \"Ease\", this one trains " + std::string(Model::block_name)));
  CHECK(ls::copy_to_host(wide.users.view()) == before);
}

TEST_CASE("P14: a position that no run can have is refused, and nothing changes") {
  const test::TemporaryFolder folder;
  const Model model({.users = 3, .items = 4});
  Model other({.users = 3, .items = 4, .seed = 9}), best = other;
  const auto before = ls::copy_to_host(other.users.view());
  const auto refusal = [&](auto change) {
    auto at = position();
    change(at);
    ls::save_factors<Model>(folder / "a", model, &model, at);
    const auto text = error_text<ls::FileError>([&] {
      ls::load_factors<Model>(folder / "a", other, &best, {{"seed", "7"}});
    });
    CHECK(ls::copy_to_host(other.users.view()) == before);
    return text;
  };
  CHECK(has(refusal([](auto& at) { at.epochs_without_gain = -1; }), ": the position in the run makes no sense"));
  CHECK(has(refusal([](auto& at) { at.report.best_epoch = 3; }), ": the position in the run makes no sense"));
}
