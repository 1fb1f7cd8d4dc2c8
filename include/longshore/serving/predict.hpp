// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <longshore/core/inference.hpp>
#include <longshore/models/check_batch.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Answers a request with a model: looks at the ids and windows of a `Batch` on the host, takes back the memory of the
/// answer before, then calls the model.
///
///     Inference<Space, Inline> context;                        // one a thread; the model is shared
///     const auto scores = predict(model, context, request);    // (B, C), until the next call
///
/// On a host nothing is allocated once the context has met its largest request. With `Inline` the kernels run on the
/// calling thread and no lock is taken, so any number of threads may serve from one const model. Does not wait for a
/// device: `context.fence()` does.
///
/// Cost: that of the model, and O(N + B C) for the check.
///
/// @param request  what the model reads: a `Batch`, or anything else. A batch that lies on a device, or of a type of
///                 your own, is not looked at: `check_batch` before `copy_batch`, or `check_ids` and the like, do
/// @return         what the model gives; lives until the context is reset, as the next call does
/// @throws DataError if a batch on the host holds an id that the model does not have, or windows out of order; see
///                   `check_batch`
/// @throws Error outside the life of Kokkos, and what the model throws; the next call starts afresh
template <class Model, class Space, class Executor, class Request>
auto predict(const Model& model, Inference<Space, Executor>& context, const Request& request) {
  if constexpr (is_host_space<Space> && std::is_same_v<Request, Batch<Space>>) check_batch(model, request, "predict");
  context.reset();
  return model(context, request);
}

}  // namespace longshore::inline LONGSHORE_ABI
