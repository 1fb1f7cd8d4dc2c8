// expects: SoftmaxCrossEntropy: give interests, items, targets; or model, batch
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void items_of_another_scalar_and_targets_left_out(ls::Inference<Space>& context,
                                                  const ls::Matrix<float, Space>& interests,
                                                  const ls::Matrix<float, Space>& items,
                                                  const ls::Matrix<double, Space>& wide,
                                                  const ls::View<const ls::Id, 1, Space>& targets,
                                                  const ls::View<const ls::Id, 2, Space>& candidates) {
  ls::SoftmaxCrossEntropy{}(context, interests, items, targets);
#ifndef LONGSHORE_CONTROL
  ls::SoftmaxCrossEntropy{}(context, interests, wide, targets);
  ls::SoftmaxCrossEntropy{}(context, interests, items);
  ls::SoftmaxCrossEntropy{}(context, interests, targets);
  ls::SoftmaxCrossEntropy{}(context, interests, items, candidates);
#endif
  (void)wide;
  (void)candidates;
}
