// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <longshore/data/long_short_batches.hpp>
#include <longshore/data/synthetic_log.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "../support/count_allocations.hpp"
#include "../support/error_text.hpp"
#include "../support/small_histories.hpp"

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

TEST_CASE(
    "an epoch meets every example once, in another order and with other negatives each epoch; labels mark the target") {
  const Data data;
  for (const auto positions : {ls::Positions::separate, ls::Positions::one_pass}) {
    const ls::LongShortViews views(data.all, {.positions = positions});
    const ls::LongShortBatches batches(views, data.examples, 200, data.all, {.size = 7, .negatives = {.count = 3}});
    CHECK(batches.examples() == data.examples.size());
    using Example = std::pair<ls::Id, ls::Id>;  // user and target: no user has an item twice
    std::vector<Example> order[2];
    std::map<Example, std::vector<ls::Id>> negatives[2];
    for (std::size_t epoch = 0; epoch < 2; ++epoch) {
      std::multiset<Example> met, expected;
      for (const auto& e : data.examples)
        expected.emplace(
            e.user,
            data.all.items[data.all.offsets[static_cast<std::size_t>(e.user)] + static_cast<std::size_t>(e.position)]);
      ls::Batch<Host> batch;
      for (std::size_t i = 0; i < batches.size(); ++i) {
        batches(epoch, i, batch);
        for (ls::Index b = 0; b < batch.size(); ++b) {
          const Example example{batch.users(b), batch.candidates(b, 0)};
          met.insert(example);
          order[epoch].push_back(example);
          REQUIRE(batch.labels(b, 0) == 1);
          for (ls::Index c = 1; c < 4; ++c) {
            REQUIRE(batch.labels(b, c) == 0);
            negatives[epoch][example].push_back(batch.candidates(b, c));
          }
        }
      }
      CHECK(met == expected);
    }
    CHECK(order[0] != order[1]);
    for (const auto& [example, drawn] : negatives[0]) CHECK(drawn != negatives[1][example]);  // of 8,000,000 triples
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

namespace {

/// Histories with a further column, "dwell": a tenth of the value.
ls::Histories with_dwell() {
  ls::Histories all = small_histories();
  auto dwell = xt::xtensor<float, 1>::from_shape({all.size()});
  for (std::size_t n = 0; n < all.size(); ++n) dwell.data()[n] = all.values[n] / 10;
  all.columns.set<float>("dwell", dwell);
  return all;
}

}  // namespace

TEST_CASE("labels are 1 or the target's value, weights what a column says of the target; negatives share the weight") {
  const ls::Histories all = with_dwell();
  const std::vector<ls::Example> examples{{0, 1}, {0, 4}, {1, 2}};  // values 2, 5 and 8
  const std::vector<float> values{2, 5, 8};
  for (const auto positions : {ls::Positions::separate, ls::Positions::one_pass}) {
    const ls::LongShortViews views(all, {.positions = positions});
    const auto batch_of = [&](const ls::LongShortBatchSettings& settings) {
      ls::Batch<Host> batch;
      ls::LongShortBatches(views, examples, 7, all, settings)(0, 0, batch);
      return batch;
    };
    const auto rows = [&](const ls::View<const float, 2, Host>& view) { return ls::copy_to_host(view); };
    const auto usual = batch_of({.shuffle = false, .negatives = {.count = 1}});
    CHECK(rows(usual.labels) == std::vector<float>{1, 0, 1, 0, 1, 0});
    CHECK(usual.weights.data() == nullptr);
    const auto ratings = batch_of({.shuffle = false, .negatives = {.count = 0}, .labels = ls::TargetLabels::value});
    CHECK(rows(ratings.labels) == values);
    CHECK(ratings.weights.data() == nullptr);
    const auto both =
        batch_of({.shuffle = false, .negatives = {.count = 1}, .labels = ls::TargetLabels::value, .weights = "dwell"});
    CHECK(rows(both.labels) == std::vector<float>{2, 0, 5, 0, 8, 0});
    CHECK(rows(both.weights) == std::vector<float>{0.2f, 0.2f, 0.5f, 0.5f, 0.8f, 0.8f});
    const auto by_value = batch_of({.shuffle = false, .negatives = {.count = 1}, .weights = "value"});
    CHECK(rows(by_value.labels) == rows(usual.labels));
    CHECK(rows(by_value.weights) == std::vector<float>{2, 2, 5, 5, 8, 8});
    CHECK(rows(by_value.weights).size() == by_value.candidates.size());
  }
  // Shuffled, each keeps its own; the first candidate is items[place].
  const ls::LongShortViews views(all, {});
  const ls::LongShortBatches shuffled(views, ls::examples_of(all, all.rows), 7, all,
                                      {.size = 6, .labels = ls::TargetLabels::value, .weights = "dwell"});
  ls::Batch<Host> batch;
  shuffled(3, 0, batch);
  for (ls::Index b = 0; b < batch.size(); ++b) {
    const ls::Id item = batch.candidates(b, 0);
    const float value = item == 0 ? 3.0f
                                  : static_cast<float>(item) + (batch.users(b) == 1 ? 2.0f
                                                                : item > 1          ? 2.0f
                                                                                    : 1.0f);
    CHECK(batch.labels(b, 0) == value);
    CHECK(batch.weights(b, 4) == value / 10);
  }
}

TEST_CASE("P14: weights and labels that are none are refused before the first batch, naming column and event") {
  ls::Histories all = with_dwell();
  const ls::LongShortViews views(all, {});
  const auto text = [&](const ls::LongShortBatchSettings& settings, const std::vector<ls::Example>& examples) {
    return test::error_text<ls::DataError>([&] { ls::LongShortBatches(views, examples, 7, all, settings); });
  };
  CHECK(text({.weights = "dwel"}, {}) ==
        "LongShortBatches: weights is 'dwel'; the log has no column of that name, a column of float or \"value\" is "
        "expected");
  CHECK(text({.weights = "category"}, {}) ==
        "LongShortBatches: weights is 'category'; the log has a column of Id of that name, a column of float or "
        "\"value\" is expected");
  all.columns.get<float>("dwell").data()[7] = -1;
  CHECK(text({.weights = "dwell"}, {{0, 1}, {1, 2}}) ==
        "LongShortBatches: the weight 'dwell' of the event at position 2 of user 1 is -1; it must be finite and at "
        "least 0");
  CHECK_NOTHROW(ls::LongShortBatches(views, {{0, 1}}, 7, all, {.weights = "dwell"}));
  all.values[4] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<ls::Example> bad{{0, 4}};
  CHECK(test::has(text({.weights = "value"}, bad), "the weight 'value' of the event at position 4 of user 0 is "));
  CHECK(
      test::has(text({.labels = ls::TargetLabels::value}, bad), "the value of the event at position 4 of user 0 is "));
  CHECK_NOTHROW(ls::LongShortBatches(views, bad, 7, all, {}));
  all.values.clear();
  CHECK(text({.labels = ls::TargetLabels::value}, {}) == "LongShortBatches: the histories have 0 values for 8 events");
  CHECK(text({}, {{0, 5}}) == "LongShortBatches: user 0 has no event at position 5 that could be a target");
  CHECK(text({}, {{2, 0}}) == "LongShortBatches: user 2 has no event at position 0 that could be a target");
}

TEST_CASE("log probabilities of negatives in a batch are the frequencies of their draws over the epochs") {
  const Data data;
  const ls::LongShortViews views(data.all, {});
  const auto size = static_cast<ls::Index>(data.examples.size() - 1) / 40;
  auto examples = data.examples;
  examples.resize(static_cast<std::size_t>(40 * size) + 1);  // the last batch has one
  const ls::LongShortBatches batches(
      views, examples, 200, data.all,
      {.size = size, .with_log_q = true, .negatives = {.kind = ls::NegativeSettings::Kind::in_batch, .count = 8}});
  std::vector<double> drawn(200), expected(200);
  double draws = 0;
  ls::Batch<Host> batch;
  for (std::size_t epoch = 0; epoch < 100; ++epoch)
    for (std::size_t i = 0; i < batches.size(); ++i) {
      batches(epoch, i, batch);
      for (ls::Index b = 0; b < batch.size(); ++b)
        for (ls::Index c = 0; c < 9; ++c) {
          const auto item = static_cast<std::size_t>(batch.candidates(b, c));
          const double probability = std::exp(static_cast<double>(batch.log_q(b, c)));
          if (batch.size() == 1) {
            REQUIRE(probability == doctest::Approx(1.0 / 200));  // there is nothing else to draw from
          } else {
            REQUIRE((expected[item] == 0 || expected[item] == probability));
            expected[item] = probability;
            if (c > 0) ++drawn[item], ++draws;
          }
        }
    }
  double distance = 0, whole = 0;
  for (std::size_t item = 0; item < 200; ++item) {
    distance += std::abs(drawn[item] / draws - expected[item]) / 2;
    whole += expected[item];
  }
  CHECK(whole == doctest::Approx(1));
  CHECK(distance < 0.01);
}

TEST_CASE("P14: log probabilities are refused where a target cannot be drawn, or draws are not those of the items") {
  const Data data;
  using Kind = ls::NegativeSettings::Kind;
  const auto refusal = [&](ls::NegativeSettings negatives, bool shuffle = true,
                           ls::Positions positions = ls::Positions::separate) {
    return test::error_text<ls::Error>([&] {
      ls::LongShortBatches(ls::LongShortViews(data.all, {.positions = positions}), data.examples, 200, data.all,
                           {.shuffle = shuffle, .with_log_q = true, .negatives = negatives});
    });
  };
  CHECK(refusal({}) == "nothing was thrown");
  CHECK(refusal({.kind = Kind::in_batch}) == "nothing was thrown");
  CHECK(refusal({.exclude_seen = true}).starts_with("Negatives: with .exclude_seen no target is ever drawn"));
  CHECK(refusal({.kind = Kind::in_batch}, false).ends_with("here neighbours in a batch are of one user"));
  CHECK(refusal({.kind = Kind::in_batch}, true, ls::Positions::one_pass)
            .starts_with("LongShortBatches: with_log_q and negatives of kind in_batch need"));
  const auto lists = std::make_shared<std::vector<std::vector<ls::Id>>>(40, std::vector<ls::Id>{0});
  CHECK(refusal({.kind = Kind::given, .lists = lists})
            .ends_with("is never drawn as a negative: there is nothing to correct its score by"));
}

TEST_CASE("P14: a batch of no examples and a batch that an epoch does not have are refused") {
  const Data data;
  const ls::LongShortViews views(data.all, {});
  CHECK_THROWS_WITH_AS(ls::LongShortBatches(views, data.examples, 200, data.all, {.size = 0}),
                       "LongShortBatches: size is at least 1, it is 0", ls::ShapeError);
  const ls::LongShortBatches batches(views, {data.examples.begin(), data.examples.begin() + 20}, 200, data.all,
                                     {.size = 10});
  ls::Batch<Host> batch;
  CHECK_NOTHROW(batches(7, 1, batch));
  CHECK_THROWS_WITH_AS(batches(7, 2, batch), "LongShortBatches: batch 2 was asked for, an epoch has 2", ls::ShapeError);
}

TEST_CASE("making batches again allocates nothing, whatever they hold") {
  Data data;
  auto price = xt::xtensor<float, 1>::from_shape({data.all.size()});
  price.fill(1.5f);
  const char* const name = "price in a currency of long ago";  // no string keeps that in itself
  data.all.columns.set<float>(name, price);
  for (const int kind : {0, 1, 2}) {
    CAPTURE(kind);
    const ls::LongShortViews views(data.all,
                                   {.long_term = {.last = kind == 2 ? 0 : 50, .frequent = kind == 2 ? 3 : 0},
                                    .short_term = {.session_gap = std::chrono::minutes(30)},
                                    .positions = kind == 1 ? ls::Positions::one_pass : ls::Positions::separate,
                                    .half_life = 100,
                                    .with_times = true,
                                    .with_values = true});
    const ls::LongShortBatches batches(
        views, data.examples, 200, data.all,
        {.size = 16, .with_log_q = true, .labels = ls::TargetLabels::value, .weights = name});
    ls::Batch<Host> batch;
    std::size_t allocations = 0;
    for (std::size_t round = 0; round < 4; ++round)
      for (std::size_t i = 0; i < batches.size(); ++i) {
        const std::size_t before = count_allocations();
        batches(0, i, batch);
        if (round == 0 && i == 0 && allocations_are_counted) CHECK(count_allocations() > before);
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
  const std::string views = "checksum of the views", draws = "checksum of the draws";
  const Names fewer = differing(of(data, {}, {.size = 8}, 3));  // the first batch may have none of those left out
  CHECK((fewer == Names{"examples", histories} || fewer == Names{"examples", histories, first}));
  CHECK(differing(of(data, {}, {.size = 9})) == Names{"batch size", first});
  CHECK(differing(of(data, {}, {.size = 8, .seed = 1})) == Names{"batch seed", first});
  CHECK(differing(of(data, {}, {.size = 8, .shuffle = false})) == Names{draws, first});
  CHECK(differing(of(data, {}, {.size = 8, .negatives = {.count = 2}})) == Names{draws, first});
  CHECK(differing(of(data, {}, {.size = 8, .weights = "value"})) == Names{draws, first});
  CHECK(differing(of(data, {.short_term = {.last = 3}}, {.size = 8})) == Names{views, first});
  CHECK(differing(of(data, {.half_life = 9}, {.size = 8})) == Names{views, first});
  Data changed;
  changed.all.values.back() += 1;  // in no batch
  CHECK(differing(of(changed, {}, {.size = 8})) == Names{histories});
  changed = Data();
  changed.all.columns.set("one", xt::xtensor<float, 1>(std::array{changed.all.size()}, 1.0f));
  const auto one = of(changed, {}, {.size = 8});
  changed = Data();
  changed.all.columns.set("two", xt::xtensor<float, 1>(std::array{changed.all.size()}, 1.0f));
  CHECK(of(changed, {}, {.size = 8}) != one);
}

TEST_CASE("a fingerprint sums up what the first batch does not show: other windows, lists, counts and seen items") {
  const Data data;
  using Lists = std::vector<std::vector<ls::Id>>;
  const auto of = [&](const ls::LongShortSettings& see, const ls::NegativeSettings& negatives,
                      const ls::Histories& train) {
    return ls::LongShortBatches(ls::LongShortViews(data.all, see), data.examples, 200, train,
                                {.size = 4, .negatives = negatives})
        .fingerprint();
  };
  const auto differs = [](const auto& some, const auto& other, std::size_t place, const std::string& name) {
    CHECK(some[place].first == name);
    CHECK(some[place] != other[place]);
    CHECK(some.back() == other.back());  // the first batch shows nothing of it
  };
  // No session of the log is as long as that.
  differs(of({}, {}, data.all),
          of({.short_term = {.last = 10, .session_gap = std::chrono::hours(1000000)}}, {}, data.all), 4,
          "checksum of the views");
  ls::Batch<Host> first;
  ls::LongShortBatches(ls::LongShortViews(data.all, {}), data.examples, 200, data.all, {.size = 4})(0, 0, first);
  std::set<ls::Id> there(first.users.data(), first.users.data() + first.users.size());
  Lists lists(40, {1, 2, 3}), others = lists;
  for (ls::Id user = 0; user < 40; ++user)
    if (!there.contains(user)) others[static_cast<std::size_t>(user)] = {99, 98, 97};
  REQUIRE(others != lists);
  const auto given = [&](const Lists& of_users) {
    return of({}, {.kind = ls::NegativeSettings::Kind::given, .lists = std::make_shared<const Lists>(of_users)},
              data.all);
  };
  differs(given(lists), given(others), 5, "checksum of the draws");
  CHECK(given(lists) == given(lists));
  ls::Histories train = data.all;  // a user of whom nothing is in the first batch has another past
  for (ls::Id user = 0; user < 40; ++user)
    if (!there.contains(user))
      std::swap(train.items[train.offsets[static_cast<std::size_t>(user)]], train.items.back());
  CHECK(of({}, {.exclude_seen = true}, data.all)[5] != of({}, {.exclude_seen = true}, train)[5]);
  CHECK(of({}, {}, data.all)[5] == of({}, {}, train)[5]);  // drawn alike: it decides nothing
  train.items.back() = (train.items.back() + 1) % 200;
  const ls::NegativeSettings popular{.kind = ls::NegativeSettings::Kind::popularity};
  CHECK(of({}, popular, data.all)[5] != of({}, popular, train)[5]);
}

TEST_CASE("P14: weights that could be the values of the log or a column of that name are refused") {
  ls::Histories all = with_dwell();
  all.columns.set("value", xt::xtensor<float, 1>(xt::ones<float>({8})));
  const ls::LongShortViews views(all, {});
  const std::vector<ls::Example> examples{{0, 4}};
  CHECK_THROWS_WITH_AS(
      ls::LongShortBatches(views, examples, 7, all, {.weights = "value"}),
      "LongShortBatches: weights is 'value'; the log has a column of float of that name beside its values",
      ls::DataError);
  CHECK_NOTHROW(ls::LongShortBatches(views, examples, 7, all, {.weights = "dwell"}));
}
