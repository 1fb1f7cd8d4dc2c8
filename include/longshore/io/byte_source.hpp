// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/file.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Gives random access to bytes that are a file or lie in memory: what the binary readers read from.
///
/// Reading is const and safe from several threads at once.
///
/// Cost: O(bytes) read; memory nothing beside a name.
class ByteSource {
 public:
  /// Opens a regular file.
  ///
  /// @param caller  the name that error texts begin with; must outlive the source (a literal)
  /// @throws FileError if it cannot be opened or is not a regular file
  static ByteSource file(std::string_view caller, const std::filesystem::path& path) {
    // Without O_NONBLOCK a named pipe would block here until somebody writes to it.
    ByteSource source(text_of(caller, ": ", path.string()));
    source.file_ = File::open(caller, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    source.size_ = source.file_->size();
    return source;
  }

  /// Reads bytes in memory, which must stay there as long as the source is used.
  ///
  /// @param name  stands for the path in error texts
  static ByteSource memory(std::string_view caller, std::span<const std::byte> bytes, std::string_view name) {
    ByteSource source(text_of(caller, ": ", name));
    source.memory_ = bytes;
    source.size_ = bytes.size();
    return source;
  }

  /// Caller and path, the beginning of error texts.
  const std::string& where() const { return where_; }

  /// The size in bytes when the source was opened.
  std::uint64_t size() const { return size_; }

  /// Fills `destination` with the bytes from `offset` on.
  ///
  /// @throws FileError if the source ends before
  void read(std::uint64_t offset, std::span<std::byte> destination) const {
    std::size_t done = 0;
    if (file_) {
      done = file_->read_at(offset, destination);
    } else if (offset < size_) {
      done = std::min<std::size_t>(destination.size(), memory_.size() - static_cast<std::size_t>(offset));
      if (done > 0) std::memcpy(destination.data(), memory_.data() + offset, done);
    }
    expects<FileError>(done == destination.size(), where_, ": byte ", offset + done, ": the file ends here, ",
                       destination.size() - done, " more bytes are expected");
  }

 private:
  explicit ByteSource(std::string where) : where_(std::move(where)) {}

  std::string where_;
  std::optional<File> file_;
  std::span<const std::byte> memory_;
  std::uint64_t size_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
