// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// In which order stochastic descent meets the ratings of an epoch.
enum class Order {
  sequential,  ///< one after the other, users in their order: the published one; on one thread of a host
  blocked,     ///< in blocks that share neither users nor items, at the same time: parallel, with equal bits
};

/// The name of an order, for settings that a checkpoint keeps.
///
/// Cost: O(1).
constexpr std::string_view name_of(Order order) { return order == Order::sequential ? "sequential" : "blocked"; }

}  // namespace longshore::inline LONGSHORE_ABI
