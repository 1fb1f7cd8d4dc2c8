// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <longshore/core/index.hpp>
#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses extents that an array cannot have, before they are cut to an `Index` and multiplied.
///
/// @throws ShapeError naming the function and the extent, or that there are 2^58 elements and more
template <class... Extents>
void expects_extents(const char* function, Extents... extents) {
  (expects(std::in_range<Index>(extents) && !std::cmp_less(extents, 0), function,
           ": an extent is at least 0 and below 2^31, it is ", extents),
   ...);
  constexpr std::size_t most = std::size_t{1} << 58;  // of up to 32 bytes each their bytes are counted without a wrap
  std::size_t elements = ((extents == 0) || ...) ? 0 : 1;
  const auto times = [&](std::size_t extent) {
    elements = extent > 0 && elements > most / extent ? most : elements * extent;
  };
  (times(static_cast<std::size_t>(extents)), ...);
  expects(elements < most, function, ": the extents multiply to 2^58 elements or more");
}

/// A pointer and the extents of a row-major array that something else owns. What every kernel takes and gives.
///
/// Trivially copyable, 16 bytes at rank 2. Made implicitly from any LayoutRight `Kokkos::View` of the same memory, from
/// a `Tensor`, or from a raw pointer and extents. The element (i, j, k) lies at ((i * extent(1)) + j) * extent(2) + k,
/// computed in 64 bits. Bounds are checked when LONGSHORE_BOUNDS_CHECK is defined (preset `debug`).
///
/// Cost: 8 bytes and 4 an extent; copies no elements.
///
/// @tparam T      element; const T for arrays that are only read
/// @tparam Rank   1 to 4
/// @tparam Space  the execution space whose memory the pointer belongs to
template <class T, int Rank, class Space>
struct View {
  static_assert(Rank >= 1 && Rank <= 4, "longshore::View has rank 1 to 4");

  T* pointer = nullptr;
  Index extents[Rank] = {};

  KOKKOS_DEFAULTED_FUNCTION View() = default;

  /// @throws ShapeError on a host, if an extent of another type than `Index` is more than an `Index` holds
  template <class... Extents>
    requires(sizeof...(Extents) == Rank && (std::is_integral_v<Extents> && ...))
  KOKKOS_INLINE_FUNCTION View(T* data, Extents... sizes) : pointer(data), extents{fitting(sizes)...} {}

  // A template, so that it does not replace the trivial copy constructor.
  template <class U>
    requires(std::is_same_v<const U, T>)
  KOKKOS_INLINE_FUNCTION View(const View<U, Rank, Space>& other) : pointer(other.pointer) {
    for (int r = 0; r < Rank; ++r) extents[r] = other.extents[r];
  }

  /// @throws ShapeError if the Kokkos::View is not contiguous, or an extent is more than an `Index` holds
  template <class KokkosView>
    requires(Kokkos::is_view<KokkosView>::value && std::is_convertible_v<typename KokkosView::value_type*, T*>)
  View(const KokkosView& other) : pointer(other.data()) {
    static_assert(static_cast<int>(KokkosView::rank) == Rank, "longshore::View and the Kokkos::View differ in rank");
    static_assert(std::is_same_v<typename KokkosView::array_layout, Kokkos::LayoutRight>,
                  "longshore::View needs a Kokkos::View with LayoutRight");
    static_assert(std::is_same_v<typename KokkosView::memory_space, typename Space::memory_space>,
                  "longshore::View and the Kokkos::View live in different memory spaces");
    expects(other.span_is_contiguous(), "View: the Kokkos::View ", other.label(), " is not contiguous");
    for (int r = 0; r < Rank; ++r) {
      expects_extents("View", other.extent(r));
      extents[r] = static_cast<Index>(other.extent(r));
    }
  }

  /// The first element; null if there is none.
  KOKKOS_INLINE_FUNCTION T* data() const { return pointer; }
  /// How long axis r is, from 0 to Rank - 1.
  KOKKOS_INLINE_FUNCTION Index extent(int r) const { return extents[r]; }

  /// Number of elements.
  KOKKOS_INLINE_FUNCTION std::size_t size() const {
    std::size_t product = 1;
    for (int r = 0; r < Rank; ++r) product *= static_cast<std::size_t>(extents[r]);
    return product;
  }

  /// The element at one index an axis. They are believed, unless LONGSHORE_BOUNDS_CHECK is defined.
  template <class... Indices>
    requires(sizeof...(Indices) == Rank)
  KOKKOS_INLINE_FUNCTION T& operator()(Indices... indices) const {
    std::size_t offset = 0;
    int r = 0;
    ((check_bounds(r, static_cast<std::int64_t>(indices)),
      offset = offset * static_cast<std::size_t>(extents[r]) + static_cast<std::size_t>(indices), ++r),
     ...);
    return pointer[offset];
  }

  /// Where row i starts: the sub-array of index i in the first dimension.
  KOKKOS_INLINE_FUNCTION T* row(Index i) const {
    std::size_t stride = 1;
    for (int r = 1; r < Rank; ++r) stride *= static_cast<std::size_t>(extents[r]);
    return pointer + static_cast<std::size_t>(i) * stride;
  }

 private:
  template <class Extent>
  KOKKOS_INLINE_FUNCTION static Index fitting(Extent extent) {
#if !LONGSHORE_ON_DEVICE
    if constexpr (!std::is_same_v<Extent, Index>) expects_extents("View", extent);
#endif
    return static_cast<Index>(extent);
  }

  KOKKOS_INLINE_FUNCTION void check_bounds([[maybe_unused]] int r, [[maybe_unused]] std::int64_t i) const {
#if LONGSHORE_CHECKS_BOUNDS
    if (i < 0 || i >= extents[r]) Kokkos::abort("longshore::View: index out of bounds");
#endif
  }
};

/// The same memory with other extents, equal in number of elements.
///
/// @throws ShapeError if the numbers of elements differ
template <class T, int Rank, class Space, class... Extents>
View<T, sizeof...(Extents), Space> reshape(const View<T, Rank, Space>& view, Extents... extents) {
  const View<T, sizeof...(Extents), Space> result(view.data(), extents...);
  expects(result.size() == view.size(), "reshape: ", view.size(), " elements do not fill ", result.size());
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
