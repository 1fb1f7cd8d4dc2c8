// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// What a record of a TensorBoard event file says.
struct EventRecord {
  double wall_time = 0;
  std::int64_t step = 0;
  std::string version;
  bool start = false;  // a run begins or goes on at `step`
  std::string tag;
  float value = 0;
};

/// A decoder that shares nothing with the writer: checksums bit by bit, and a general protobuf reader.
class EventFile {
 public:
  /// @throws std::runtime_error if a frame is cut or a checksum is wrong
  static std::vector<EventRecord> decode(std::string_view bytes) {
    std::vector<EventRecord> events;
    while (!bytes.empty()) {
      const auto length = number<std::uint64_t>(bytes.substr(0, 8));
      check(bytes.substr(0, 8), number<std::uint32_t>(bytes.substr(8, 4)));
      const std::string_view message = bytes.substr(12, length);
      check(message, number<std::uint32_t>(bytes.substr(12 + length, 4)));
      events.push_back(event(message));
      bytes.remove_prefix(16 + length);
    }
    return events;
  }

 private:
  template <class Number>
  static Number number(std::string_view bytes) {
    if (bytes.size() != sizeof(Number)) throw std::runtime_error("the record is cut");
    Number value{};
    std::memcpy(&value, bytes.data(), sizeof(value));
    return value;
  }

  static void check(std::string_view bytes, std::uint32_t masked) {
    std::uint32_t crc = 0xFFFFFFFFu;
    for (const char letter : bytes)
      for (int bit = 0; bit < 8; ++bit) {
        const bool carry = ((crc ^ static_cast<unsigned char>(letter) >> bit) & 1u) != 0;
        crc >>= 1;
        if (carry) crc ^= 0x82F63B78u;
      }
    crc = ~crc;
    if (((crc >> 15 | crc << 17) + 0xA282EAD8u) != masked) throw std::runtime_error("the checksum is wrong");
  }

  static std::uint64_t take_varint(std::string_view& bytes) {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      if (bytes.empty() || shift > 63) throw std::runtime_error("the number is cut or too long");
      const auto byte = static_cast<unsigned char>(bytes[0]);
      bytes.remove_prefix(1);
      value |= std::uint64_t{byte & 127u} << shift;
      if (byte < 128) return value;
    }
  }

  /// Calls visit(field, bytes or number as bytes) for every field of a message.
  template <class Visit>
  static void fields(std::string_view message, Visit visit) {
    while (!message.empty()) {
      const std::uint64_t key = take_varint(message);
      std::size_t length = 0;
      std::uint64_t value = 0;
      switch (key & 7) {
        case 0: value = take_varint(message); break;
        case 1: length = 8; break;
        case 2: length = static_cast<std::size_t>(take_varint(message)); break;
        case 5: length = 4; break;
        default: throw std::runtime_error("an unknown form of a field");
      }
      if (length > message.size()) throw std::runtime_error("the field is cut");
      visit(key >> 3, message.substr(0, length), value);
      message.remove_prefix(length);
    }
  }

  static EventRecord event(std::string_view message) {
    EventRecord event;
    fields(message, [&](std::uint64_t field, std::string_view bytes, std::uint64_t value) {
      if (field == 1) event.wall_time = number<double>(bytes);
      if (field == 2) event.step = static_cast<std::int64_t>(value);
      if (field == 3) event.version = bytes;
      if (field == 7)
        fields(bytes, [&](std::uint64_t part, std::string_view, std::uint64_t status) {
          event.start = part == 1 && status == 1;
        });
      if (field != 5) return;
      fields(bytes, [&](std::uint64_t, std::string_view point, std::uint64_t) {
        fields(point, [&](std::uint64_t part, std::string_view content, std::uint64_t) {
          if (part == 1) event.tag = content;
          if (part == 2) event.value = number<float>(content);
        });
      });
    });
    return event;
  }
};

}  // namespace test
