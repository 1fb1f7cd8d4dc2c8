// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <longshore/baselines/first_order_markov.hpp>
#include <longshore/baselines/item_knn.hpp>
#include <longshore/baselines/popularity.hpp>
#include <longshore/baselines/rank_baseline.hpp>
#include <longshore/baselines/user_knn.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/sparse_matrix.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/id_map.hpp>
#include <longshore/data/k_core.hpp>
#include <longshore/data/long_short_views.hpp>
#include <longshore/data/negatives.hpp>
#include <longshore/data/normalise_values.hpp>
#include <longshore/data/synthetic_log.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/factorization/ease.hpp>
#include <longshore/factorization/interactions.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>
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
#include <longshore/models/check_batch.hpp>
#include <longshore/retrieval/top_k.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>
#include <longshore/scorers/factorization_machine.hpp>
#include <longshore/scorers/neu_mf.hpp>
#include <longshore/scorers/svdpp_scorer.hpp>
#include <longshore/training/rank_factors.hpp>

#include "histories.hpp"
#include "log_of.hpp"
#include "small_factors.hpp"
#include "small_training.hpp"

/// The functions that take ids from outside: each with the header that it is in, and a call with ten of them, which are
/// valid from 0 to 11.
namespace test {

constexpr longshore::Id id_rows = 12;

struct IdFunction {
  std::string header;
  std::function<void(std::span<const longshore::Id> ids)> call;
};

inline std::vector<IdFunction> id_functions() {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  static const std::vector<std::size_t> offsets{0, 10};
  static const std::vector<float> scores(12, 1.0f);
  static const std::vector<std::size_t> counts(12, 1);
  static const std::vector<std::size_t> one_each{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  static const std::vector<ls::Id> target{3};
  // Twelve users, with the items from 0 to the user's number.
  static const ls::Histories train = [] {
    std::vector<std::vector<ls::Id>> all(12);
    for (std::size_t user = 0; user < 12; ++user)
      for (ls::Id item = 0; item <= static_cast<ls::Id>(user); ++item) all[user].push_back(item);
    ls::Histories histories = histories_of(all);
    histories.times.assign(histories.size(), 0);
    histories.values.assign(histories.size(), 1.0f);
    return histories;
  }();
  const auto each = [](auto function) {
    return [function](Ids ids) {
      for (const ls::Id id : ids) function(id);
    };
  };
  const auto lists = [](Ids ids) {
    auto list = xt::xtensor<ls::Id, 2>::from_shape({10, 1});
    std::copy(ids.begin(), ids.end(), list.begin());
    return list;
  };
  const auto as_history = [](Ids ids) { return histories_of({std::vector<ls::Id>(ids.begin(), ids.end())}); };
  const auto scored = [](std::size_t, std::size_t, std::span<float> all) { std::fill(all.begin(), all.end(), 1.0f); };
  const auto sampled = [](std::size_t, std::size_t, Ids, std::span<float> all) {
    std::fill(all.begin(), all.end(), 1.0f);
  };
  std::vector<IdFunction> table;
  const auto add = [&](const char* header, auto call) { table.push_back({header, call}); };

  add("core/check_ids.hpp", [](Ids ids) { ls::check_ids("items", ids.data(), ids.size(), id_rows); });

  add("metrics/check_item_ids.hpp", [](Ids ids) { ls::check_item_ids("f", "ids", ids, id_rows); });
  add("metrics/check_lists.hpp", [lists](Ids ids) { ls::check_lists("f", lists(ids), id_rows); });
  add("metrics/coverage.hpp", [lists](Ids ids) { ls::coverage(lists(ids), id_rows); });
  add("metrics/exposure.hpp", [lists](Ids ids) { ls::exposure(lists(ids), id_rows); });
  add("metrics/gini.hpp", [lists](Ids ids) { ls::gini(lists(ids), id_rows); });
  add("metrics/novelty.hpp", [lists](Ids ids) { ls::novelty(lists(ids), counts); });
  add("metrics/popularity_lift.hpp",
      [lists](Ids ids) { ls::popularity_lift(lists(ids), std::vector<ls::Id>(10, 3), one_each, counts); });
  add("metrics/popularity_lift.hpp",
      [lists](Ids ids) { ls::popularity_lift(lists(std::vector<ls::Id>(10, 3)), ids, one_each, counts); });
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
      [scored](Ids ids) { ls::full_ranking({.relevant = ids, .relevant_offsets = offsets}, id_rows, scored); });
  add("metrics/full_ranking.hpp", [scored](Ids ids) {
    ls::full_ranking({.relevant = target, .removed = ids, .removed_offsets = offsets}, id_rows, scored);
  });
  add("metrics/sampled_ranking.hpp",
      [sampled](Ids ids) { ls::sampled_ranking({.relevant = ids}, id_rows, sampled, {.negatives = 2}); });

  add("baselines/popularity.hpp", [as_history](Ids ids) { ls::Popularity(as_history(ids), id_rows); });
  add("baselines/first_order_markov.hpp", [as_history](Ids ids) { ls::FirstOrderMarkov(as_history(ids), id_rows); });
  add("baselines/item_knn.hpp", [as_history](Ids ids) { ls::ItemKnn(as_history(ids), id_rows); });
  add("baselines/user_knn.hpp", [as_history](Ids ids) { ls::UserKnn(as_history(ids), id_rows); });
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

  const ls::IdMap map = ls::IdMap::dense("items", id_rows);
  add("data/id_map.hpp", each([map](ls::Id id) { map.key(id); }));
  add("data/id_map.hpp", each([map](ls::Id id) { map.integer(id); }));
  add("data/id_map.hpp", each([map](ls::Id id) { map.select(Ids(&id, 1)); }));
  add("data/histories.hpp", each([](ls::Id id) { train.length(id); }));
  const ls::ValueScale scale{std::vector<float>(12), std::vector<float>(12)};
  add("data/normalise_values.hpp", each([scale](ls::Id id) { scale.original(id, 1); }));
  const auto synthetic = std::make_shared<ls::SyntheticLog>(
      ls::SyntheticLogSettings{.users = id_rows, .items = id_rows, .categories = 3, .events = id_rows});
  add("data/synthetic_log.hpp", each([synthetic](ls::Id id) { synthetic->taste(id); }));
  add("data/synthetic_log.hpp", each([synthetic](ls::Id id) { synthetic->category_of(id); }));
  const auto with_log = [](bool as_users) {
    return [as_users](Ids ids) {
      ls::InteractionLog log;
      log.user_ids = log.item_ids = ls::IdMap::dense("ids", id_rows);
      log.values = xt::ones<float>({10});
      log.times = xt::zeros<ls::Seconds>({10});
      log.users = log.items = xt::zeros<ls::Id>({10});
      std::copy(ids.begin(), ids.end(), (as_users ? log.users : log.items).begin());
      ls::k_core(log, {.user_events = 0, .item_events = 0});
    };
  };
  add("data/check_log.hpp", with_log(true));
  add("data/check_log.hpp", with_log(false));
  add("data/negatives.hpp", [as_history](Ids ids) { ls::Negatives(as_history(ids), id_rows, {}); });
  add("data/negatives.hpp", [](Ids ids) {
    const auto given = std::vector<std::vector<ls::Id>>(12, std::vector<ls::Id>(ids.begin(), ids.end()));
    ls::Negatives(train, id_rows,
                  {.kind = ls::NegativeSettings::Kind::given,
                   .lists = std::make_shared<const std::vector<std::vector<ls::Id>>>(given)});
  });
  for (const auto kind : {ls::NegativeSettings::Kind::uniform, ls::NegativeSettings::Kind::popularity,
                          ls::NegativeSettings::Kind::in_batch}) {
    const ls::Negatives negatives(train, id_rows, {.kind = kind, .exclude_seen = true});
    add("data/negatives.hpp", each([negatives](ls::Id id) {
          std::vector<ls::Id> drawn(2);
          negatives(ls::Random(1), 0, id, 3, target, 0, drawn);
        }));
    const ls::Negatives any(train, id_rows, {.kind = kind});
    add("data/negatives.hpp", each([any](ls::Id id) { any.log_probability(id, 3); }));
    add("data/negatives.hpp", each([any](ls::Id id) { any.log_probability(3, id); }));
  }
  add("data/long_short_views.hpp", each([](ls::Id id) {
        const std::vector<ls::Example> examples{{id, 0}};
        ls::Batch<ls::LongShortViews::Host> batch;
        ls::LongShortViews(train, {}).fill(examples, batch);
      }));

  const auto rows =
      std::make_shared<ls::EmbeddingTable<float, Host>>(ls::EmbeddingTableSettings{.rows = id_rows, .features = 1});
  const auto context = std::make_shared<ls::Inference<Host>>();
  add("embeddings/embedding_table.hpp", [rows, context](Ids ids) {
    context->reset();
    (*rows)(*context, ls::View<const ls::Id, 1, Host>(ids.data(), 10));
  });
  add("embeddings/embedding_table.hpp", [rows, context](Ids ids) {
    context->reset();
    (*rows)(*context, ls::View<const ls::Id, 2, Host>(ids.data(), 5, 2));
  });

  static const std::vector<float> interests(10, 1.0f);
  const ls::Matrix<float, Host> of_ten(ls::View<float, 2, Host>(const_cast<float*>(interests.data()), 10, 1));
  add("losses/softmax_cross_entropy.hpp", [rows, context, of_ten](Ids ids) {
    context->reset();
    ls::SoftmaxCrossEntropy{}(*context, of_ten, rows->whole(*context), ls::View<const ls::Id, 1, Host>(ids.data(), 10));
  });
  static const ls::Index ten_in_one[] = {0, 10};
  const auto index = std::make_shared<ls::TopK<float, Host>>(std::as_const(rows->weights).view());
  add("retrieval/top_k.hpp", [index, context](Ids ids) {
    context->reset();
    const ls::View<const float, 2, Host> query(interests.data(), 1, 1);
    (*index)(*context, query, 3, ls::History<Host>{{ids.data(), 10}, {{ten_in_one, 2}, 10}, {}});
  });
  static const ls::ItemCategories categories(std::vector<ls::Id>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  add("retrieval/item_categories.hpp", each([](ls::Id id) { categories.of_item(id); }));
  add("retrieval/item_categories.hpp", each([](ls::Id id) { categories.of_category(id); }));
  using Filters = ls::QueryFilters<Host>;
  for (const auto list : {&Filters::denied, &Filters::allowed, &Filters::categories, &Filters::denied_categories})
    add("retrieval/query_filters.hpp", [index, context, list](Ids ids) {
      context->reset();
      Filters filters{.item_categories = &categories};
      filters.*list = {{ids.data(), 10}, {{ten_in_one, 2}, 10}, {}};
      (*index)(*context, ls::View<const float, 2, Host>(interests.data(), 1, 1), 3, filters);
    });

  // A matrix has no place for an id twice, or out of order: ids of one row each.
  add("core/sparse_matrix.hpp", [](Ids ids) {
    std::vector<std::int64_t> one_a_row;
    for (std::int64_t n = 0; n <= 10; ++n) one_a_row.push_back(n);
    ls::SparseMatrix<float, Host>(one_a_row, {ids.begin(), ids.end()}, std::vector<float>(10, 1), id_rows);
  });
  for (const bool as_users : {false, true})
    add("factorization/interactions.hpp", [as_users](Ids ids) {
      ls::InteractionLog log;
      log.user_ids = log.item_ids = ls::IdMap::dense("ids", id_rows);
      log.values = xt::ones<float>({10});
      log.times = xt::zeros<ls::Seconds>({10});
      log.users = log.items = xt::zeros<ls::Id>({10});
      std::copy(ids.begin(), ids.end(), (as_users ? log.users : log.items).begin());
      ls::Interactions<float, Host>(log, ls::RepeatedEvents::add);
    });
  const auto factors =
      std::make_shared<SmallFactors<float, Host>>(SmallFactorsSettings{.users = id_rows, .items = id_rows});
  add("training/rank_factors.hpp", [factors](Ids ids) {
    const std::vector<ls::Id> targets(10, 3);
    ls::rank_factors(*factors, ids, {.relevant = targets});
  });

  static const ls::Index one_sequence[] = {0, 10};
  const auto model = std::make_shared<SmallModel<float, Host>>(1, 0, id_rows);
  add("models/check_batch.hpp", [model](Ids ids) {
    ls::Batch<Host> batch;
    batch.history.items = {ids.data(), 10};
    batch.history.offsets = {{one_sequence, 2}, 10};
    ls::check_batch(*model, batch);
  });
  add("models/check_batch.hpp", [model](Ids ids) {
    ls::Batch<Host> batch;
    batch.candidates = {ids.data(), 5, 2};
    ls::check_batch(*model, batch);
  });
  const auto scorer = std::make_shared<ls::BiasedFactorScorer<float, Host>>(
      ls::BiasedFactorScorerSettings{.users = id_rows, .items = id_rows});
  using Users = ls::View<const ls::Id, 1, Host>;
  using Items = ls::View<const ls::Id, 2, Host>;
  add("scorers/biased_factor_scorer.hpp", [scorer](Ids ids) { scorer->check(Users(ids.data(), 10), Items()); });
  add("scorers/biased_factor_scorer.hpp", [scorer](Ids ids) { scorer->check(Users(), Items(ids.data(), 5, 2)); });
  const auto ease = std::make_shared<ls::Ease<float, Host>>(ls::EaseSettings{.items = id_rows});
  add("factorization/ease.hpp", [ease](Ids ids) {
    std::vector<float> of_items(id_rows);
    ease->scores(ids, of_items);
  });
  const auto machine = std::make_shared<ls::FactorizationMachine<float, Host>>(
      ls::FactorizationMachineSettings{.users = id_rows, .items = id_rows, .factors = 1});
  add("scorers/factorization_machine.hpp", [machine](Ids ids) { machine->check(Users(ids.data(), 10), Items()); });
  add("scorers/factorization_machine.hpp", [machine](Ids ids) { machine->check(Users(), Items(ids.data(), 5, 2)); });
  const auto neural = std::make_shared<ls::NeuMf<float, Host>>(
      ls::NeuMfSettings{.users = id_rows, .items = id_rows, .features = 1, .hidden = {}});
  add("scorers/neu_mf.hpp", [neural](Ids ids) { neural->check(Users(ids.data(), 10), Items()); });
  add("scorers/neu_mf.hpp", [neural](Ids ids) { neural->check(Users(), Items(ids.data(), 5, 2)); });
  const auto rated = std::make_shared<ls::SvdppScorer<float, Host>>(
      ls::SvdppScorerSettings{.users = id_rows, .items = id_rows, .features = 1});
  add("scorers/svdpp_scorer.hpp", [rated](Ids ids) { rated->check(Users(ids.data(), 10), Items(), Users()); });
  add("scorers/svdpp_scorer.hpp", [rated](Ids ids) { rated->check(Users(), Items(ids.data(), 5, 2), Users()); });
  add("scorers/svdpp_scorer.hpp", [rated](Ids ids) { rated->check(Users(), Items(), Users(ids.data(), 10)); });
  return table;
}

}  // namespace test
