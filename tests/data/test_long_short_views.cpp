// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/data/long_short_views.hpp>
#include <vector>

#include "../support/small_histories.hpp"

namespace ls = longshore;
using Host = ls::LongShortViews::Host;

namespace {

using Ids = std::vector<ls::Id>;
using Indices = std::vector<ls::Index>;

/// The items of a window of a batch.
Ids items(const ls::Batch<Host>& batch, const ls::Windows<Host>& windows, ls::Index b) {
  Ids result;
  for (ls::Index n = windows.begin(b); n < windows.end(b); ++n) result.push_back(batch.history.items(n));
  return result;
}

void check_windows(const ls::Windows<Host>& windows) {
  CHECK(windows.pairs(0) == 0);
  ls::Index longest = 0;
  for (ls::Index b = 0; b < windows.count(); ++b) {
    const ls::Index length = windows.end(b) - windows.begin(b);
    REQUIRE(length >= 0);
    CHECK(windows.pairs(b + 1) == windows.pairs(b) + length);
    longest = std::max(longest, length);
    if (b > 0) {
      CHECK(windows.begin(b) >= windows.begin(b - 1));
      CHECK(windows.end(b) >= windows.end(b - 1));
    }
  }
  CHECK(windows.longest == longest);
  CHECK(windows.pair_count == windows.pairs(windows.count()));
}

}  // namespace

TEST_CASE("separate examples have their own history: the union of both windows") {
  const auto all = small_histories();
  const ls::LongShortViews views(
      all, {.long_term = {.last = 3}, .short_term = {.last = 2}, .with_times = true, .with_values = true});
  ls::Batch<Host> batch;
  const std::vector<ls::Example> examples{{0, 4}, {1, 2}, {0, 0}, {1, 3}};
  views.fill(examples, batch);
  CHECK(batch.size() == 4);
  CHECK(ls::copy_to_host(batch.users) == Ids{0, 1, 0, 1});
  CHECK(ls::copy_to_host(batch.history.items) == Ids{1, 0, 2, 4, 5, 4, 5, 6});
  CHECK(ls::copy_to_host(batch.history.offsets.view) == Indices{0, 3, 5, 5, 8});
  CHECK(batch.history.offsets.longest == 3);
  CHECK(items(batch, batch.long_term, 0) == Ids{1, 0, 2});
  CHECK(items(batch, batch.short_term, 0) == Ids{0, 2});
  CHECK(items(batch, batch.long_term, 2).empty());
  CHECK(items(batch, batch.short_term, 3) == Ids{5, 6});
  CHECK(ls::copy_to_host(batch.history.columns.get<ls::Id>("category")) == Ids{10, 20, 30, 50, 60, 50, 60, 70});
  CHECK(batch.history.columns.get<ls::Seconds>("time")(2) == 5100);
  CHECK(batch.history.columns.get<float>("value")(7) == 8);
  check_windows(batch.long_term);
  check_windows(batch.short_term);
}

TEST_CASE("separate examples hold their history from the first step on request, with the same windows") {
  const auto all = small_histories();
  ls::LongShortSettings settings{.long_term = {.last = 2}, .short_term = {.last = 1}, .from_first_step = true};
  ls::Batch<Host> batch;
  ls::LongShortViews(all, settings).fill(std::vector<ls::Example>{{0, 4}, {1, 1}, {1, 0}}, batch);
  CHECK(ls::copy_to_host(batch.history.items) == Ids{0, 1, 0, 2, 4});
  CHECK(ls::copy_to_host(batch.history.offsets.view) == Indices{0, 4, 5, 5});
  CHECK(items(batch, batch.long_term, 0) == Ids{0, 2});
  CHECK(items(batch, batch.short_term, 0) == Ids{2});
  CHECK(items(batch, batch.long_term, 1) == Ids{4});
  CHECK_FALSE(batch.history.offsets.head_start);
  check_windows(batch.long_term);
  check_windows(batch.short_term);
  settings.from_first_step = false;
  settings.positions = ls::Positions::one_pass;
  ls::LongShortViews(all, settings).fill(std::vector<ls::Example>{{0, 4}}, batch);
  CHECK(batch.history.offsets.head_start);
}

TEST_CASE("the short window can be a session, cut out of the long one") {
  const auto all = small_histories();
  ls::LongShortSettings settings{
      .long_term = {}, .short_term = {.session_gap = std::chrono::minutes(30)}, .short_inside = false};
  const ls::LongShortViews views(all, settings);
  ls::Batch<Host> batch;
  const std::vector<ls::Example> examples{{0, 4}, {0, 2}, {1, 2}};
  views.fill(examples, batch);
  CHECK(items(batch, batch.long_term, 0) == Ids{0, 1});
  CHECK(items(batch, batch.short_term, 0) == Ids{0, 2});
  CHECK(items(batch, batch.long_term, 1) == Ids{0, 1});
  CHECK(items(batch, batch.short_term, 1).empty());  // the target begins a session
  CHECK(items(batch, batch.long_term, 2) == Ids{4, 5});
  check_windows(batch.long_term);
  check_windows(batch.short_term);
}

TEST_CASE("one pass: all positions of a user share one history, and see what separate examples see") {
  const auto all = small_histories();
  for (const bool inside : {true, false}) {
    ls::LongShortSettings settings{.long_term = {.last = 3},
                                   .short_term = {.last = 2, .session_gap = std::chrono::minutes(30)},
                                   .short_inside = inside,
                                   .half_life = 0};
    const ls::LongShortViews separate(all, settings);
    settings.positions = ls::Positions::one_pass;
    const ls::LongShortViews shared(all, settings);
    const std::vector<ls::Example> examples{{0, 1}, {0, 2}, {0, 4}, {1, 1}, {1, 2}};
    ls::Batch<Host> one, each;
    shared.fill(examples, one);
    separate.fill(examples, each);
    CHECK(one.history.items.extent(0) == 4 + 2);
    CHECK(ls::copy_to_host(one.history.offsets.view) == Indices{0, 4, 6});
    CHECK(ls::copy_to_host(one.users) == Ids{0, 0, 0, 1, 1});
    for (ls::Index b = 0; b < 5; ++b) {
      CHECK(items(one, one.long_term, b) == items(each, each.long_term, b));
      CHECK(items(one, one.short_term, b) == items(each, each.short_term, b));
    }
    check_windows(one.long_term);
    check_windows(one.short_term);
  }
}

TEST_CASE("a window of frequent items has holes; its steps are a sequence of their own") {
  const auto all = small_histories();
  const ls::LongShortViews views(all, {.long_term = {.frequent = 2}, .short_term = {.last = 1}});
  ls::Batch<Host> batch;
  const std::vector<ls::Example> examples{{0, 4}, {1, 3}};
  views.fill(examples, batch);
  CHECK(items(batch, batch.long_term, 0) == Ids{0, 0, 2});  // 0 twice; of the others the most recent
  CHECK(items(batch, batch.short_term, 0) == Ids{2});
  CHECK(items(batch, batch.long_term, 1) == Ids{5, 6});
  CHECK(batch.history.offsets.count() == 4);
  check_windows(batch.long_term);
  check_windows(batch.short_term);
}

TEST_CASE("weights decay by half in a half-life, and are logarithms that the example does not change") {
  const auto all = small_histories();
  ls::Batch<Host> batch;
  const auto decay = [&](double half_life, ls::Positions positions) {
    const ls::LongShortViews views(
        all, {.long_term = {}, .short_term = {.last = 1}, .positions = positions, .half_life = half_life});
    views.fill(std::vector<ls::Example>{{0, 2}, {0, 4}}, batch);
    std::vector<double> logarithms;
    for (const auto weight : ls::copy_to_host(batch.history.columns.get<ls::LogWeight>("decay")))
      logarithms.push_back(weight.log2);
    return logarithms;
  };
  CHECK(decay(100, ls::Positions::separate) == std::vector<double>{0, 1, 0, 1, 50, 51});  // at 0, 100, 5000 and 5100 s
  CHECK(decay(100, ls::Positions::one_pass) == std::vector<double>{0, 1, 50, 51});
  // No half-life is so short that steps of different seconds weigh alike, or have no number.
  for (const double tiny : {1e-3, 3e-308}) {
    const auto logarithms = decay(tiny, ls::Positions::one_pass);
    CHECK(logarithms[0] == 0);
    for (std::size_t n = 1; n < 4; ++n) {
      CHECK(std::isfinite(logarithms[n]));
      CHECK(logarithms[n] - logarithms[n - 1] > 1e4);
    }
  }
}

TEST_CASE("P14: what cannot be shared or is not there is refused") {
  const auto all = small_histories();
  CHECK_THROWS_WITH_AS(ls::LongShortViews(all, {.long_term = {.frequent = 2}, .positions = ls::Positions::one_pass}),
                       "LongShortViews: a window of frequent items has holes, it cannot share a history in one pass",
                       ls::ShapeError);
  const ls::LongShortViews views(all, {}), shared(all, {.positions = ls::Positions::one_pass});
  ls::Batch<Host> batch;
  const auto fill = [&](const ls::LongShortViews& of, std::vector<ls::Example> examples) { of.fill(examples, batch); };
  CHECK_THROWS_WITH_AS(fill(views, {{2, 0}}), "LongShortViews: user 2 is outside the 2 users of the histories",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(fill(views, {{1, 4}}), "LongShortViews: position 4 is outside the 3 events of user 1",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(fill(shared, {{0, 2}, {0, 1}}),
                       "LongShortViews: examples of user 0 that share a history must ascend in position",
                       ls::DataError);
  const std::vector<ls::Id> many(66000, 0);
  std::vector<ls::Example> each;
  for (std::int32_t p = 0; p < 66000; ++p) each.push_back({0, p});
  ls::Histories long_one;
  long_one.offsets = {0, many.size()};
  long_one.items.assign(many.begin(), many.end());
  const auto views_of_long_one = [&] { return ls::LongShortViews(long_one, {.with_values = true}); };
  CHECK_THROWS_WITH_AS(views_of_long_one(), "LongShortViews: the histories have 0 times for 66000 events",
                       ls::ShapeError);
  long_one.times.resize(many.size());
  CHECK_THROWS_WITH_AS(views_of_long_one(), "LongShortViews: the histories have 0 values for 66000 events",
                       ls::ShapeError);
  long_one.offsets = {0, many.size() + 1};
  CHECK_THROWS_WITH_AS(views_of_long_one(),
                       "LongShortViews: the offsets of the histories must ascend from 0 to 66000, the number of events",
                       ls::ShapeError);
  long_one.offsets = {0, many.size()};
  const ls::LongShortViews pairs(long_one, {.long_term = {}, .positions = ls::Positions::one_pass});
  CHECK_THROWS_WITH_AS(fill(pairs, each), "LongShortViews: the windows of this batch have more than 2^31 steps",
                       ls::DataError);
  fill(views, {});
  CHECK(batch.size() == 0);
  CHECK(batch.history.offsets.count() == 0);
}
