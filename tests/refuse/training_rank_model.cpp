// expects: longshore: rank_model: Model and Batch do not fit: the model is no block that gives a Matrix of its Real and Space for (context, batch)
// SPDX-License-Identifier: Apache-2.0
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/training/rank_model.hpp>

#include "tests/support/small_training.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;
using Model = test::SmallModel<float, Space>;

static_assert(ls::ScoresCandidates<Model, float, Space, ls::Inference<Space>, ls::Batch<Space>>);

#ifndef LONGSHORE_CONTROL
ls::Ranking a_pooling_for_a_model(const ls::MeanPooling<float, Space>& pool, const ls::LongShortViews& views) {
  return ls::rank_model(pool, views, {}, 12);
}
#endif
