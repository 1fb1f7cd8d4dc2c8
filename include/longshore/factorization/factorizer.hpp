// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/factorization/interactions.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A matrix factorisation that is trained by passes over the interactions: what `fit_factors` takes.
///
/// * A block `Model<Real, Space>` whose `visit` names its parameters: it is saved, loaded, copied and summarised as
///   every model is.
/// * `epoch(executor, interactions, number)` makes one pass, the first with number 0, and gives the mean objective of
///   training, or NaN where that would cost much. Model and number are the whole state: what is random comes from the
///   settings' seed and the number. The same bits at any number of threads.
/// * `named_settings()` are those that decide the result: a run that is resumed must have the same.
template <class Model>
concept Factorizer =
    Block<Model> && requires(Model& model, const Model& trained, const SpaceOf<Model>& executor,
                             const Interactions<RealOf<Model>, SpaceOf<Model>>& interactions, std::int64_t number) {
      { model.epoch(executor, interactions, number) } -> std::same_as<double>;
      { trained.named_settings() } -> std::same_as<std::vector<std::pair<std::string, std::string>>>;
    };

/// A factorisation whose scores are inner products of a user's and an item's vector: `TopK` and `rank_factors` take
/// them, biases are further features.
///
/// * `user_vectors(executor)` (U, D) and `item_vectors(executor)` (I, D) are copies. Blocks.
template <class Model>
concept InnerProductFactors = Block<Model> && requires(const Model& model, const SpaceOf<Model>& executor) {
  { model.user_vectors(executor) } -> std::same_as<Tensor<RealOf<Model>, 2, SpaceOf<Model>>>;
  { model.item_vectors(executor) } -> std::same_as<Tensor<RealOf<Model>, 2, SpaceOf<Model>>>;
};

}  // namespace longshore::inline LONGSHORE_ABI
