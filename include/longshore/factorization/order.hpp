// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <longshore/core/error.hpp>
#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// In which order stochastic descent meets the ratings of an epoch.
enum class Order {
  sequential,  ///< one after the other, users in their order: the published one; on one thread of a host
  blocked,     ///< in blocks that share neither users nor items, at the same time: parallel, with equal bits
};

/// Refuses the order that a space cannot keep.
///
/// Cost: O(1).
///
/// @throws ShapeError naming the model
template <class Space>
void check_order(std::string_view model, Order order) {
  // unreached: on a device only
  expects(is_host_space<Space> || order == Order::blocked, model,
          ": Order::sequential works on a host; take Order::blocked on a device");
}

/// The name of an order, for settings that a checkpoint keeps.
///
/// Cost: O(1).
constexpr std::string_view name_of(Order order) { return order == Order::sequential ? "sequential" : "blocked"; }

}  // namespace longshore::inline LONGSHORE_ABI
