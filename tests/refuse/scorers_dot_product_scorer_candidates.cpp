// expects: DotProductScorer: give interests, candidates (B, C, D) of its Real
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void candidates_left_out_or_of_another_scalar(const ls::DotProductScorer<float, Space>& score,
                                              ls::Inference<Space>& context, const ls::Matrix<float, Space>& interest,
                                              const ls::Cube<float, Space>& candidates,
                                              const ls::Matrix<double, Space>& wide) {
  score(context, interest, candidates);
#ifndef LONGSHORE_CONTROL
  score(context, interest);
  score(context, wide, candidates);
#endif
  (void)wide;
}
