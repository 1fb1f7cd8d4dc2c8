// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether a value of an event is neither infinite nor NaN. By its bits, so that the answer holds under -ffast-math,
/// and without Kokkos, which the data headers do not need.
///
/// Cost: O(1).
inline bool is_finite_value(float value) { return (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) != 0x7f800000u; }

}  // namespace longshore::inline LONGSHORE_ABI
