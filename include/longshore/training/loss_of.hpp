// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <longshore/core/batch.hpp>
#include <longshore/core/block_traits.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What model and loss are given: the batch, or its copy in the model's space if it is a ready-made one.
template <class Model, class Batches>
using ExamplesOf =
    std::conditional_t<std::is_same_v<typename Batches::batch_type, Batch<Kokkos::DefaultHostExecutionSpace>>,
                       Batch<SpaceOf<Model>>, typename Batches::batch_type>;

/// The loss of a batch: `loss(context, model, batch)` where a loss takes the model, else that of the model's scores.
///
/// Cost: that of model and loss.
template <class Context, class Model, class Loss, class Examples>
auto loss_of(Context& context, const Model& model, const Loss& loss, const Examples& batch) {
  if constexpr (requires { loss(context, model, batch); })
    return loss(context, model, batch);
  else
    return loss(context, model(context, batch), batch);
}

}  // namespace longshore::inline LONGSHORE_ABI
