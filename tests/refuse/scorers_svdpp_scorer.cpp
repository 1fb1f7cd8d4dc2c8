// expects: one vector a user is wanted: pool the sequences first
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/scorers/svdpp_scorer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void sequences_that_nobody_pooled(const ls::SvdppScorer<float, Space>& score, ls::Inference<Space>& context,
                                  const ls::Matrix<float, Space>& interest, const ls::Sequences<float, Space>& recent,
                                  const ls::Cube<float, Space>& candidates,
                                  const ls::View<const ls::Id, 1, Space>& users,
                                  const ls::View<const ls::Id, 2, Space>& items,
                                  const ls::View<const ls::Id, 1, Space>& rated, const ls::Windows<Space>& windows) {
  score(context, interest, candidates, users, items, rated, windows);
#ifndef LONGSHORE_CONTROL
  score(context, recent, candidates, users, items, rated, windows);
#endif
  (void)recent;
}
