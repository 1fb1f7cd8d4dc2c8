// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <longshore/baselines/first_order_markov.hpp>
#include <longshore/baselines/item_knn.hpp>
#include <longshore/baselines/popularity.hpp>
#include <longshore/baselines/rank_baseline.hpp>
#include <longshore/baselines/user_knn.hpp>

#include "id_table.hpp"

namespace test {

inline void add_baselines(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using namespace id_case;
  add("baselines/popularity.hpp", [](Ids ids) { ls::Popularity(one_history(ids), id_rows); });
  add("baselines/first_order_markov.hpp", [](Ids ids) { ls::FirstOrderMarkov(one_history(ids), id_rows); });
  add("baselines/item_knn.hpp", [](Ids ids) { ls::ItemKnn(one_history(ids), id_rows); });
  add("baselines/user_knn.hpp", [](Ids ids) { ls::UserKnn(one_history(ids), id_rows); });
  const auto request = [&](const char* header, auto baseline) {
    add(header, [baseline](Ids ids) {
      std::vector<float> out(12);
      baseline.scores(ids, out);
    });
  };
  request("baselines/popularity.hpp", ls::Popularity(train, id_rows));
  request("baselines/first_order_markov.hpp", ls::FirstOrderMarkov(train, id_rows));
  request("baselines/item_knn.hpp", ls::ItemKnn(train, id_rows));
  request("baselines/user_knn.hpp", ls::UserKnn(train, id_rows));
  add("baselines/item_knn.hpp", each([knn = ls::ItemKnn(train, id_rows)](ls::Id id) { knn.neighbours(id); }));
  add("baselines/rank_baseline.hpp", [popularity = ls::Popularity(train, id_rows)](Ids ids) {
    ls::rank_baseline(popularity, {.relevant = target}, ids, offsets);
  });
}

}  // namespace test
