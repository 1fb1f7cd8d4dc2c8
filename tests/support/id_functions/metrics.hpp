// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <longshore/metrics/cosine_distance.hpp>
#include <longshore/metrics/coverage.hpp>
#include <longshore/metrics/exposure.hpp>
#include <longshore/metrics/full_ranking.hpp>
#include <longshore/metrics/gini.hpp>
#include <longshore/metrics/novelty.hpp>
#include <longshore/metrics/popularity_lift.hpp>
#include <longshore/metrics/rank.hpp>
#include <longshore/metrics/row_ranker.hpp>
#include <longshore/metrics/sampled_ranking.hpp>
#include <longshore/metrics/top_items.hpp>

#include "id_table.hpp"

namespace test {

inline void add_metrics(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using namespace id_case;
  const auto all_alike = [](std::size_t, std::size_t, std::span<float> all) { std::ranges::fill(all, 1.0f); };
  const auto all_drawn_alike = [](std::size_t, std::size_t, Ids, std::span<float> all) {
    std::ranges::fill(all, 1.0f);
  };
  add("metrics/check_item_ids.hpp", [](Ids ids) { ls::check_item_ids("f", "ids", ids, id_rows); });
  add("metrics/check_lists.hpp", [](Ids ids) { ls::check_lists("f", lists_of_one(ids), id_rows); });
  add("metrics/coverage.hpp", [](Ids ids) { ls::coverage(lists_of_one(ids), id_rows); });
  add("metrics/exposure.hpp", [](Ids ids) { ls::exposure(lists_of_one(ids), id_rows); });
  add("metrics/gini.hpp", [](Ids ids) { ls::gini(lists_of_one(ids), id_rows); });
  add("metrics/novelty.hpp", [](Ids ids) { ls::novelty(lists_of_one(ids), counts); });
  add("metrics/popularity_lift.hpp",
      [](Ids ids) { ls::popularity_lift(lists_of_one(ids), std::vector<ls::Id>(10, 3), one_each, counts); });
  add("metrics/popularity_lift.hpp",
      [](Ids ids) { ls::popularity_lift(lists_of_one(std::vector<ls::Id>(10, 3)), ids, one_each, counts); });
  const ls::CosineDistance distance(xt::xtensor<float, 2>(xt::ones<float>({12, 2})));
  add("metrics/cosine_distance.hpp", each([distance](ls::Id id) { distance(id, 0), distance(0, id); }));
  add("metrics/rank.hpp", each([](ls::Id id) { ls::rank(scores, id); }));
  add("metrics/rank.hpp", [](Ids ids) { ls::rank(scores, 3, ids); });
  add("metrics/row_ranker.hpp", [](Ids ids) {
    std::vector<double> ranks(10);
    ls::RowRanker ranker(id_rows);
    ranker(std::span<const float>(scores), ids, Ids(), std::span<double>(ranks));
  });
  add("metrics/top_items.hpp", [](Ids ids) {
    std::vector<ls::Id> list(3);
    ls::top_items(scores, ids, list);
  });
  add("metrics/full_ranking.hpp",
      [all_alike](Ids ids) { ls::full_ranking({.relevant = ids, .relevant_offsets = offsets}, id_rows, all_alike); });
  add("metrics/full_ranking.hpp", [all_alike](Ids ids) {
    ls::full_ranking({.relevant = target, .removed = ids, .removed_offsets = offsets}, id_rows, all_alike);
  });
  add("metrics/sampled_ranking.hpp", [all_drawn_alike](Ids ids) {
    ls::sampled_ranking({.relevant = ids}, id_rows, all_drawn_alike, {.negatives = 2});
  });
}

}  // namespace test
