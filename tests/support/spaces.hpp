// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <longshore/core/kokkos.hpp>
#include <type_traits>

/// A scalar and an execution space: the parameter of tests that run everywhere.
///
///     TEST_CASE_TEMPLATE("Linear: hand: ...", Where, LONGSHORE_EVERYWHERE) { using Real = typename Where::Real; ... }
template <class RealType, class SpaceType>
struct On {
  using Real = RealType;
  using Space = SpaceType;
};

#if defined(KOKKOS_ENABLE_OPENMP)
#define LONGSHORE_ON_OPENMP , On<float, Kokkos::OpenMP>, On<double, Kokkos::OpenMP>
#else
#define LONGSHORE_ON_OPENMP
#endif
#if defined(KOKKOS_ENABLE_CUDA)
#define LONGSHORE_ON_CUDA , On<float, Kokkos::Cuda>, On<double, Kokkos::Cuda>
#else
#define LONGSHORE_ON_CUDA
#endif
/// Every enabled space, in float and double.
#define LONGSHORE_EVERYWHERE On<float, Kokkos::Serial>, On<double, Kokkos::Serial> LONGSHORE_ON_OPENMP LONGSHORE_ON_CUDA

/// Every enabled execution space of the host: the parameter of tests that share a model among threads through `Inline`.
#if defined(KOKKOS_ENABLE_OPENMP)
#define LONGSHORE_HOST_SPACES Kokkos::Serial, Kokkos::OpenMP
#else
#define LONGSHORE_HOST_SPACES Kokkos::Serial
#endif

/// How far a result may be from the exact one, relative to the largest element.
template <class Real>
inline constexpr double tolerance = std::is_same_v<Real, float> ? 1e-5 : 1e-12;

/// Calls `function(space)` for every enabled space but Serial.
template <class Function>
void for_every_other_space(Function&& function) {
#if defined(KOKKOS_ENABLE_OPENMP)
  function(Kokkos::OpenMP{});
#endif
#if defined(KOKKOS_ENABLE_CUDA)
  function(Kokkos::Cuda{});
#endif
  (void)function;
}
