// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// An array of this step, not initialised: for workspaces and for what backward needs to remember.
///
///     auto weights = scratch<Real>(context, windows.pair_count);   // View<Real, 1, Space>
///
/// Cost: O(1); the arena's memory.
///
/// @return  lives until the context is reset
/// @throws ShapeError for an extent below 0 or above what an `Index` holds
template <class T, class Context, class... Extents>
View<T, sizeof...(Extents), typename Context::space> scratch(Context& context, Extents... extents) {
  expects_extents("scratch", extents...);
  View<T, sizeof...(Extents), typename Context::space> view(nullptr, extents...);
  view.pointer = static_cast<T*>(context.allocate(sizeof(T) * view.size()));
  return view;
}

/// A value of this step, not initialised, with a place for its gradient in a training context: for results of blocks.
template <class T, class Context, class... Extents>
Value<T, sizeof...(Extents), typename Context::space> make_value(Context& context, Extents... extents) {
  return {scratch<T>(context, extents...), context.gradient(), context.stamp()};
}

}  // namespace longshore::inline LONGSHORE_ABI
