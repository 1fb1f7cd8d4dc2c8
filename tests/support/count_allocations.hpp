// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// How often this program has asked `operator new` for memory so far.
std::size_t count_allocations();
