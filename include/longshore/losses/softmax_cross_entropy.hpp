// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/scratch.hpp>
#include <longshore/kernels/softmax_cross_entropy.hpp>
#include <longshore/kernels/sum_terms.hpp>
#include <longshore/losses/reduction.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Softmax cross-entropy over the whole catalogue: the target item among all items, by the product of interests and items.
///
///   x_bi = <u_b, v_i> + bias_i;  loss = mean over b of weight_b (log sum_i e^(x_bi) - x_b,target)
///
/// The (B, I) logits are never in memory: tiles of them are made, summed and, in backward, made again. `items` may be the
/// history's own table (`table.whole(context)`, tied weights) or another matrix.
///
/// Models: loss on interests. Cost: O(B I D), about four products forward and backward together; memory O(I D).
/// Differs from PyTorch's cross_entropy(u @ v.T + bias, target): nothing.
struct SoftmaxCrossEntropy {
  static constexpr const char* name = "SoftmaxCrossEntropy";
  Reduction reduction = Reduction::mean;

  /// @param interests  (B, D)
  /// @param items      (I, D)
  /// @param targets    (B) each in [0, I); checked where data enters
  /// @param weights    (B) or empty for 1
  /// @param bias       (I) or empty
  /// @return           (1)
  /// @throws ShapeError if extents differ or there are no items
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& interests, const Matrix<Real, Space>& items,
                                   const View<const Id, 1, Space>& targets,
                                   const View<const float, 1, Space>& weights = {},
                                   const Value<Real, 1, Space>& bias = {}) const {
    const Index rows = interests.extent(0), count = items.extent(0), features = items.extent(1);
    expects(interests.extent(1) == features, "SoftmaxCrossEntropy: interests have ", interests.extent(1),
            " features, the items ", features);
    expects(count > 0, "SoftmaxCrossEntropy: there are no items");
    expects(targets.extent(0) == rows, "SoftmaxCrossEntropy: ", targets.extent(0), " targets for ", rows, " interests");
    expects(!weights.data() || weights.extent(0) == rows, "SoftmaxCrossEntropy: ", weights.extent(0), " weights for ",
            rows, " interests");
    expects(!bias.data.data() || bias.extent(0) == count, "SoftmaxCrossEntropy: ", bias.extent(0), " biases for ", count,
            " items");
    const auto& executor = context.executor();
    const auto scale = static_cast<Real>(reduction_scale(reduction, rows));
    const auto loss = make_value<Real>(context, 1);
    const auto log_sum = scratch<Real>(context, rows);
    const Index blocks = softmax_blocks(count);
    const auto most = scratch<Real>(context, rows, blocks), sums = scratch<Real>(context, rows, blocks);
    const auto operands = prepare(context, interests, items, bias);
    for_each_team<Space>(executor, static_cast<std::int64_t>(softmax_tiles(rows)) * blocks,
                         SoftmaxBlock<Real>{operands, blocks, most.data(), sums.data()});
    sum_terms<Real, Space>(executor, rows,
                           SoftmaxRowTerm<Real>{operands, items.data.data(), blocks, most.data(), sums.data(),
                                                targets.data(), weights.data(), scale, log_sum.data()},
                           loss.data, scratch<double>(context, sum_terms_workspace(rows)));
    context.record(loss, [=](auto& c) {
      const auto dinterests = c.gradient_to(interests);
      const auto ditems = c.gradient_to(items);
      const auto dbias = c.gradient_to(bias);
      const SoftmaxSlope<Real> slope{log_sum.data(), targets.data(), weights.data(), scale, c.gradient_of(loss).data()};
      const auto tiles = static_cast<std::int64_t>(softmax_tiles(interests.extent(0)));
      if (dinterests)
        for_each_team<Space>(c.executor(), tiles,
                             SoftmaxInterestGradient<Real, Space>{operands, slope, items.data.data(), dinterests});
      if (ditems || dbias)
        for_each_team<Space>(c.executor(), softmax_panels(items.extent(0)),
                             SoftmaxItemGradient<Real, Space>{operands, slope, ditems, dbias});
    });
    return loss;
  }

 private:
  template <class Real, class Space>
  static SoftmaxOperands<Real> prepare(auto& context, const Matrix<Real, Space>& interests,
                                       const Matrix<Real, Space>& items, const Value<Real, 1, Space>& bias) {
    const Index rows = interests.extent(0), count = items.extent(0), features = items.extent(1);
    Real* workspace = scratch<Real>(context, softmax_cross_entropy_workspace(rows, count, features)).data();
    for_each_team<Space>(context.executor(), softmax_panels(count),
                         SoftmaxPanel<Real>{count, features, items.data.data(), workspace});
    return {rows, count, features, interests.data.data(), workspace, bias.data.data(),
            workspace + static_cast<std::int64_t>(softmax_panels(count)) * softmax_items * features};
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
