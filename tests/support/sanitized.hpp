// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__has_feature)
#define LONGSHORE_HAS_FEATURE(feature) __has_feature(feature)  // clang's way of telling
#else
#define LONGSHORE_HAS_FEATURE(feature) 0
#endif

/// Whether the address sanitizer watches this program.
#if defined(__SANITIZE_ADDRESS__) || LONGSHORE_HAS_FEATURE(address_sanitizer)
inline constexpr bool addresses_watched = true;
#else
inline constexpr bool addresses_watched = false;
#endif

/// Whether the thread sanitizer does.
#if defined(__SANITIZE_THREAD__) || LONGSHORE_HAS_FEATURE(thread_sanitizer)
inline constexpr bool threads_watched = true;
#else
inline constexpr bool threads_watched = false;
#endif

/// Whether a sanitizer does, which makes everything some twenty times slower. It asks where a program reads and writes:
/// cases that count on repetition do less of it then. The same numbers are compared in full without sanitizers.
inline constexpr bool sanitized = addresses_watched || threads_watched;

#undef LONGSHORE_HAS_FEATURE
