// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/prefetch.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace ls = longshore;

namespace {

using Place = std::pair<std::size_t, std::size_t>;  // epoch and position

struct Made {
  Place place;
  std::vector<int> content;
};

/// Notes which batches are asked for, by whom; a test may delay it or let it throw.
struct Source {
  using batch_type = Made;
  std::size_t batches = 5;
  std::function<void(std::size_t epoch, std::size_t i)> before = {};
  mutable std::atomic<int> calls{0}, now{0};
  mutable std::set<std::thread::id> threads = {};

  std::size_t size() const { return batches; }
  void operator()(std::size_t epoch, std::size_t i, Made& batch) const {
    REQUIRE(now++ == 0);  // one call at a time
    ++calls;
    threads.insert(std::this_thread::get_id());
    if (before) before(epoch, i);
    batch.place = {epoch, i};
    batch.content.assign(50, static_cast<int>(100 * epoch + i));
    --now;
  }
};

/// All batches to the end of the last epoch, each looked at until the next is asked for; {-1, -1} ends an epoch.
std::vector<Place> take_all(ls::Prefetch<Source>& next, std::size_t epochs, const std::function<void()>& work = {}) {
  std::vector<Place> places;
  for (std::size_t ends = 0; ends < epochs;) {
    const Made* batch = next();
    places.push_back(batch ? batch->place : Place(-1, -1));
    if (!batch) {
      ++ends;
      continue;
    }
    const Made before = *batch;
    if (work) work();
    REQUIRE(batch->place == before.place);
    REQUIRE(batch->content == std::vector<int>(50, static_cast<int>(100 * batch->place.first + batch->place.second)));
  }
  return places;
}

std::vector<Place> in_order(std::size_t batches, std::size_t epoch, std::size_t first, std::size_t epochs) {
  std::vector<Place> places;
  for (std::size_t i = first; epoch < epochs; ++epoch, i = 0) {
    for (; i < batches; ++i) places.emplace_back(epoch, i);
    places.emplace_back(-1, -1);
  }
  return places;
}

}  // namespace

TEST_CASE("P19: batches come in their order, whoever of maker and user is the slower") {
  std::mt19937 random(5);
  const auto pause = [&](int most) {
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(0, most)(random)));
  };
  for (const auto& [making, using_up] : {Place(0, 0), Place(300, 0), Place(0, 300), Place(200, 200)}) {
    Source source;
    std::mt19937 makers_own(6);
    source.before = [&makers_own, most = static_cast<int>(making)](std::size_t, std::size_t) {
      std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(0, most)(makers_own)));
    };
    ls::Prefetch next(source, 0, 0, 12);
    const int most = static_cast<int>(using_up);
    CHECK(take_all(next, 12, [&] { pause(most); }) == in_order(5, 0, 0, 12));
    CHECK(next() == nullptr);  // and nothing after the last
    CHECK(source.calls == 60);
    CHECK(source.threads.size() == 1);
    CHECK_FALSE(source.threads.contains(std::this_thread::get_id()));
  }
}

TEST_CASE("it begins anywhere: inside an epoch, at its end, after the last one") {
  for (const std::size_t batches : std::vector<std::size_t>{1, 2, 3, 7})
    for (std::size_t epoch = 0; epoch < 4; ++epoch)
      for (std::size_t first = 0; first <= batches; ++first) {
        CAPTURE(epoch);
        CAPTURE(first);
        Source source;
        source.batches = batches;
        ls::Prefetch next(source, epoch, first, 3);
        REQUIRE(take_all(next, 3 - std::min<std::size_t>(3, epoch)) == in_order(batches, epoch, first, 3));
        REQUIRE(next() == nullptr);
      }
  Source source;
  CHECK_THROWS_WITH_AS(ls::Prefetch(source, 0, 6, 2), "Prefetch: the first batch is 6, an epoch has 5", ls::ShapeError);
  CHECK(source.calls == 0);
  source.batches = 0;
  ls::Prefetch none(source, 0, 0, 2);
  CHECK(none() == nullptr);
}

TEST_CASE("the next batches are made while one is used, those of the next epoch too, and no more than two") {
  Source source;
  source.batches = 2;
  ls::Prefetch next(source, 0, 0, 5);
  REQUIRE(next() != nullptr);
  const auto wait_for = [&](int calls) {
    for (int tries = 0; source.calls < calls && tries < 2000; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return source.calls.load();
  };
  CHECK(wait_for(3) == 3);  // (0, 0) is used; (0, 1) and (1, 0) are there
  REQUIRE(next() != nullptr);
  CHECK(wait_for(4) == 4);
}

TEST_CASE("what the source throws is thrown by the call that would have given the batch, and by those after it") {
  for (std::size_t bad = 0; bad < 10; ++bad) {
    CAPTURE(bad);
    Source source;
    source.before = [bad](std::size_t epoch, std::size_t i) {
      if (epoch * 5 + i == bad) throw std::out_of_range("row " + std::to_string(bad) + " is damaged");
    };
    ls::Prefetch next(source, 0, 0, 3);
    for (std::size_t good = 0; good < bad; ++good) {
      if (good == 5) REQUIRE(next() == nullptr);
      const Made* batch = next();
      REQUIRE(batch != nullptr);
      REQUIRE(batch->place == Place(good / 5, good % 5));
    }
    if (bad == 5) REQUIRE(next() == nullptr);
    const std::string text = "row " + std::to_string(bad) + " is damaged";
    CHECK_THROWS_WITH_AS(next(), text.c_str(), std::out_of_range);
    CHECK_THROWS_WITH_AS(next(), text.c_str(), std::out_of_range);
    CHECK(source.calls == static_cast<int>(bad) + 1);
  }
}

TEST_CASE("it may be left at any moment: the maker ends with the batch that it is at") {
  for (int taken = 0; taken < 7; ++taken) {
    Source source;
    source.before = [](std::size_t, std::size_t) { std::this_thread::sleep_for(std::chrono::microseconds(200)); };
    int calls = 0;
    {
      ls::Prefetch next(source, 0, 0, 1000);
      for (int k = 0; k < taken; ++k) next();
    }
    calls = source.calls;
    CHECK(calls <= taken + 3);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    CHECK(source.calls == calls);
  }
}
