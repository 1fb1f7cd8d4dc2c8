// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/block_traits.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/core/fill.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/catalogue_targets.hpp>
#include <longshore/kernels/softmax_cross_entropy_backward.hpp>
#include <longshore/kernels/softmax_of_logits.hpp>
#include <longshore/losses/reduction.hpp>
#include <longshore/losses/score_loss.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Softmax cross-entropy over the whole catalogue: the target item among all items, by the product of interests and
/// items.
///
///   x_bi = <u_b, v_i> + bias_i;  loss = mean over b of weight_b (log sum_i e^(x_bi) - x_b,target)
///
/// The (B, I) logits are never in memory: tiles of them are made and summed and, in backward, made once more. `items`
/// may be the history's own table (`table.whole(context)`, tied weights) or another matrix.
///
/// Given a model, as `fit` gives it, the target is candidate 0 of each example; negatives are not looked at. A model
/// that `ScoresCatalogue` will do; one whose scores are a product, and which names its `factors`, needs no (B, I)
/// logits. The model's row for unknown ids is no item: it is not in the sum, and an example whose target it is weighs
/// 0, unless `unknown_row` says otherwise.
///
/// Models: loss on interests, or on a model. Cost: O(B I D), one product forward and three backward; memory
/// O((B + I) D). Of a model without `factors` that of its catalogue, O(B I) more, and memory for 3 B I numbers.
/// Source: Bridle 1990; in one pass with a running maximum: Milakov and Gimelshein 2018.
/// Differs from PyTorch's cross_entropy(u @ v.T + bias, target): nothing.
struct SoftmaxCrossEntropy {
  static constexpr const char* name = "SoftmaxCrossEntropy";
  Reduction reduction = Reduction::mean;
  bool unknown_row = false;  // of a model's table: count its row for unknown ids as one more item

  /// @param interests  (B, D)
  /// @param items      (I, D) all of them count, the row for unknown ids too if a whole table with one is given
  /// @param targets    (B) each in [0, I)
  /// @param weights    (B) or empty for 1
  /// @param bias       (I) or empty
  /// @return           (1)
  /// @throws ShapeError if extents differ or there are no items
  /// @throws DataError  on a host, if a target is none of the items
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& interests,
                                   const Matrix<Real, Space>& items, const View<const Id, 1, Space>& targets,
                                   const View<const float, 1, Space>& weights = {},
                                   const Value<Real, 1, Space>& bias = {}) const {
    expects(targets.extent(0) == interests.extent(0), "SoftmaxCrossEntropy: ", targets.extent(0), " targets for ",
            interests.extent(0), " interests");
    expects(!weights.data() || weights.extent(0) == interests.extent(0), "SoftmaxCrossEntropy: ", weights.extent(0),
            " weights for ", interests.extent(0), " interests");
    expects(!bias.data.data() || bias.extent(0) == items.extent(0), "SoftmaxCrossEntropy: ", bias.extent(0),
            " biases for ", items.extent(0), " items");
    return of_products(context, interests, items, items.extent(0), targets, weights, bias);
  }

  /// @param batch  candidate 0 of each example is the target; of its `weights` column 0 counts
  /// @return       (1)
  /// @throws ShapeError if a part of the model sees the candidates, there are none, or the weights are of other extents
  /// @throws DataError  on a host, if a candidate is outside the catalogue
  template <class Context, class Model, class Examples>
    requires ScoresCatalogue<Model, RealOf<Model>, SpaceOf<Model>, Context, Examples>
  Value<RealOf<Model>, 1, SpaceOf<Model>> operator()(Context& context, const Model& model,
                                                     const Examples& batch) const {
    expects(!model.sees_candidates(),
            "SoftmaxCrossEntropy: a part of the model sees the candidates, so that a catalogue cannot be scored at "
            "once; SampledSoftmax is for such models");
    const auto& candidates = batch.candidates;
    const Index rows = candidates.extent(0), width = candidates.extent(1);
    expects(rows == 0 || width > 0, "SoftmaxCrossEntropy: candidate 0 is the target, the batch has no candidates");
    expects(!batch.weights.data() || (batch.weights.extent(0) == rows && batch.weights.extent(1) == width),
            "SoftmaxCrossEntropy: weights are ", batch.weights.extent(0), " x ", batch.weights.extent(1),
            ", the candidates ", rows, " x ", width);
    const auto targets = scratch<Id>(context, rows);
    const auto weights = scratch<float>(context, rows);
    const auto take = [&](Index items, Index all) {
      if constexpr (is_host_space<SpaceOf<Model>>)
        check_ids("SoftmaxCrossEntropy: candidates", candidates.data(), candidates.size(), all);
      catalogue_targets<SpaceOf<Model>>(context.executor(), candidates, batch.weights, items, targets, weights);
    };
    if constexpr (requires { model.factors(context, batch).queries; })
      if (has_factors(model)) {
        const auto factors = model.factors(context, batch);
        const Index items = items_that_count(model, factors.keys.extent(0));
        expects(factors.queries.extent(0) == rows, "SoftmaxCrossEntropy: ", factors.queries.extent(0), " queries for ",
                rows, " examples");
        take(items, factors.keys.extent(0));
        return of_products(context, factors.queries, factors.keys, items, as_const(targets), as_const(weights), {});
      }
    const auto logits = model.catalogue(context, batch);
    const Index items = items_that_count(model, logits.extent(1));
    expects(logits.extent(0) == rows && items > 0, "SoftmaxCrossEntropy: the catalogue is ", logits.extent(0), " x ",
            logits.extent(1), " for ", rows, " examples");
    take(items, logits.extent(1));
    return of_logits(context, logits, items, targets, weights);
  }
  void operator()(auto&, ...) const = delete;  // SoftmaxCrossEntropy: give interests, items, targets; or model, batch

 private:
  static bool has_factors(const auto& model) {
    if constexpr (requires { model.has_factors(); })
      return model.has_factors();
    else
      return true;
  }

  template <class T, class Space>
  static View<const T, 1, Space> as_const(const View<T, 1, Space>& view) {
    return view;
  }

  /// The row for unknown ids is the last one.
  template <class Model>
  Index items_that_count(const Model& model, Index all) const {
    if constexpr (requires { all == model.items.rows() && model.items.settings.unknown_row; })
      if (!unknown_row && model.items.settings.unknown_row && all == model.items.rows()) return all - 1;
    return all;
  }

  /// @param count  how many of the items count, the first
  template <class Real, class Space>
  Value<Real, 1, Space> of_products(auto& context, const Matrix<Real, Space>& interests,
                                    const Matrix<Real, Space>& items, Index count,
                                    const View<const Id, 1, Space>& targets, const View<const float, 1, Space>& weights,
                                    const Value<Real, 1, Space>& bias) const {
    check_values("SoftmaxCrossEntropy", context, interests, items, bias);
    const Index rows = interests.extent(0), features = items.extent(1);
    expects(interests.extent(1) == features, "SoftmaxCrossEntropy: interests have ", interests.extent(1),
            " features, the items ", features);
    expects(count > 0, "SoftmaxCrossEntropy: there are no items");
    if constexpr (is_host_space<Space>)
      check_ids("SoftmaxCrossEntropy: targets", targets.data(), targets.size(), items.extent(0));
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
        scratch<ExponentialSum<Real>>(context, softmax_blocks<Space>(count) + 1, rows),
        scratch<double>(context, sum_terms_workspace(rows)));
    context.record(loss, [=](auto& c) {
      const auto ditems = c.gradient_to(items);  // in the order in which they are written: they may be one array
      const auto dbias = c.gradient_to(bias);
      if (ditems && !ditems.adds() && count < items.extent(0)) {  // rows behind those that count
        auto rest = ditems.view;
        rest.pointer += std::int64_t{count} * features;
        rest.extents[0] -= count;
        fill<Real>(c.executor(), rest, Real(0));
      }
      const auto dinterests = c.gradient_to(interests);
      const std::size_t needed =
          dinterests ? softmax_cross_entropy_backward_workspace<Space>(tiles.rows, tiles.items, tiles.features) : 0;
      softmax_cross_entropy_backward<Real, Space>(c.executor(), tiles, targets, weights, scale, log_sum,
                                                  c.gradient_of(loss), dinterests, ditems, dbias,
                                                  scratch<Real>(c, needed));
    });
    return loss;
  }

  template <class Real, class Space>
  Value<Real, 1, Space> of_logits(auto& context, const Matrix<Real, Space>& logits, Index count,
                                  const View<Id, 1, Space>& targets, const View<float, 1, Space>& weights) const {
    const Index rows = logits.extent(0);
    const auto losses = scratch<Real>(context, rows);
    const auto workspace = scratch<double>(context, softmax_of_logits_workspace(rows));
    const auto scale = static_cast<Real>(reduction_scale(reduction, rows));
    return score_loss(context, logits, [&](const auto& loss, const auto& derivative) {
      softmax_of_logits_forward<Real, Space>(context.executor(), logits.data, count, targets, weights, scale, loss,
                                             derivative, losses, workspace);
    });
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
