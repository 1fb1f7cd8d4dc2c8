// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <longshore/core/inference.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/retrieval/top_k.hpp>

#include "id_table.hpp"

namespace test {

inline void add_retrieval(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  using namespace id_case;
  const auto rows =
      std::make_shared<ls::EmbeddingTable<float, Host>>(ls::EmbeddingTableSettings{.rows = id_rows, .features = 1});
  const auto context = std::make_shared<ls::Inference<Host>>();
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
}

}  // namespace test
