// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/data/negatives.hpp>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace ls = longshore;
using Kind = ls::NegativeSettings::Kind;

namespace {

/// Two users; items 0 to 3 have 4, 2, 1 and 0 events.
ls::Histories small() {
  ls::Histories train;
  train.offsets = {0, 4, 7};
  train.items = {0, 0, 1, 2, 0, 0, 1};
  train.times = {0, 1, 2, 3, 0, 1, 2};
  train.values = std::vector<float>(7, 1.0f);
  train.rows = {0, 1, 2, 3, 4, 5, 6};
  return train;
}

std::vector<double> shares(const ls::Negatives& negatives, ls::Id user, std::span<const ls::Id> others = {},
                           std::size_t own = 0) {
  std::vector<double> counts(4);
  std::vector<ls::Id> drawn(static_cast<std::size_t>(negatives.count()));
  const int examples = 20000;
  for (std::uint64_t e = 0; e < examples; ++e) {
    negatives(ls::Random(5).at(1), e, user, 0, others, own, drawn);
    for (const ls::Id item : drawn) counts[static_cast<std::size_t>(item)] += 1.0 / (examples * negatives.count());
  }
  return counts;
}

}  // namespace

TEST_CASE("uniform negatives take every item alike, popular ones by their events to alpha") {
  const ls::Negatives uniform(small(), 4, {.count = 2});
  for (const double share : shares(uniform, 0)) CHECK(share == doctest::Approx(0.25).epsilon(0.03));
  const ls::Negatives popular(small(), 4, {.kind = Kind::popularity, .count = 2, .alpha = 0.5});
  const double whole = 2 + std::sqrt(2.0) + 1;
  const auto drawn = shares(popular, 0);
  CHECK(drawn[0] == doctest::Approx(2 / whole).epsilon(0.03));
  CHECK(drawn[1] == doctest::Approx(std::sqrt(2.0) / whole).epsilon(0.03));
  CHECK(drawn[2] == doctest::Approx(1 / whole).epsilon(0.03));
  CHECK(drawn[3] == 0);
  for (ls::Id item = 0; item < 3; ++item)
    CHECK(std::exp(popular.log_probability(0, item)) ==
          doctest::Approx(drawn[static_cast<std::size_t>(item)]).epsilon(0.03));
  CHECK(std::exp(uniform.log_probability(0, 3)) == doctest::Approx(0.25));
}

TEST_CASE("items of the user and the target are left out on request, and a user who had all still gets negatives") {
  const ls::Negatives excluding(small(), 4, {.count = 3, .exclude_seen = true});
  const auto first = shares(excluding, 0), second = shares(excluding, 1);
  CHECK(first[3] == doctest::Approx(1));
  CHECK(second[0] + second[1] == 0);
  CHECK(second[2] == doctest::Approx(0.5).epsilon(0.05));
  const ls::Negatives hopeless(small(), 3, {.count = 3, .exclude_seen = true});
  std::vector<ls::Id> drawn(3, -1);
  hopeless(ls::Random(1), 0, 0, 0, {}, 0, drawn);
  for (const ls::Id item : drawn) CHECK((item >= 0 && item < 3));
}

TEST_CASE("a user who has seen almost everything gets what is left, and nobody else's draws change") {
  // Of 400 items user 0 had all but 7, 100 and 399; user 1 had 7 once and 100 sixteen times.
  ls::Histories train;
  for (ls::Id item = 0; item < 400; ++item)
    if (item != 7 && item != 100 && item != 399) train.items.push_back(item);
  train.offsets = {0, train.items.size(), train.items.size() + 17, train.items.size() + 17};
  train.items.push_back(7);
  train.items.insert(train.items.end(), 16, 100);
  const ls::Random random = ls::Random(5).at(1);
  auto lists = std::make_shared<std::vector<std::vector<ls::Id>>>(
      std::vector<std::vector<ls::Id>>{std::vector<ls::Id>(500, 3), {1}, {1}});
  (*lists)[0][499] = 7;
  std::vector<ls::Id> batch(500, 3);
  batch[2] = batch[3] = 100;
  const std::vector<ls::Id> seen_batch(500, 3);
  const auto shares_of = [&](const ls::NegativeSettings& settings, ls::Id target, std::span<const ls::Id> others) {
    const ls::Negatives negatives(train, 400, settings);
    std::vector<double> shares(400);
    std::vector<ls::Id> drawn(4), again(4);
    const int examples = 1000;
    for (std::uint64_t e = 0; e < examples; ++e) {
      negatives(random, e, 0, target, others, 3, drawn);
      negatives(random, e, 0, target, others, 3, again);
      CHECK(drawn == again);
      for (const ls::Id item : drawn) shares[static_cast<std::size_t>(item)] += 1.0 / (examples * 4);
    }
    return std::vector<double>{shares[7], shares[100], shares[399]};
  };
  const auto near = [](const std::vector<double>& shares, double a, double b, double c) {
    CHECK(shares[0] == doctest::Approx(a).epsilon(0.1));
    CHECK(shares[1] == doctest::Approx(b).epsilon(0.1));
    CHECK(shares[2] == doctest::Approx(c).epsilon(0.1));
  };
  near(shares_of({.exclude_seen = true}, 0, {}), 1.0 / 3, 1.0 / 3, 1.0 / 3);
  near(shares_of({.exclude_seen = true}, 399, {}), 0.5, 0.5, 0);
  near(shares_of({.kind = Kind::popularity, .alpha = 0.5, .exclude_seen = true}, 0, {}), 0.2, 0.8, 0);
  // By popularity nothing is left but what nobody had: then any of it.
  ls::Histories alone = train;
  alone.items.resize(train.offsets[1]);
  alone.offsets = {0, train.offsets[1], train.offsets[1], train.offsets[1]};
  std::swap(train, alone);
  near(shares_of({.kind = Kind::popularity, .exclude_seen = true}, 0, {}), 1.0 / 3, 1.0 / 3, 1.0 / 3);
  std::swap(train, alone);
  near(shares_of({.kind = Kind::in_batch, .exclude_seen = true}, 0, batch), 0, 1, 0);
  near(shares_of({.kind = Kind::in_batch, .exclude_seen = true}, 0, seen_batch), 1.0 / 3, 1.0 / 3, 1.0 / 3);
  near(shares_of({.kind = Kind::given, .exclude_seen = true, .lists = lists}, 0, {}), 1, 0, 0);
  (*lists)[0][499] = 3;  // a list of which all is seen stays the only source
  near(shares_of({.kind = Kind::given, .exclude_seen = true, .lists = lists}, 0, {}), 0, 0, 0);

  // Where one of the first 100 draws will do, it is the one that is taken.
  const ls::Negatives negatives(train, 400, {.exclude_seen = true});
  std::vector<ls::Id> drawn(4);
  for (std::uint64_t e = 0; e < 1000; ++e) {
    negatives(random, e, 1, 5, {}, 0, drawn);
    for (std::uint64_t j = 0; j < 4; ++j) {
      std::uint32_t attempt = 0;
      const auto item = [&] { return static_cast<ls::Id>(random.stream(attempt).below(4 * e + j, 400)); };
      while (item() == 5 || item() == 7 || item() == 100) ++attempt;
      REQUIRE(drawn[j] == item());
    }
  }
}

TEST_CASE("in-batch negatives are other targets of the batch, given ones come from the user's list") {
  const ls::Negatives in_batch(small(), 4, {.kind = Kind::in_batch, .count = 2});
  const std::vector<ls::Id> targets{0, 2, 3};
  for (std::size_t own = 0; own < targets.size(); ++own) {
    const auto drawn = shares(in_batch, 0, targets, own);
    CHECK(drawn[1] == 0);
    for (std::size_t other = 0; other < targets.size(); ++other)
      CHECK(drawn[static_cast<std::size_t>(targets[other])] == doctest::Approx(other == own ? 0 : 0.5).epsilon(0.05));
  }
  auto lists = std::make_shared<std::vector<std::vector<ls::Id>>>(std::vector<std::vector<ls::Id>>{{3}, {1, 2}});
  const ls::Negatives given(small(), 4, {.kind = Kind::given, .count = 2, .lists = lists});
  CHECK(shares(given, 0)[3] == doctest::Approx(1));
  CHECK(shares(given, 1)[1] == doctest::Approx(0.5).epsilon(0.05));
  CHECK(given.log_probability(1, 2) == doctest::Approx(std::log(0.5)));
}

TEST_CASE("log probabilities are the frequencies of the draws, minus infinity of what is never drawn") {
  auto lists = std::make_shared<std::vector<std::vector<ls::Id>>>(std::vector<std::vector<ls::Id>>{{3, 1, 3, 0}, {2}});
  const std::vector<ls::Id> alone{0}, targets{0, 1, 1, 2, 3, 3, 3, 1};
  for (const auto& settings : {ls::NegativeSettings{.count = 4},
                               {.kind = Kind::popularity, .count = 4, .alpha = 0.75},
                               {.kind = Kind::popularity, .count = 4, .alpha = 0},
                               {.kind = Kind::given, .count = 4, .lists = lists},
                               {.kind = Kind::in_batch, .count = 4}}) {
    CAPTURE(static_cast<int>(settings.kind));
    const ls::Negatives negatives(small(), 4, settings, targets);
    for (const ls::Id user : {0, 1}) {
      const auto drawn = shares(negatives, user, alone);  // in_batch: nothing else is in the batch
      double whole = 0;
      for (ls::Id item = 0; item < 4; ++item) {
        const double probability = std::exp(negatives.log_probability(user, item, alone.size()));
        const double share = drawn[static_cast<std::size_t>(item)];
        CHECK(std::abs(probability - share) < 0.01);
        CHECK((probability == 0) == (share == 0));
        whole += probability;
      }
      CHECK(whole == doctest::Approx(1));
    }
  }
  // In batches of two examples chosen at random, the other one's target is drawn.
  const ls::Negatives in_batch(small(), 4, {.kind = Kind::in_batch, .count = 1}, targets);
  std::vector<double> counts(4);
  const std::uint64_t batches = 40000;
  for (std::uint64_t b = 0; b < batches; ++b) {
    const std::vector<ls::Id> both{targets[ls::Random(2).below(2 * b, targets.size())],
                                   targets[ls::Random(2).below(2 * b + 1, targets.size())]};
    std::vector<ls::Id> drawn(1);
    in_batch(ls::Random(5).at(1), b, 0, both[0], both, 0, drawn);
    counts[static_cast<std::size_t>(drawn[0])] += 1.0 / batches;
  }
  for (ls::Id item = 0; item < 4; ++item)
    CHECK(std::abs(std::exp(in_batch.log_probability(0, item, 2)) - counts[static_cast<std::size_t>(item)]) < 0.01);
  CHECK(std::exp(in_batch.log_probability(0, 3)) == doctest::Approx(3.0 / 8));
  const ls::Negatives excluding(small(), 4, {.exclude_seen = true});
  CHECK_THROWS_WITH_AS(
      excluding.log_probability(0, 3),
      "Negatives: with .exclude_seen no target is ever drawn, so there is no log probability to correct "
      "it by; leave it out (SampledSoftmax leaves out drawn targets by itself)",
      ls::ShapeError);
}

TEST_CASE("draws depend on seed, epoch and place only") {
  const ls::Negatives negatives(small(), 4, {.count = 8});
  std::vector<ls::Id> a(8), b(8), c(8), d(8);
  negatives(ls::Random(5).at(1), 7, 0, 0, {}, 0, a);
  negatives(ls::Random(5).at(1), 7, 0, 0, {}, 0, b);
  negatives(ls::Random(5).at(2), 7, 0, 0, {}, 0, c);
  negatives(ls::Random(5).at(1), 8, 0, 0, {}, 0, d);
  CHECK(a == b);
  CHECK(a != c);
  CHECK(a != d);
}

TEST_CASE("P11: users and items that were not in training are refused, whichever way negatives are drawn") {
  for (const Kind kind : {Kind::uniform, Kind::popularity, Kind::in_batch}) {
    const ls::Negatives negatives(small(), 4, {.kind = kind, .exclude_seen = true});
    std::vector<ls::Id> drawn(1);
    CHECK_THROWS_WITH_AS(negatives(ls::Random(1), 0, 2, 0, {}, 0, drawn),
                         "Negatives: user 2 is outside the 2 users of the training histories", ls::DataError);
    CHECK_THROWS_WITH_AS(negatives.log_probability(-1, 0),
                         "Negatives: user -1 is outside the 2 users of the training histories", ls::DataError);
    CHECK_THROWS_WITH_AS(negatives.log_probability(1, 4), "Negatives: item 4 is outside the catalogue of 4",
                         ls::DataError);
  }
}

TEST_CASE("P14: settings and lists that do not fit are refused") {
  CHECK_THROWS_WITH_AS(ls::Negatives(small(), 4, {.count = -1}), "Negatives: count is at least 0, it is -1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::Negatives(small(), 4, {.kind = Kind::popularity, .alpha = 5000}),
                       "Negatives: alpha is 5000, which makes numbers of events to that power too large",
                       ls::DataError);
  for (const double alpha : {-1.0, std::nan(""), HUGE_VAL})
    CHECK_THROWS_AS(ls::Negatives(small(), 4, {.kind = Kind::popularity, .alpha = alpha}), ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::Negatives(small(), 0, {}), "Negatives: the catalogue is empty", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::Negatives(small(), 2, {}), "Negatives: item 2 is outside the catalogue of 2", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::Negatives(small(), 4, {.kind = Kind::given}),
                       "Negatives: one list for each of 2 users is expected", ls::DataError);
  auto lists = std::make_shared<std::vector<std::vector<ls::Id>>>(std::vector<std::vector<ls::Id>>{{3}, {}});
  CHECK_THROWS_WITH_AS(ls::Negatives(small(), 4, {.kind = Kind::given, .lists = lists}),
                       "Negatives: the list of user 1 is empty", ls::DataError);
  *lists = {{3}, {4}};
  CHECK_THROWS_WITH_AS(ls::Negatives(small(), 4, {.kind = Kind::given, .lists = lists}),
                       "Negatives: the list of user 1 has item 4, outside the catalogue of 4", ls::DataError);
  ls::Histories nothing;
  CHECK_THROWS_WITH_AS(ls::Negatives(nothing, 4, {.kind = Kind::popularity}),
                       "Negatives: there are no training events to draw by popularity from", ls::DataError);
}
