// expects: no match
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void items_of_another_scalar(ls::Inference<Space>& context, const ls::Matrix<float, Space>& interests,
                             const ls::Matrix<float, Space>& items, const ls::Matrix<double, Space>& wide,
                             const ls::View<const ls::Id, 1, Space>& targets) {
  ls::SoftmaxCrossEntropy{}(context, interests, items, targets);
#ifndef LONGSHORE_CONTROL
  ls::SoftmaxCrossEntropy{}(context, interests, wide, targets);
#endif
  (void)wide;
}
