// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/maximal_marginal_relevance.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../support/top_k_case.hpp"

namespace ls = longshore;

namespace {

/// The definition, in double, item by item.
template <class Real, class Space>
std::vector<ls::Id> reference(const ls::TopKLists<Real, Space>& lists, const ls::Tensor<Real, 2, Space>& table,
                              ls::Index row, ls::Index length, const ls::MaximalMarginalRelevanceSettings& settings) {
  const auto similarity = [&](ls::Id a, ls::Id b) {
    double ab = 0, aa = 0, bb = 0;
    for (ls::Index d = 0; d < table.extent(1); ++d) {
      const double x = table.view()(a, d), y = table.view()(b, d);
      ab += x * y, aa += x * x, bb += y * y;
    }
    if (settings.similarity == ls::ItemSimilarity::dot) return ab;
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0.0;
  };
  std::vector<ls::Index> left;
  double lowest = 1e300, highest = -1e300;
  for (ls::Index c = 0; c < lists.items.extent(1); ++c)
    if (lists.items(row, c) >= 0) {
      left.push_back(c);
      lowest = std::min(lowest, double{lists.scores(row, c)}),
      highest = std::max(highest, double{lists.scores(row, c)});
    }
  std::vector<ls::Id> chosen;
  while (!left.empty() && chosen.size() < static_cast<std::size_t>(length)) {
    std::size_t best = 0;
    double most = -1e300;
    for (std::size_t place = 0; place < left.size(); ++place) {
      double score = lists.scores(row, left[place]);
      if (settings.scale == ls::RelevanceScale::unit_range)
        score = highest > lowest ? (score - lowest) / (highest - lowest) : 0;
      double nearest = chosen.empty() ? 0 : -1e300;
      for (const ls::Id other : chosen) nearest = std::max(nearest, similarity(lists.items(row, left[place]), other));
      const double value = settings.relevance * score - (1 - settings.relevance) * nearest;
      if (value > most + 1e-9) best = place, most = value;
    }
    chosen.push_back(lists.items(row, left[best]));
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
  }
  chosen.resize(static_cast<std::size_t>(length), -1);
  return chosen;
}

}  // namespace

TEST_CASE_TEMPLATE("MaximalMarginalRelevance: reference: equals the definition for every setting; scores come along",
                   Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto table = random_tensor<Real, 2, Space>(ls::Random(1), 60, 5);
  ls::Tensor<ls::Id, 2, Space> items(6, 30);
  ls::Tensor<Real, 2, Space> scores(6, 30);
  for (ls::Index row = 0; row < 6; ++row)
    for (ls::Index c = 0; c < 30; ++c) {
      items.view()(row, c) = c < 6 * row ? (c * 7 + row) % 60 : -1;
      scores.view()(row, c) = c < 6 * row ? static_cast<Real>(5 - c * 0.171) : -std::numeric_limits<Real>::infinity();
    }
  const ls::TopKLists<Real, Space> lists{items.view(), scores.view()};
  ls::Inference<Space> context;
  for (const double relevance : {0.0, 0.3, 0.7, 1.0})
    for (const auto similarity : {ls::ItemSimilarity::dot, ls::ItemSimilarity::cosine})
      for (const auto scale : {ls::RelevanceScale::as_given, ls::RelevanceScale::unit_range})
        for (const ls::Index length : {1, 10, 40}) {
          const ls::MaximalMarginalRelevanceSettings settings{relevance, similarity, scale};
          context.reset();
          const auto chosen = ls::MaximalMarginalRelevance(settings)(context, lists, table.view(), length);
          Kokkos::fence();
          for (ls::Index row = 0; row < 6; ++row) {
            REQUIRE(row_of(chosen.items, row) == reference(lists, table, row, length, settings));
            for (ls::Index j = 0; j < length; ++j) {
              const auto place = std::find(items.view().row(row), items.view().row(row) + 30, chosen.items(row, j));
              REQUIRE(chosen.scores(row, j) == (chosen.items(row, j) < 0
                                                    ? -std::numeric_limits<Real>::infinity()
                                                    : scores.view()(row, place - items.view().row(row))));
            }
          }
        }
}

TEST_CASE_TEMPLATE("MaximalMarginalRelevance: edges: lists in any order, items of zeros, and scores that are all equal",
                   Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto table = filled_tensor<Real, 2, Space>({1, 0, 0, 0, 3, 4, 0, 0, -1, 0, 0, 2}, 6, 2);  // 1 and 3 are zeros
  auto items = filled_tensor<ls::Id, 2, Space>({0, 1, 2, 3, 4, 5, 1, 0, 2, 3, 5, 4, 5, 4, 3, 2, 1, 0}, 3, 6);
  auto scores = filled_tensor<Real, 2, Space>({1, 5, 3, 6, 2, 4, 2, 2, 2, 2, 2, 2, -1, -3, -2, -6, -4, -5}, 3, 6);
  const ls::TopKLists<Real, Space> lists{items.view(), scores.view()};
  ls::Inference<Space> context;
  for (const double relevance : {0.0, 0.5, 0.9, 1.0})
    for (const auto similarity : {ls::ItemSimilarity::dot, ls::ItemSimilarity::cosine})
      for (const auto scale : {ls::RelevanceScale::as_given, ls::RelevanceScale::unit_range}) {
        CAPTURE(relevance);
        const ls::MaximalMarginalRelevanceSettings settings{relevance, similarity, scale};
        context.reset();
        const auto chosen = ls::MaximalMarginalRelevance(settings)(context, lists, table.view(), 6);
        Kokkos::fence();
        for (ls::Index row = 0; row < 3; ++row)
          CHECK(row_of(chosen.items, row) == reference(lists, table, row, 6, settings));
        if (relevance > 0) CHECK(chosen.items(0, 0) == 3);  // of the highest score, wherever it stands
      }
}

TEST_CASE("MaximalMarginalRelevance: refused: a relevance that is no share, and items that are not in the table") {
  using Space = Kokkos::Serial;
  CHECK_THROWS_WITH_AS((ls::MaximalMarginalRelevance({.relevance = 1.5})),
                       "MaximalMarginalRelevance: expected a relevance from 0 to 1, got 1.5", ls::ShapeError);
  CHECK_THROWS_AS((ls::MaximalMarginalRelevance({.relevance = std::nan("")})), ls::ShapeError);
  auto items = filled_tensor<ls::Id, 2, Space>({3}, 1, 1);
  auto scores = filled_tensor<float, 2, Space>({1}, 1, 1);
  const auto table = filled_tensor<float, 2, Space>({1, 1, 1}, 3, 1);
  ls::Inference<Space> context;
  const ls::TopKLists<float, Space> lists{items.view(), scores.view()};
  CHECK_THROWS_WITH_AS((ls::MaximalMarginalRelevance()(context, lists, table.view(), 1)),
                       "MaximalMarginalRelevance: expected items below 3, or -1 for none, got 3 in list 0",
                       ls::DataError);
}

TEST_CASE("MaximalMarginalRelevance: refused: P12: a score or a vector that is no number, naming the item") {
  using Space = Kokkos::Serial;
  const float no_number = std::nanf(""), infinite = std::numeric_limits<float>::infinity();
  const auto rank = [](const std::vector<float>& of_lists, const std::vector<float>& of_items) {
    const std::vector<ls::Id> ids{2, 0, 1, -1};
    auto items = filled_tensor<ls::Id, 2, Space>(ids, 2, 2);
    auto scores = filled_tensor<float, 2, Space>(of_lists, 2, 2);
    const auto table = filled_tensor<float, 2, Space>(of_items, 4, 1);
    ls::Inference<Space> context;
    ls::MaximalMarginalRelevance()(context, ls::TopKLists<float, Space>{items.view(), scores.view()}, table.view(), 1);
  };
  rank({3, 2, 1, -infinite}, {1, 2, 3, no_number});  // item 3 is in no list, the last place has no item
  CHECK_THROWS_WITH_AS(rank({3, 2, no_number, 0}, {1, 2, 3, 4}),
                       "MaximalMarginalRelevance: the score of item 1 in list 1 is nan; give finite scores",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(rank({3, infinite, 1, 0}, {1, 2, 3, 4}),
                       "MaximalMarginalRelevance: the score of item 0 in list 0 is inf; give finite scores",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(rank({3, 2, 1, 0}, {1, no_number, 3, 4}),
                       "MaximalMarginalRelevance: the vector of item 1 has a nan at place 0; give finite vectors",
                       ls::DataError);
}
