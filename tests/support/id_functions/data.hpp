// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <longshore/data/histories.hpp>
#include <longshore/data/id_map.hpp>
#include <longshore/data/k_core.hpp>
#include <longshore/data/long_short_views.hpp>
#include <longshore/data/negatives.hpp>
#include <longshore/data/normalise_values.hpp>
#include <longshore/data/synthetic_log.hpp>

#include "id_table.hpp"

namespace test {

inline void add_data(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using namespace id_case;
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
  for (const bool as_users : {true, false})
    add("data/check_log.hpp",
        [as_users](Ids ids) { ls::k_core(log_of_ids(ids, as_users), {.user_events = 0, .item_events = 0}); });
  add("data/negatives.hpp", [](Ids ids) { ls::Negatives(one_history(ids), id_rows, {}); });
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
}

}  // namespace test
