// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <longshore/training/rank_factors.hpp>

#include "../small_factors.hpp"
#include "id_table.hpp"

namespace test {

inline void add_training(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  const auto factors =
      std::make_shared<SmallFactors<float, Host>>(SmallFactorsSettings{.users = id_rows, .items = id_rows});
  add("training/rank_factors.hpp", [factors](Ids ids) {
    const std::vector<ls::Id> targets(10, 3);
    ls::rank_factors(*factors, ids, {.relevant = targets});
  });
}

}  // namespace test
