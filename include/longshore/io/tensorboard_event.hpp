// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/io/crc32c.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Encodes the records of a TensorBoard event file: protobuf messages (TensorFlow's event.proto and summary.proto,
/// their scalars only) in TFRecord frames.
///
/// Cost: O(bytes).
struct TensorboardEvent {
  /// The record that a file begins with.
  ///
  /// @param wall_time  seconds since 1970-01-01 00:00:00 UTC
  static std::string version(double wall_time) {
    return framed(double_field(1, wall_time) + bytes_field(3, "brain.Event:2"));
  }

  /// Says that a run begins, or goes on, at a step: what TensorBoard has read of earlier files of the folder from that
  /// step on no longer counts.
  ///
  /// @param wall_time  seconds since 1970-01-01 00:00:00 UTC
  static std::string start(std::int64_t step, double wall_time) {
    return framed(double_field(1, wall_time) + integer_field(2, static_cast<std::uint64_t>(step)) +
                  bytes_field(7, integer_field(1, 1)));  // SessionLog, START
  }

  /// One value of a curve.
  ///
  /// @param tag        the name of the curve, UTF-8
  /// @param step       the position on the horizontal axis
  /// @param wall_time  seconds since 1970-01-01 00:00:00 UTC
  static std::string scalar(std::string_view tag, float value, std::int64_t step, double wall_time) {
    const std::string point = bytes_field(1, tag) + float_field(2, value);
    return framed(double_field(1, wall_time) + integer_field(2, static_cast<std::uint64_t>(step)) +
                  bytes_field(5, bytes_field(1, point)));
  }

 private:
  static_assert(std::endian::native == std::endian::little, "Files are little-endian; this machine is not.");

  /// Length, its checksum, the message, its checksum. The mask keeps checksums of data that hold checksums from being
  /// weak.
  static std::string framed(const std::string& message) {
    const std::string length = raw(std::uint64_t{message.size()});
    return length + raw(masked(length)) + message + raw(masked(message));
  }

  static std::uint32_t masked(std::string_view data) {
    return std::rotr(crc32c(std::as_bytes(std::span(data))), 15) + 0xA282'EAD8u;
  }

  template <class Number>
  static std::string raw(Number number) {
    return {reinterpret_cast<const char*>(&number), sizeof(number)};
  }

  static std::string varint(std::uint64_t value) {
    std::string text;
    for (; value >= 128; value >>= 7) text += static_cast<char>(value % 128 + 128);
    return text + static_cast<char>(value);
  }

  // The key of a field is its number and the form of what follows: 0 a varint, 1 eight bytes, 2 a length and bytes, 5
  // four bytes.
  static std::string key(unsigned field, unsigned form) { return varint(field * 8u + form); }
  static std::string integer_field(unsigned field, std::uint64_t value) { return key(field, 0) + varint(value); }
  static std::string double_field(unsigned field, double value) { return key(field, 1) + raw(value); }
  static std::string float_field(unsigned field, float value) { return key(field, 5) + raw(value); }
  static std::string bytes_field(unsigned field, std::string_view bytes) {
    return key(field, 2) + varint(bytes.size()) + std::string(bytes);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
