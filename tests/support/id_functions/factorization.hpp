// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <longshore/factorization/ease.hpp>
#include <longshore/factorization/interactions.hpp>

#include "id_table.hpp"

namespace test {

inline void add_factorization(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  using namespace id_case;
  for (const bool as_users : {false, true})
    add("factorization/interactions.hpp",
        [as_users](Ids ids) { ls::Interactions<float, Host>(log_of_ids(ids, as_users), ls::RepeatedEvents::add); });
  const auto ease = std::make_shared<ls::Ease<float, Host>>(ls::EaseSettings{.items = id_rows});
  add("factorization/ease.hpp", [ease](Ids ids) {
    std::vector<float> of_items(id_rows);
    ease->scores(ids, of_items);
  });
}

}  // namespace test
