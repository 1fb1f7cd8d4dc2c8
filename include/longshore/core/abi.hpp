// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/version.hpp>

#if __cplusplus < 202002L
#error "Longshore needs C++20: compile with -std=c++20"
#define LONGSHORE_STOP "-std=c++20"
#include LONGSHORE_STOP  // no such file: compilers stop here, where a page of further errors would follow
#endif

/// The inline namespace that every name of the library lives in. It spells the version and what changes the library's
/// code: the widest of the instruction sets below, checks of bounds, and nvcc. So translation units that differ there
/// never share a symbol:
///
///     namespace longshore::inline LONGSHORE_ABI { ... }
///
/// Users write `longshore::Lstm` and never see it.
#if defined(__AVX512VNNI__)
#define LONGSHORE_ABI_WIDTH _avx512vnni
#elif defined(__AVX512BW__)
#define LONGSHORE_ABI_WIDTH _avx512bw
#elif defined(__AVX512F__)
#define LONGSHORE_ABI_WIDTH _avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define LONGSHORE_ABI_WIDTH _avx2fma
#elif defined(__AVX2__)
#define LONGSHORE_ABI_WIDTH _avx2
#elif defined(__AVX__) && defined(__FMA__)
#define LONGSHORE_ABI_WIDTH _avxfma
#elif defined(__AVX__)
#define LONGSHORE_ABI_WIDTH _avx
#elif defined(__SSE4_1__)
#define LONGSHORE_ABI_WIDTH _sse4
#else
#define LONGSHORE_ABI_WIDTH _base
#endif

#if defined(LONGSHORE_BOUNDS_CHECK) || defined(KOKKOS_ENABLE_DEBUG_BOUNDS_CHECK)
#define LONGSHORE_CHECKS_BOUNDS 1
#define LONGSHORE_ABI_CHECK _checked
#else
#define LONGSHORE_CHECKS_BOUNDS 0
#define LONGSHORE_ABI_CHECK
#endif

#if defined(__CUDACC__)
#define LONGSHORE_ABI_COMPILER _cuda
#else
#define LONGSHORE_ABI_COMPILER
#endif

#define LONGSHORE_JOIN(a, b, c, d, e) a##_##b##c##d##e
#define LONGSHORE_EXPAND(a, b, c, d, e) LONGSHORE_JOIN(a, b, c, d, e)
#define LONGSHORE_ABI_PREFIX(major) v##major
#define LONGSHORE_ABI_MAJOR(major) LONGSHORE_ABI_PREFIX(major)
#define LONGSHORE_ABI                                                                                          \
  LONGSHORE_EXPAND(LONGSHORE_ABI_MAJOR(LONGSHORE_VERSION_MAJOR), LONGSHORE_VERSION_MINOR, LONGSHORE_ABI_WIDTH, \
                   LONGSHORE_ABI_CHECK, LONGSHORE_ABI_COMPILER)
