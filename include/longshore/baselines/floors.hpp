// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/baselines/first_order_markov.hpp>
#include <longshore/baselines/item_knn.hpp>
#include <longshore/baselines/popularity.hpp>
#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/histories.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The baselines that every result is printed beside.
///
///     Floors(train, items).for_each([&](const auto& baseline) {
///       const Ranking ranking = rank_baseline(baseline, rows, history, history_offsets);
///       report.add(std::string(baseline.name()), {hit_rate(10)(ranking).value, ndcg(10)(ranking).value});
///     });
///
/// Cost: that of the three, `ItemKnn` the most.
struct Floors {
  Popularity popularity;
  FirstOrderMarkov markov;
  ItemKnn item_knn;

  /// @param train  what models are trained on, nothing of validation and test
  /// @param items  size of the catalogue
  /// @param settings  of the item-kNN, which a stop can be requested of
  /// @throws ShapeError if offsets or settings do not fit, or the catalogue is empty
  /// @throws DataError  if an item is outside the catalogue
  /// @throws Interrupted if `settings.stop` was requested while neighbours were counted
  Floors(const Histories& train, Index items, const ItemKnnSettings& settings = {})
      : popularity(train, items), markov(train, items), item_knn(train, items, settings) {}

  /// Calls visit(baseline) for each, in the order of the report.
  void for_each(auto&& visit) const {
    visit(popularity);
    visit(markov);
    visit(item_knn);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
