// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "id_functions/baselines.hpp"
#include "id_functions/core.hpp"
#include "id_functions/data.hpp"
#include "id_functions/embeddings.hpp"
#include "id_functions/factorization.hpp"
#include "id_functions/id_table.hpp"
#include "id_functions/losses.hpp"
#include "id_functions/metrics.hpp"
#include "id_functions/models.hpp"
#include "id_functions/retrieval.hpp"
#include "id_functions/scorers.hpp"
#include "id_functions/training.hpp"

namespace test {

/// The functions that take ids from outside, folder by folder: each folder of the library has a table of its own.
inline std::vector<IdFunction> id_functions() {
  IdTable table;
  add_baselines(table);
  add_core(table);
  add_data(table);
  add_embeddings(table);
  add_factorization(table);
  add_losses(table);
  add_metrics(table);
  add_models(table);
  add_retrieval(table);
  add_scorers(table);
  add_training(table);
  return table.functions();
}

}  // namespace test
