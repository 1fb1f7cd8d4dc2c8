// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Extents, rows and positions inside a batch. Offsets of elements are computed in 64 bits.
using Index = std::int32_t;

/// Item and user ids inside a model: dense from 0, made by an `IdMap`. Names from files become ids when data enters.
using Id = std::int32_t;

/// Time stamps of a log: seconds since 1970-01-01 00:00:00 UTC.
using Seconds = std::int64_t;

}  // namespace longshore::inline LONGSHORE_ABI
