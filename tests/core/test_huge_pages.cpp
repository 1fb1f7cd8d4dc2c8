// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/huge_pages.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <longshore/core/buffer.hpp>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

/// Whether the system was asked for huge pages where this address is; also if it does not say.
bool was_asked([[maybe_unused]] const void* address, [[maybe_unused]] bool otherwise) {
#if defined(__linux__)
  std::ifstream maps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t first = 0, last = 0;
    char dash = 0;
    std::istringstream head(line);
    if (head >> std::hex >> first >> dash >> last && dash == '-') here = first <= wanted && wanted < last;
    if (here && line.starts_with("VmFlags:")) return line.find(" hg") != std::string::npos;
  }
#endif
  return otherwise;
}

}  // namespace

TEST_CASE("ask_for_huge_pages: large memory is asked for, its content and what is small stay as they were") {
  constexpr std::size_t bytes = std::size_t{16} << 20;
  const std::unique_ptr<std::byte[]> large(new std::byte[bytes]);
  large[0] = large[bytes - 1] = std::byte{7};
  longshore::ask_for_huge_pages(large.get(), bytes);
  CHECK(large[0] == std::byte{7});
  CHECK(large[bytes - 1] == std::byte{7});
#if defined(__linux__)
  if (std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled").good())
    CHECK(was_asked(large.get() + bytes / 2, true));
  const longshore::Buffer<Kokkos::HostSpace> buffer(bytes);  // does so itself
  if (std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled").good())
    CHECK(was_asked(static_cast<const std::byte*>(buffer.data()) + bytes / 2, true));
#endif
  const std::vector<std::byte> small(1000);
  longshore::ask_for_huge_pages(const_cast<std::byte*>(small.data()), small.size());
  longshore::ask_for_huge_pages(nullptr, bytes);
  longshore::ask_for_huge_pages(nullptr, 0);
  CHECK(small[999] == std::byte{0});
}
