// SPDX-License-Identifier: Apache-2.0

// Records from where exceptions are thrown, for scripts/lib/coverage.py: at the end of the program the offsets of the
// frames above every throw are written to a file of its own in the folder $LONGSHORE_THROWS. Linked in where
// LONGSHORE_RECORD_COVERAGE is on. Nothing here allocates: tests count allocations, and let them fail.
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>
#include <unwind.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr int frames_of_a_throw = 8;                            // a site, and the helpers between it and the throw
std::array<std::atomic<std::uintptr_t>, 1 << 16> offsets = {};  // open addressing; 0: free

std::uintptr_t program_base() {
  std::uintptr_t base = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* found) {  // the first is the program
        *static_cast<std::uintptr_t*>(found) = info->dlpi_addr;
        return 1;
      },
      &base);
  return base;
}

void remember(std::uintptr_t offset) {
  for (std::size_t k = 0, place = offset * 0x9E3779B97F4A7C15; k < offsets.size(); ++k, ++place) {
    std::uintptr_t there = 0;
    auto& slot = offsets[place % offsets.size()];
    if (slot.compare_exchange_strong(there, offset) || there == offset) return;
  }
}

_Unwind_Reason_Code see_frame(_Unwind_Context* context, void* left) {
  static const std::uintptr_t base = program_base();
  const std::uintptr_t address = _Unwind_GetIP(context);
  if (address > base) remember(address - base - 1);  // inside the call, not after it
  return --*static_cast<int*>(left) > 0 ? _URC_NO_REASON : _URC_END_OF_STACK;
}

struct Writer {
  ~Writer() {
    const char* const folder = std::getenv("LONGSHORE_THROWS");
    if (folder == nullptr) return;
    std::array<char, 4096> program = {}, path = {};
    if (readlink("/proc/self/exe", program.data(), program.size() - 1) < 0) return;
    std::snprintf(path.data(), path.size(), "%s/%d", folder, static_cast<int>(getpid()));
    std::FILE* const file = std::fopen(path.data(), "w");
    if (file == nullptr) return;
    std::fprintf(file, "%s\n", program.data());
    for (const auto& offset : offsets)
      if (offset != 0) std::fprintf(file, "%#zx\n", static_cast<std::size_t>(offset.load()));
    std::fclose(file);
  }
} writer;

}  // namespace

// The name is the C++ run-time library's; the program's own definition comes before it. The types are g++'s own.
extern "C" [[noreturn]] void __cxa_throw(void* thrown, void* type, void (*destroy)(void*)) {
  int left = frames_of_a_throw;
  _Unwind_Backtrace(see_frame, &left);
  using Throw = void (*)(void*, void*, void (*)(void*));
  reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"))(thrown, type, destroy);
  std::abort();  // not reached
}
