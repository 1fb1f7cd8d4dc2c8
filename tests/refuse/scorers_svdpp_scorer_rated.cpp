// expects: SvdppScorer: give ids or vectors and ids, then rated ids and Windows
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/scorers/svdpp_scorer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void without_rated_items(const ls::SvdppScorer<float, Space>& score, ls::Inference<Space>& context,
                         const ls::View<const ls::Id, 1, Space>& users, const ls::View<const ls::Id, 2, Space>& items,
                         const ls::View<const ls::Id, 1, Space>& rated, const ls::Windows<Space>& windows) {
  score(context, users, items, rated, windows);
#ifndef LONGSHORE_CONTROL
  score(context, users, items);
#endif
  (void)windows;
}
