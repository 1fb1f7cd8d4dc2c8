// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/executor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Runs `functor(i)` for every i below count, in any order, perhaps at the same time. Does not wait.
///
/// The functor is a struct at namespace scope with `KOKKOS_INLINE_FUNCTION void operator()(Index or std::int64_t i)
/// const` and `static inline const std::string label`, the name that Kokkos Tools show. Iterations must not depend on
/// each other. On a host a single iteration is a call: Kokkos Tools do not see it.
///
/// Cost: one launch, count calls.
///
/// @throws Error outside the life of Kokkos
template <class Executor, class Functor>
void for_each(const Executor& executor, std::int64_t count, const Functor& functor) {
  if (count <= 0) return;
  if constexpr (std::is_same_v<Executor, Inline>) {
    for (std::int64_t i = 0; i < count; ++i) functor(i);
  } else {
    expects_kokkos(Functor::label.c_str());
    if constexpr (launches_block<Executor>)
      if (count == 1) return functor(std::int64_t{0});
    using Policy = Kokkos::RangePolicy<Executor, Kokkos::IndexType<std::int64_t>>;
    Kokkos::parallel_for(Functor::label, Policy(executor, 0, count), functor);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
