// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "spaces.hpp"

/// Every scalar and every host space once, not all of them together: where each costs much to compile.
#if defined(KOKKOS_ENABLE_OPENMP)
#define LONGSHORE_ON_SOME_HOSTS On<float, Kokkos::Serial>, On<double, Kokkos::Serial>, On<float, Kokkos::OpenMP>
#else
#define LONGSHORE_ON_SOME_HOSTS On<float, Kokkos::Serial>, On<double, Kokkos::Serial>
#endif

/// Calls `function(space)` for every enabled host space but Serial.
template <class Function>
void for_every_other_host(Function&& function) {
#if defined(KOKKOS_ENABLE_OPENMP)
  function(Kokkos::OpenMP{});
#endif
  (void)function;
}
