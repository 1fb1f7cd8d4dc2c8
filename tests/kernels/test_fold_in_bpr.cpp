// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/fold_in_bpr.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"
#include "../support/rating_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("fold_in_bpr: reference: descent for one user, wherever its row stands", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 5;
  const RatingCase<Real, Space> data(
      {.offsets = {0, 0, 2, 4}, .items = {1, 3, 1, 3}, .values = {1, 1, 1, 1}, .item_count = 6});
  const auto items = random_tensor<Real, 2, Space>(ls::Random(2), 6, 5);
  const auto bias = random_tensor<Real, 1, Space>(ls::Random(4), 6);
  const auto q = numbers_of(items.view()), b = numbers_of(bias.view());
  const ls::Random random(9);
  std::vector<double> p(features);
  for (std::uint64_t pass = 0; pass < 7; ++pass)
    for (std::uint64_t n = 0; n < 2; ++n) {
      const auto liked = static_cast<std::size_t>(n == 0 ? 1 : 3);
      const auto other = static_cast<std::size_t>(random.at(pass).below(n, 6));
      if (other == 1 || other == 3) continue;
      double above = b[liked] - b[other];
      for (std::size_t d = 0; d < features; ++d) above += p[d] * (q[liked * features + d] - q[other * features + d]);
      const double push = 1 / (1 + std::exp(above));
      for (std::size_t d = 0; d < features; ++d)
        p[d] += 0.5 * (push * (q[liked * features + d] - q[other * features + d]) - 0.25 * p[d]);
    }
  std::vector<double> expected(3 * features);
  for (std::size_t d = 0; d < features; ++d) expected[features + d] = expected[2 * features + d] = p[d];
  ls::Tensor<Real, 2, Space> result(3, 5);
  ls::fold_in_bpr<Real, Space>(Space(), {data.interactions.by_user(), random, 5, 7, items.data(), bias.data(),
                                         Real(0.5), Real(0.25), result.data()});
  const auto actual = numbers_of(result.view());
  check::close(std::vector<Real>(actual.begin(), actual.end()), expected, 10 * tolerance<Real>);
}

TEST_CASE_TEMPLATE("fold_in_bpr_items: reference: descent for one item in both of its places, wherever its row stands",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 5;
  // Four users, three items, seven entries: a new item is drawn (7 + 1) / 3 = 2 times a pass.
  const RatingList list{
      .offsets = {0, 2, 4, 4, 7}, .items = {0, 1, 1, 2, 0, 1, 2}, .values = {1, 1, 1, 1, 1, 1, 1}, .item_count = 3};
  const RatingCase<Real, Space> train(list);
  const RatingCase<Real, Space> rows(
      {.offsets = {0, 0, 2, 4}, .items = {0, 2, 0, 2}, .values = {1, 1, 1, 1}, .item_count = 4});
  const auto users = random_tensor<Real, 2, Space>(ls::Random(1), 4, 5),
             items = random_tensor<Real, 2, Space>(ls::Random(2), 3, 5);
  const auto bias = random_tensor<Real, 1, Space>(ls::Random(4), 3);
  const auto p = numbers_of(users.view()), other = numbers_of(items.view()), b = numbers_of(bias.view());
  const ls::Random random(9);
  const auto user_has = [&](std::size_t user, std::size_t item) {
    return std::count(list.items.begin() + list.offsets[user], list.items.begin() + list.offsets[user + 1], item) > 0;
  };
  int ups = 0, downs = 0;
  const auto descend = [&](const std::vector<std::size_t>& chosen) {
    std::vector<double> q(features + 1);  // the bias behind
    for (std::uint64_t pass = 0; pass < 6; ++pass) {
      std::size_t n = 0;
      for (std::uint64_t step = 0; step < chosen.size() + 2; ++step) {
        const bool positive = chosen.empty() ? false : step % 2 == 1;  // two of each, in turns
        std::size_t user = 0, item = 0;
        if (positive) {
          user = chosen[n++];
          item = static_cast<std::size_t>(random.at(pass).below(step, 3));
          if (user_has(user, item)) continue;
        } else {
          const auto entry = static_cast<std::size_t>(random.at(pass).below(step, 7));
          user = entry < 2 ? 0 : entry < 4 ? 1 : 3;
          item = static_cast<std::size_t>(list.items[entry]);
          if (std::count(chosen.begin(), chosen.end(), user) > 0) continue;
        }
        double score = q[features], its = b[item];
        for (std::size_t d = 0; d < features; ++d) {
          score += p[user * features + d] * q[d];
          its += p[user * features + d] * other[item * features + d];
        }
        const double push = positive ? 1 / (1 + std::exp(score - its)) : -1 / (1 + std::exp(its - score));
        (positive ? ups : downs) += 1;
        for (std::size_t d = 0; d < features; ++d) q[d] += 0.5 * (push * p[user * features + d] - 0.25 * q[d]);
        q[features] += 0.5 * (push - 0.25 * q[features]);
      }
    }
    return q;
  };
  std::vector<double> expected, expected_bias;
  for (const auto& chosen : std::vector<std::vector<std::size_t>>{{}, {0, 2}, {0, 2}}) {
    const auto q = descend(chosen);
    expected.insert(expected.end(), q.begin(), q.end() - 1);
    expected_bias.push_back(q.back());
  }
  CHECK(ups > 2);
  CHECK(downs > 2);
  ls::Tensor<Real, 2, Space> result(3, 5);
  ls::Tensor<Real, 1, Space> its_bias(3);
  ls::fold_in_bpr_items<Real, Space>(
      Space(), {rows.interactions.by_user(), train.interactions.by_user(), random, 5, 6, users.data(), items.data(),
                bias.data(), Real(0.5), Real(0.25), result.data(), its_bias.data()});
  const auto actual = numbers_of(result.view()), actual_bias = numbers_of(its_bias.view());
  check::close(std::vector<Real>(actual.begin(), actual.end()), expected, 10 * tolerance<Real>);
  check::close(std::vector<Real>(actual_bias.begin(), actual_bias.end()), expected_bias, 10 * tolerance<Real>);
}
