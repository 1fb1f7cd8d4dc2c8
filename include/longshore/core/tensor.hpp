// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <utility>
#include <vector>

#include <longshore/core/buffer.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Owns a row-major array in the memory of a space. A value: copying it copies the elements.
///
///     Tensor<float, 2, Space> weights(out, in);          // zeros
///     kernel(weights.view());                            // View<float, 2, Space>
///
/// Assigning a tensor of equal size keeps the memory, so that whoever holds its pointer sees the new values.
///
/// Cost: of a copy O(elements); assigning one of equal size allocates nothing.
///
/// @throws ShapeError for an extent below 0 or above what an `Index` holds; Error outside the life of Kokkos
template <class T, int Rank, class Space>
class Tensor {
 public:
  Tensor() = default;

  /// Zeros of these extents.
  template <class... Extents>
    requires(sizeof...(Extents) == Rank && (std::is_integral_v<Extents> && ...))
  explicit Tensor(Extents... extents) {
    expects_extents("Tensor", extents...);
    allocate(View<T, Rank, Space>(nullptr, extents...));
    fill_with_zeros();
  }

  Tensor(const Tensor& other) {
    allocate(other.view_);
    copy(other.view(), view_);
  }
  Tensor(Tensor&& other) noexcept
      : buffer_(std::move(other.buffer_)), view_(std::exchange(other.view_, View<T, Rank, Space>{})) {}
  Tensor& operator=(const Tensor& other) {
    if (this == &other) return *this;
    if (view_.size() == other.view_.size()) {
      take_extents(other.view_);
      copy(other.view(), view_);
    } else {
      *this = Tensor(other);
    }
    return *this;
  }
  Tensor& operator=(Tensor&& other) noexcept {
    buffer_ = std::move(other.buffer_);
    std::swap(view_, other.view_);
    return *this;
  }

  /// The elements, as long as the tensor lives and nothing of another size is assigned to it.
  View<T, Rank, Space> view() { return view_; }
  View<const T, Rank, Space> view() const { return view_; }
  operator View<T, Rank, Space>() { return view_; }
  operator View<const T, Rank, Space>() const { return view_; }

  /// The first element, in the memory of the space; null if there is none.
  T* data() { return view_.data(); }
  const T* data() const { return view_.data(); }
  /// How long axis r is, from 0 to Rank - 1.
  Index extent(int r) const { return view_.extent(r); }
  std::size_t size() const { return view_.size(); }
  bool empty() const { return view_.size() == 0; }

  /// Sets every element to zero. Blocks.
  void fill_with_zeros() {
    if (view_.size() == 0) return;
    if constexpr (is_host_space<Space>) {
      std::memset(static_cast<void*>(view_.data()), 0, view_.size() * sizeof(T));
    } else {
      using Bytes = Kokkos::View<unsigned char*, typename Space::memory_space, Kokkos::MemoryUnmanaged>;
      // As bytes, since T may be a pointer, of which a View makes a rank.
      const auto first = reinterpret_cast<unsigned char*>(view_.data());
      Kokkos::deep_copy(Bytes(first, view_.size() * sizeof(T)), static_cast<unsigned char>(0));
    }
  }

 private:
  void allocate(const View<T, Rank, Space>& like) {
    buffer_ = Buffer<typename Space::memory_space>(like.size() * sizeof(T));
    view_.pointer = static_cast<T*>(buffer_.data());
    take_extents(like);
  }
  void take_extents(const View<T, Rank, Space>& like) {
    for (int r = 0; r < Rank; ++r) view_.extents[r] = like.extents[r];
  }

  Buffer<typename Space::memory_space> buffer_;
  View<T, Rank, Space> view_;
};

}  // namespace longshore::inline LONGSHORE_ABI
