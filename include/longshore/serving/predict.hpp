// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/inference.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Answers a request with a model: takes back the memory of the answer before, then calls the model.
///
///     Inference<Space, Inline> context;                        // one a thread; the model is shared
///     const auto scores = predict(model, context, request);    // (B, C), until the next call
///
/// On a host nothing is allocated once the context has met its largest request. With `Inline` the kernels run on the
/// calling thread and no lock is taken, so any number of threads may serve from one const model. Does not wait for a
/// device: `context.fence()` does.
///
/// Cost: that of the model, and O(1).
///
/// @param request  what the model reads: a `Batch`, or anything else
/// @return         what the model gives; lives until the context is reset, as the next call does
/// @throws Error outside the life of Kokkos, and what the model throws; the next call starts afresh
template <class Model, class Space, class Executor, class Request>
auto predict(const Model& model, Inference<Space, Executor>& context, const Request& request) {
  context.reset();
  return model(context, request);
}

}  // namespace longshore::inline LONGSHORE_ABI
