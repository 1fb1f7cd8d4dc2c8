// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <longshore/models/check_batch.hpp>

#include "../small_training.hpp"
#include "id_table.hpp"

namespace test {

inline void add_models(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  using namespace id_case;
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
}

}  // namespace test
