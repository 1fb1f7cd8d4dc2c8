// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/scratch.hpp>
#include <longshore/kernels/softmax_cross_entropy_backward.hpp>
#include <longshore/losses/reduction.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Softmax cross-entropy over the whole catalogue: the target item among all items, by the product of interests and
/// items.
///
///   x_bi = <u_b, v_i> + bias_i;  loss = mean over b of weight_b (log sum_i e^(x_bi) - x_b,target)
///
/// The (B, I) logits are never in memory: tiles of them are made and summed and, in backward, made once more. `items`
/// may be the history's own table (`table.whole(context)`, tied weights) or another matrix.
///
/// Models: loss on interests. Cost: O(B I D), one product forward and three backward; memory O((B + I) D).
/// Source: Bridle 1990; in one pass with a running maximum: Milakov and Gimelshein 2018.
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
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& interests,
                                   const Matrix<Real, Space>& items, const View<const Id, 1, Space>& targets,
                                   const View<const float, 1, Space>& weights = {},
                                   const Value<Real, 1, Space>& bias = {}) const {
    const Index rows = interests.extent(0), count = items.extent(0), features = items.extent(1);
    expects(interests.extent(1) == features, "SoftmaxCrossEntropy: interests have ", interests.extent(1),
            " features, the items ", features);
    expects(count > 0, "SoftmaxCrossEntropy: there are no items");
    expects(targets.extent(0) == rows, "SoftmaxCrossEntropy: ", targets.extent(0), " targets for ", rows, " interests");
    expects(!weights.data() || weights.extent(0) == rows, "SoftmaxCrossEntropy: ", weights.extent(0), " weights for ",
            rows, " interests");
    expects(!bias.data.data() || bias.extent(0) == count, "SoftmaxCrossEntropy: ", bias.extent(0), " biases for ",
            count, " items");
    const auto scale = static_cast<Real>(reduction_scale(reduction, rows));
    const SoftmaxTiles<Real> tiles{rows,
                                   count,
                                   features,
                                   softmax_block<Space>(count),
                                   interests.data.data(),
                                   items.data.data(),
                                   bias.data.data(),
                                   scratch<Real>(context, softmax_tiles_workspace<Space>(count, features)).data()};
    const auto loss = make_value<Real>(context, 1);
    const auto log_sum = scratch<Real>(context, rows, 2);
    softmax_cross_entropy_forward<Real, Space>(
        context.executor(), tiles, targets, weights, scale, log_sum, loss.data,
        scratch<ExponentialSum<Real>>(context, softmax_blocks<Space>(count), rows),
        scratch<double>(context, sum_terms_workspace(rows)));
    context.record(loss, [=](auto& c) {
      const auto ditems = c.gradient_to(items);  // in the order in which they are written: they may be one array
      const auto dbias = c.gradient_to(bias);
      const auto dinterests = c.gradient_to(interests);
      const std::size_t needed =
          dinterests ? softmax_cross_entropy_backward_workspace<Space>(tiles.rows, tiles.items, tiles.features) : 0;
      softmax_cross_entropy_backward<Real, Space>(c.executor(), tiles, targets, weights, scale, log_sum,
                                                  c.gradient_of(loss), dinterests, ditems, dbias,
                                                  scratch<Real>(c, needed));
    });
    return loss;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
