// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

template <class T, class Space>
struct Sequences;

/// Where the gradient of a value lies; null until the loss reaches it. Lives in the context.
struct Gradient {
  void* data = nullptr;
};

/// An array of a step, and where its gradient goes: what blocks take and give.
///
/// In an `Inference` context, and for constants, `gradient` is null. Values die when the context is reset; blocks know
/// them by their `step` and refuse them then, and those of other contexts (`check_values`).
///
/// Cost: O(1), shares the elements.
template <class T, int Rank, class Space>
struct Value {
  View<T, Rank, Space> data;
  Gradient* gradient = nullptr;
  std::uint64_t step = 0;  // the stamp of the step that made it; 0: a constant, of memory that the caller owns

  Value() = default;
  Value(View<T, Rank, Space> view, Gradient* its_gradient = nullptr, std::uint64_t its_step = 0)
      : data(view), gradient(its_gradient), step(its_step) {}

  /// One vector per row is wanted and these are Sequences: pool them first.
  template <class U>
  Value(const Sequences<U, Space>&) = delete;
  /// Blocks that are joined must agree in Real, rank and Space.
  template <class U, int OtherRank, class OtherSpace>
    requires(OtherRank != Rank || !std::is_same_v<U, T> || !std::is_same_v<OtherSpace, Space>)
  Value(const Value<U, OtherRank, OtherSpace>&) = delete;

  /// How long axis r is, from 0 to Rank - 1.
  Index extent(int r) const { return data.extent(r); }
};

/// One vector per row: (B, D).
template <class T, class Space>
using Matrix = Value<T, 2, Space>;

/// C vectors per row: (B, C, D).
template <class T, class Space>
using Cube = Value<T, 3, Space>;

/// The same value with other extents: shares elements and gradient.
///
/// @throws ShapeError if the numbers of elements differ
template <class T, int Rank, class Space, class... Extents>
Value<T, sizeof...(Extents), Space> reshape(const Value<T, Rank, Space>& value, Extents... extents) {
  return {reshape(value.data, extents...), value.gradient, value.step};
}

/// Whether a kernel writes its result or adds it to what is there.
enum class Update { write, add };

/// Where a backward kernel puts a gradient. Empty (false): nobody wants it, the kernel leaves it out.
template <class T, int Rank, class Space>
struct Target {
  View<T, Rank, Space> view;
  Update update = Update::write;

  KOKKOS_INLINE_FUNCTION explicit operator bool() const { return view.data() != nullptr; }
  KOKKOS_INLINE_FUNCTION bool adds() const { return update == Update::add; }
};

/// The same target with other extents.
template <class T, int Rank, class Space, class... Extents>
Target<T, sizeof...(Extents), Space> reshape(const Target<T, Rank, Space>& target, Extents... extents) {
  if (!target) return {};
  return {reshape(target.view, extents...), target.update};
}

}  // namespace longshore::inline LONGSHORE_ABI
