// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sanitized.hpp"

/// How often this program has asked `operator new` for memory so far.
std::size_t count_allocations();
/// How many bytes it has asked for so far, those that were given back included.
std::size_t allocated_bytes();

/// Whether it counts: under the thread sanitizer that one's `operator new` is taken.
inline constexpr bool allocations_are_counted = !threads_watched;
