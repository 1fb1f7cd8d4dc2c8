// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <longshore/data/long_short_views.hpp>
#include <string>
#include <type_traits>
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

TEST_CASE("steps of a short window of frequent items are cut out of the long one, and no others") {
  ls::Histories all;
  all.offsets = {0, 8};
  all.items = {1, 1, 1, 2, 3, 2, 9, 7};
  all.times = {0, 1, 2, 3, 4, 5, 6, 7};
  ls::Batch<Host> batch;
  const std::vector<ls::Example> examples{{0, 4}, {0, 7}};
  const auto fill = [&](const ls::Window& long_term, const ls::Window& short_term) {
    ls::LongShortViews(all, {.long_term = long_term, .short_term = short_term, .short_inside = false})
        .fill(examples, batch);
    check_windows(batch.long_term);
    check_windows(batch.short_term);
  };
  fill({.last = 50}, {.frequent = 1});
  CHECK(items(batch, batch.short_term, 0) == Ids{1, 1, 1});
  CHECK(items(batch, batch.long_term, 0) == Ids{2});
  CHECK(items(batch, batch.long_term, 1) == Ids{2, 3, 2, 9});
  fill({.frequent = 2}, {.last = 4, .frequent = 1});
  CHECK(items(batch, batch.short_term, 1) == Ids{2, 2});
  CHECK(items(batch, batch.long_term, 1) == Ids{1, 1, 1, 9});  // 2 is not counted, and 9 more recent than 3
  fill({.frequent = 1}, {.last = 2});
  CHECK(items(batch, batch.long_term, 1) == Ids{1, 1, 1});
  CHECK(items(batch, batch.short_term, 1) == Ids{2, 9});
}

TEST_CASE("what is cut out of a long window does not depend on how the short one was written") {
  ls::Histories all;
  all.offsets = {0, 6};
  all.items = {3, 1, 1, 2, 2, 2};
  all.times = {0, 1, 2, 3, 4, 5};
  ls::Batch<Host> batch;
  const std::vector<ls::Example> examples{{0, 6}};
  for (const ls::Window& short_term : {ls::Window{.last = 2}, ls::Window{.last = 2, .frequent = 5}}) {
    ls::LongShortViews(all,
                       {.long_term = {.frequent = 1}, .short_term = short_term, .short_inside = false, .half_life = 1})
        .fill(examples, batch);
    CHECK(items(batch, batch.long_term, 0) == Ids{1, 1});
    CHECK(items(batch, batch.short_term, 0) == Ids{2, 2});
    const auto decay = batch.history.columns.get<ls::LogWeight>("decay");
    const ls::Index of_long = batch.long_term.begin(0), of_short = batch.short_term.begin(0);
    CHECK(decay(of_long).log2 == 1);
    CHECK(decay(of_long + 1).log2 == 2);
    CHECK(decay(of_short).log2 == 4);
    CHECK(decay(of_short + 1).log2 == 5);
  }
}

TEST_CASE("a short window that begins before the long one leaves nothing of it when it is cut out") {
  ls::Histories all;
  all.offsets = {0, 5};
  all.items = {1, 2, 3, 4, 5};
  all.times = {0, 1, 2, 3, 4};
  ls::Batch<Host> batch;
  for (const auto positions : {ls::Positions::separate, ls::Positions::one_pass}) {
    ls::LongShortViews(
        all, {.long_term = {.last = 2}, .short_term = {.last = 4}, .short_inside = false, .positions = positions})
        .fill(std::vector<ls::Example>{{0, 5}}, batch);
    CHECK(items(batch, batch.long_term, 0).empty());
    CHECK(items(batch, batch.short_term, 0) == Ids{2, 3, 4, 5});
    check_windows(batch.long_term);
  }
}

TEST_CASE("a request says when it comes: its windows by time look back from then") {
  const auto all = small_histories();
  ls::Batch<Host> batch;
  for (const auto positions : {ls::Positions::separate, ls::Positions::one_pass}) {
    const ls::LongShortViews views(all,
                                   {.short_term = {.session_gap = std::chrono::minutes(30)}, .positions = positions});
    const std::vector<ls::Example> request{{0, 5}, {1, 3}};
    views.fill(request, batch);
    CHECK(items(batch, batch.short_term, 0) == Ids{0, 2, 3});
    views.fill(request, batch, std::vector<ls::Seconds>{5200 + 1801, 9000 + 1800});
    CHECK(items(batch, batch.short_term, 0).empty());
    CHECK(items(batch, batch.long_term, 0) == Ids{0, 1, 0, 2, 3});
    CHECK(items(batch, batch.short_term, 1) == Ids{6});
    CHECK_THROWS_WITH_AS(views.fill(request, batch, std::vector<ls::Seconds>{5200, 8999}),
                         "LongShortViews: the moment 8999 of example 1 is before the last event of its history",
                         ls::DataError);
    CHECK_THROWS_WITH_AS(views.fill(request, batch, std::vector<ls::Seconds>{1}),
                         "LongShortViews: 1 moments for 2 examples", ls::ShapeError);
  }
  const ls::LongShortViews shared(all, {.positions = ls::Positions::one_pass});
  CHECK_THROWS_WITH_AS(
      shared.fill(std::vector<ls::Example>{{0, 4}, {0, 5}}, batch, std::vector<ls::Seconds>{9999, 5200}),
      "LongShortViews: the moments of user 0, whose examples share a history, must not descend", ls::DataError);
}

TEST_CASE("P14: histories that lack what the settings ask for are refused, and those that would be gone") {
  static_assert(std::is_constructible_v<ls::LongShortViews, const ls::Histories&, ls::LongShortSettings>);
  static_assert(!std::is_constructible_v<ls::LongShortViews, ls::Histories, ls::LongShortSettings>);
  ls::Histories all = small_histories();
  const auto refused = [&](const ls::LongShortSettings& settings) {
    try {
      (void)ls::LongShortViews(all, settings);
    } catch (const ls::DataError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const ls::LongShortSettings by_time[] = {{.short_term = {.session_gap = std::chrono::minutes(30)}},
                                           {.long_term = {.within = std::chrono::hours(1)}},
                                           {.half_life = 5}};
  for (const bool has_times : {true, false}) {
    all.has_times = has_times;
    CHECK(refused({.with_times = true}).empty());
    for (const auto& settings : by_time)
      CHECK(refused(settings) == (has_times ? ""
                                            : "LongShortViews: windows by time (within, session_gap) and half_life "
                                              "need a log with time stamps, this one has none"));
  }
  all.has_times = true;
  for (const char* name : {"time", "value", "decay"})
    all.columns.set(name, xt::xtensor<float, 1>(xt::zeros<float>({8})));
  CHECK(refused({}).empty());
  CHECK(refused({.with_times = true}) ==
        "LongShortViews: with_times makes a step column 'time', and the log has a further column of that name; give it "
        "another one");
  CHECK(refused({.with_values = true}).starts_with("LongShortViews: with_values makes a step column 'value'"));
  CHECK(refused({.half_life = 1}).starts_with("LongShortViews: half_life makes a step column 'decay'"));
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
  CHECK_THROWS_WITH_AS(fill(pairs, each), "LongShortViews: the windows of this batch have 2^31 steps or more",
                       ls::DataError);
  fill(views, {});
  CHECK(batch.size() == 0);
  CHECK(batch.history.offsets.count() == 0);
}
