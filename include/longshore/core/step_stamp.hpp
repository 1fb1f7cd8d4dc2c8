// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A number that no other step of any context has: values carry that of the step they were made in, and blocks compare
/// it, so that what `reset` has taken back, or another context owns, is refused and not read.
///
/// The first one is mixed from where the stamp lies, which no other living one has, and from the time, which no earlier
/// one at that place had: nothing that the process shares counts them (docs/decisions/values-carry-a-stamp.md).
///
/// Cost: O(1), nothing is allocated; to make one reads a clock.
class StepStamp {
 public:
  StepStamp() : value_(mixed(mixed(now()) + reinterpret_cast<std::uintptr_t>(this))) {}

  /// The values stay with the number: what was moved from goes on with another one.
  StepStamp(StepStamp&& other) noexcept : value_(other.value_) { other.value_ = mixed(~value_); }
  StepStamp& operator=(StepStamp&& other) noexcept {
    if (this == &other) return *this;
    value_ = other.value_;
    other.value_ = mixed(~value_);
    return *this;
  }
  StepStamp(const StepStamp&) = delete;
  StepStamp& operator=(const StepStamp&) = delete;

  /// Never 0, which constants have.
  std::uint64_t value() const { return value_; }
  /// Begins the next step.
  void next() { value_ += 2; }  // odd, always

 private:
  static std::uint64_t now() {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  /// The finaliser of MurmurHash3: each bit depends on all; then made odd.
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ x >> 33) * 0xff51afd7ed558ccdU;
    x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53U;
    return (x ^ x >> 33) | 1;
  }

  std::uint64_t value_;
};

}  // namespace longshore::inline LONGSHORE_ABI
