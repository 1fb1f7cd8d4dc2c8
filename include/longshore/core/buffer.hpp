// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <utility>

#include <longshore/core/huge_pages.hpp>
#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Owns bytes in a memory space, not initialised, aligned to 64 bytes at least. Moves; does not copy.
///
/// Host memory comes from `operator new` and may be freed at any time. Device memory comes from Kokkos; a buffer that
/// outlives `Kokkos::finalize` gives nothing back (the driver frees it with the process) instead of aborting.
///
/// Cost: one allocation; the bytes are not touched.
template <class MemorySpace>
class Buffer {
 public:
  static constexpr bool on_host = std::is_same_v<MemorySpace, Kokkos::HostSpace>;
  static constexpr std::size_t alignment = 64;

  Buffer() = default;

  /// @throws Error           before Kokkos::initialize and after Kokkos::finalize
  /// @throws std::bad_alloc  (host) or Kokkos' exception (device) if there is no memory
  explicit Buffer(std::size_t bytes) : bytes_(bytes) {
    expects_kokkos("Buffer");
    if (bytes == 0) return;
    if constexpr (on_host) {
      data_ = ::operator new(bytes, std::align_val_t{alignment});
      ask_for_huge_pages(data_, bytes);
    } else {
      data_ = Kokkos::kokkos_malloc<MemorySpace>("longshore::Buffer", bytes);
    }
  }

  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  ~Buffer() {
    if (!data_) return;
    if constexpr (on_host)
      ::operator delete(data_, std::align_val_t{alignment});
    else if (kokkos_is_alive())
      Kokkos::kokkos_free<MemorySpace>(data_);
  }

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
