// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !__has_include(<Kokkos_Core.hpp>)
#error "Longshore needs Kokkos 3.4.01 or newer: give the compiler the include folder of one"
#define LONGSHORE_STOP "Kokkos 3.4.01"
#include LONGSHORE_STOP  // no such file, as in core/abi.hpp
#endif

#include <Kokkos_Core.hpp>
#include <cmath>
#include <string>
#include <type_traits>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>

#if KOKKOS_VERSION < 30401
#error "Longshore needs Kokkos 3.4.01 or newer: compile with the include folder of one"
#define LONGSHORE_STOP "Kokkos 3.4.01"
#include LONGSHORE_STOP  // no such file, as in core/abi.hpp
#endif

/// 1 where the compiler makes code for a device, in which nothing can be thrown.
#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__) || defined(__SYCL_DEVICE_ONLY__)
#define LONGSHORE_ON_DEVICE 1
#else
#define LONGSHORE_ON_DEVICE 0
#endif

/// The one header that knows how Kokkos 3.4 to 5.x differ.
namespace longshore::inline LONGSHORE_ABI {

/// Functions of one real number that exist in every supported Kokkos, for host and device code.
namespace math {
#if KOKKOS_VERSION < 30700
namespace backend = Kokkos::Experimental;
#else
namespace backend = Kokkos;
#endif
using backend::cos;
using backend::erf;
using backend::log;
using backend::log1p;
using backend::pow;
using backend::sin;
using backend::sqrt;
}  // namespace math

/// Whether code of this execution space runs on the host and reaches its memory.
template <class Space>
inline constexpr bool is_host_space =
    static_cast<bool>(Kokkos::SpaceAccessibility<Kokkos::HostSpace, typename Space::memory_space>::accessible) &&
    static_cast<bool>(Kokkos::SpaceAccessibility<typename Space::memory_space, Kokkos::HostSpace>::accessible) &&
    std::is_same_v<typename Space::memory_space, Kokkos::HostSpace>;

/// Whether a launch on this space is over when it returns: then a launch of one body may as well be a call, which wakes
/// no other thread.
template <class Space>
inline constexpr bool launches_block = std::is_same_v<Space, Kokkos::DefaultHostExecutionSpace>
#if defined(KOKKOS_ENABLE_SERIAL)
                                       || std::is_same_v<Space, Kokkos::Serial>
#endif
    ;
#if defined(KOKKOS_ENABLE_HPX)
template <>
inline constexpr bool launches_block<Kokkos::Experimental::HPX> = false;
#endif

/// Settings that start Kokkos without the advice that it prints, such as that OMP_PROC_BIND is not set; errors are
/// thrown as ever.
///
///     Kokkos::ScopeGuard kokkos(longshore::quiet_kokkos());
///
/// What the environment says (KOKKOS_NUM_THREADS, OMP_NUM_THREADS, ...) counts as without.
inline auto quiet_kokkos() {
#if KOKKOS_VERSION < 30700
  Kokkos::InitArguments settings;
  settings.disable_warnings = true;
  return settings;
#else
  return Kokkos::InitializationSettings().set_disable_warnings(true);
#endif
}

/// Whether Kokkos is usable now: after `initialize` (or `ScopeGuard`) and before `finalize`.
inline bool kokkos_is_alive() { return Kokkos::is_initialized(); }

/// Throws unless Kokkos is usable now.
///
/// @param function  name of the caller, for the text
/// @throws Error before Kokkos::initialize and after Kokkos::finalize
inline void expects_kokkos(const char* function) {
  expects<Error>(kokkos_is_alive(), function,
                 ": Kokkos is not running; create a Kokkos::ScopeGuard in main first and keep it until the end");
}

}  // namespace longshore::inline LONGSHORE_ABI
