// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "server.hpp"

/// Serves requests that are made from the store's own histories, by 1 to so many threads, and prints latencies and
/// requests per second, and whether the answers are those of one thread.
///
/// @return  whether all were equal, bit for bit
bool load_test(const Store& store, std::size_t count, int threads, std::ostream& out);
