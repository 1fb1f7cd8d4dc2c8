// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <malloc.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

/// A number of bytes that Linux tells of this process: `VmRSS`, what it has in memory, or `VmHWM`, the most it had.
inline std::int64_t bytes_of_process(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(name + ":")) continue;
    std::istringstream words(line.substr(name.size() + 1));
    std::int64_t kibibytes = 0;
    words >> kibibytes;
    return kibibytes * 1024;
  }
  throw std::runtime_error("/proc/self/status has no " + name);
}

/// In memory, without what was freed.
inline std::int64_t resident_bytes() {
  malloc_trim(0);
  return bytes_of_process("VmRSS");
}

/// The peak is from now on that of what comes.
inline void forget_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5" << std::flush;
}

/// The most in memory since `forget_peak`.
inline std::int64_t peak_bytes() { return bytes_of_process("VmHWM"); }
