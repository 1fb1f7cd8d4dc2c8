// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <chrono>
#include <longshore/data/long_short_batches.hpp>
#include <longshore/data/synthetic_log.hpp>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "../support/count_allocations.hpp"

namespace ls = longshore;
using Host = ls::LongShortViews::Host;

namespace {

struct Data {
  ls::SyntheticLog synthetic{{.users = 40, .items = 200, .categories = 5, .events = 800}};
  ls::Histories all = ls::histories(synthetic.log());
  std::vector<ls::Example> examples = ls::examples_of(all, all.rows);
};

using Row = std::vector<std::int64_t>;
Row flat(const ls::Batch<Host>& batch) {
  Row row;
  const auto add = [&](const auto& view) {
    for (const auto x : ls::copy_to_host(view)) row.push_back(static_cast<std::int64_t>(x * 1000));
  };
  add(batch.users), add(batch.history.items), add(batch.history.offsets.view), add(batch.long_term.begin);
  add(batch.long_term.end), add(batch.short_term.begin), add(batch.short_term.end), add(batch.candidates),
      add(batch.labels);
  return row;
}

}  // namespace

TEST_CASE("an epoch meets every example once, in another order each epoch; labels mark the target") {
  const Data data;
  for (const auto positions : {ls::Positions::separate, ls::Positions::one_pass}) {
    const ls::LongShortViews views(data.all, {.positions = positions});
    const ls::LongShortBatches batches(views, data.examples, 200, data.all, {.size = 7, .negatives = {.count = 3}});
    CHECK(batches.examples() == data.examples.size());
    std::vector<Row> first_batch;
    for (std::size_t epoch = 0; epoch < 2; ++epoch) {
      std::multiset<std::pair<ls::Id, ls::Id>> met, expected;
      for (const auto& e : data.examples)
        expected.emplace(
            e.user,
            data.all.items[data.all.offsets[static_cast<std::size_t>(e.user)] + static_cast<std::size_t>(e.position)]);
      ls::Batch<Host> batch;
      for (std::size_t i = 0; i < batches.size(); ++i) {
        batches(epoch, i, batch);
        if (i == 0) first_batch.push_back(flat(batch));
        for (ls::Index b = 0; b < batch.size(); ++b) {
          met.emplace(batch.users(b), batch.candidates(b, 0));
          REQUIRE(batch.labels(b, 0) == 1);
          for (ls::Index c = 1; c < 4; ++c) REQUIRE(batch.labels(b, c) == 0);
        }
      }
      CHECK(met == expected);
    }
    CHECK(first_batch[0] != first_batch[1]);
  }
}

TEST_CASE("P4: a batch is a pure function of seed, epoch and index, on any thread and in any order") {
  const Data data;
  const ls::LongShortViews views(data.all, {});
  const ls::LongShortBatches batches(views, data.examples, 200, data.all, {.size = 16, .seed = 3}),
      other(views, data.examples, 200, data.all, {.size = 16, .seed = 4});
  std::map<std::size_t, Row> forwards, backwards;
  std::thread thread([&] {
    ls::Batch<Host> batch;
    for (std::size_t i = batches.size(); i-- > 0;) batches(1, i, batch), backwards[i] = flat(batch);
  });
  ls::Batch<Host> batch;
  for (std::size_t i = 0; i < batches.size(); ++i) batches(1, i, batch), forwards[i] = flat(batch);
  thread.join();
  CHECK(forwards == backwards);
  other(1, 0, batch);
  CHECK(flat(batch) != forwards[0]);
}

TEST_CASE("log probabilities are those of the candidates") {
  const Data data;
  const ls::LongShortViews views(data.all, {});
  const ls::LongShortBatches batches(views, data.examples, 200, data.all, {.size = 16, .with_log_q = true});
  ls::Batch<Host> batch;
  batches(0, 0, batch);
  REQUIRE(batch.log_q.data() != nullptr);
  for (ls::Index b = 0; b < batch.size(); ++b)
    for (ls::Index c = 0; c < 5; ++c) CHECK(batch.log_q(b, c) == doctest::Approx(-std::log(200.0)));
}

TEST_CASE("P14: a batch of no examples is refused") {
  const Data data;
  const ls::LongShortViews views(data.all, {});
  CHECK_THROWS_WITH_AS(ls::LongShortBatches(views, data.examples, 200, data.all, {.size = 0}),
                       "LongShortBatches: size is at least 1, it is 0", ls::ShapeError);
}

TEST_CASE("making batches again allocates nothing, whatever they hold") {
  Data data;
  auto price = xt::xtensor<float, 1>::from_shape({data.all.size()});
  price.fill(1.5f);
  data.all.columns.set<float>("price", price);
  for (const auto positions : {ls::Positions::separate, ls::Positions::one_pass}) {
    const ls::LongShortViews views(data.all, {.short_term = {.session_gap = std::chrono::minutes(30)},
                                              .positions = positions,
                                              .half_life = 100,
                                              .with_times = true,
                                              .with_values = true});
    const ls::LongShortBatches batches(views, data.examples, 200, data.all, {.size = 16, .with_log_q = true});
    ls::Batch<Host> batch;
    std::size_t allocations = 0;
    for (std::size_t round = 0; round < 4; ++round)
      for (std::size_t i = 0; i < batches.size(); ++i) {
        const std::size_t before = count_allocations();
        batches(0, i, batch);
        if (round == 0 && i == 0) CHECK(count_allocations() > before);
        if (round >= 2) allocations += count_allocations() - before;
      }
    CHECK(allocations == 0);
  }
}

TEST_CASE("a fingerprint is the same for the same batches, and tells by name what is another") {
  const auto of = [](const Data& data, const ls::LongShortSettings& see, const ls::LongShortBatchSettings& draw,
                     std::size_t fewer = 0) {
    auto examples = data.examples;
    examples.resize(examples.size() - fewer);
    return ls::LongShortBatches(ls::LongShortViews(data.all, see), examples, 200, data.all, draw).fingerprint();
  };
  const Data data;
  const auto usual = of(data, {}, {.size = 8});
  CHECK(of(Data(), {}, {.size = 8}) == usual);
  const auto differing = [&](const auto& other) {
    std::vector<std::string> names;
    REQUIRE(other.size() == usual.size());
    for (std::size_t i = 0; i < usual.size(); ++i)
      if (other[i] != usual[i]) names.push_back(other[i].first);
    return names;
  };
  using Names = std::vector<std::string>;
  const std::string histories = "checksum of the histories", first = "checksum of the first batch";
  const Names fewer = differing(of(data, {}, {.size = 8}, 3));  // the first batch may have none of those left out
  CHECK((fewer == Names{"examples", histories} || fewer == Names{"examples", histories, first}));
  CHECK(differing(of(data, {}, {.size = 9})) == Names{"batch size", first});
  CHECK(differing(of(data, {}, {.size = 8, .seed = 1})) == Names{"batch seed", first});
  CHECK(differing(of(data, {}, {.size = 8, .shuffle = false})) == Names{first});
  CHECK(differing(of(data, {}, {.size = 8, .negatives = {.count = 2}})) == Names{first});
  CHECK(differing(of(data, {.short_term = {.last = 3}}, {.size = 8})) == Names{first});
  CHECK(differing(of(data, {.half_life = 9}, {.size = 8})) == Names{first});
  Data changed;
  changed.all.values.back() += 1;  // in no batch
  CHECK(differing(of(changed, {}, {.size = 8})) == Names{histories});
}
