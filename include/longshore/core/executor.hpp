// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Runs kernel bodies on the calling thread, without a dispatch, a lock or a fence: for requests that are served by
/// many threads at once, each with its own context.
struct Inline {};

/// What a kernel may be launched on: an instance of the execution space, or `Inline` where host code reaches the
/// memory.
template <class Executor, class Space>
concept ExecutorOf = std::is_same_v<Executor, Space> || (std::is_same_v<Executor, Inline> && is_host_space<Space>);

}  // namespace longshore::inline LONGSHORE_ABI
