// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/byte_stream.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What `gunzip_stream` keeps between its calls.
class Gunzip {
 public:
  explicit Gunzip(ByteStream packed) : packed_(std::move(packed)), bytes_(std::size_t{1} << 17) {}
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  ~Gunzip() { inflateEnd(&state_); }  // does nothing where nothing was begun

  /// As a `ByteStream`. An error comes after all bytes before it.
  std::size_t operator()(std::span<char> bytes) {
    if (bytes.empty()) return 0;
    if (place_ == Place::front) look();
    if (place_ == Place::plain) {
      const std::size_t count = std::min<std::size_t>(bytes.size(), state_.avail_in);
      if (count == 0) return at_end_ ? 0 : packed_(bytes);
      std::memcpy(bytes.data(), state_.next_in, count);
      state_.next_in += count;
      state_.avail_in -= static_cast<uInt>(count);
      return count;
    }
    const auto most = static_cast<uInt>(std::min(bytes.size(), std::size_t{1} << 30));  // zlib counts in int
    state_.next_out = reinterpret_cast<Bytef*>(bytes.data());
    state_.avail_out = most;
    try {
      while (error_.empty() && state_.avail_out > 0 && go_on()) continue;
    } catch (const FileError& error) {
      error_ = error.what();
    }
    if (state_.avail_out == most && !error_.empty()) throw FileError(error_);
    return most - state_.avail_out;
  }

 private:
  enum class Place { front, plain, member, behind };

  /// Reads more where all that was read is used up.
  void fill() {
    if (state_.avail_in > 0 || at_end_) return;
    state_.next_in = reinterpret_cast<Bytef*>(bytes_.data());
    state_.avail_in = static_cast<uInt>(packed_(bytes_));
    at_end_ = state_.avail_in == 0;
  }

  /// Tells by the first two bytes.
  void look() {
    std::size_t count = 0;
    while (count < 2 && !at_end_) {
      const std::size_t more = packed_(std::span(bytes_).subspan(count));
      at_end_ = more == 0;
      count += more;
    }
    state_.next_in = reinterpret_cast<Bytef*>(bytes_.data());
    state_.avail_in = static_cast<uInt>(count);
    place_ = count >= 2 && bytes_[0] == '\x1f' && bytes_[1] == '\x8b' ? Place::member : Place::plain;
    // unreached: zlib needs 40 KB
    if (place_ == Place::member && inflateInit2(&state_, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }

  /// Inflates what there is, or looks at what follows a member.
  ///
  /// @return  false at the end
  bool go_on() {
    fill();
    if (place_ == Place::behind) {
      while (state_.avail_in > 0 && *state_.next_in == 0) {
        ++state_.next_in;
        --state_.avail_in;
      }
      if (state_.avail_in == 0) return !at_end_;
      inflateReset(&state_);
      place_ = Place::member;
      if (*state_.next_in != 0x1f) error_ = damage + "expected another member, zeros or the end behind a whole one";
      if (!error_.empty()) return false;
    }
    switch (inflate(&state_, Z_NO_FLUSH)) {
      case Z_OK: break;
      case Z_STREAM_END: place_ = Place::behind; break;
      case Z_BUF_ERROR:
        error_ = "the gzipped file is cut short";
        break;  // it wants more, and there is none
      // unreached: as little as above
      case Z_MEM_ERROR: throw std::bad_alloc();
      default: error_ = damage + (state_.msg != nullptr ? state_.msg : "no such format"); break;
    }
    return true;
  }

  static inline const std::string damage = "the gzipped file is damaged: ";

  ByteStream packed_;
  std::vector<char> bytes_;  // packed ones
  z_stream state_{};
  Place place_ = Place::front;
  bool at_end_ = false;
  std::string error_;
};

/// Inflates a gzipped stream of bytes, and hands on a plain one: the first two bytes tell. Copies share what is read.
///
/// A gzipped one is members, one behind the other, with zeros behind them at most. An error comes behind all bytes that
/// come before the damage, as far as checksums and the format can tell.
///
/// Cost: O(bytes); memory 128 KiB and what zlib needs.
///
/// @throws FileError from the stream that is returned: whatever the given one throws; if the gzipped bytes are cut
///                   short, damaged, have a wrong checksum, or are followed by something else
inline ByteStream gunzip_stream(ByteStream packed) {
  return [gunzip = std::make_shared<Gunzip>(std::move(packed))](std::span<char> bytes) { return (*gunzip)(bytes); };
}

}  // namespace longshore::inline LONGSHORE_ABI
