// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Holds one open file of the operating system. Every call is completed (short writes and reads go on, interrupted
/// calls are repeated) or throws.
///
/// Cost: one system call a member, more where it is interrupted.
///
/// @throws FileError from every member: who called, the path, the failed call and the system's words for the cause
class File {
 public:
  /// Opens `path`.
  ///
  /// @param caller  the name that error texts begin with; must outlive the file (a literal)
  /// @param flags   those of POSIX `open`; close-on-exec is added
  static File open(std::string_view caller, const std::filesystem::path& path, int flags) {
    const int descriptor = uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, new_file_mode); });
    const int cause = errno;
    File file(caller, path.string(), descriptor);
    if (descriptor < 0) file.fail("open", cause);
    return file;
  }

  /// Creates the file `name` for writing in an opened directory.
  ///
  /// @return  nothing if the name is taken
  static std::optional<File> create(std::string_view caller, const File& directory, const std::string& name) {
    const int descriptor = uninterrupted([&] {
      return ::openat(directory.descriptor_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, new_file_mode);
    });
    const int cause = errno;
    File file(caller, (std::filesystem::path(directory.path_) / name).string(), descriptor);
    if (descriptor < 0 && cause == EEXIST) return std::nullopt;
    if (descriptor < 0) file.fail("openat", cause);
    return file;
  }

  File(File&& other) noexcept
      : caller_(other.caller_), path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

  File& operator=(File&& other) noexcept {
    std::swap(caller_, other.caller_);
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  /// The path as it was given, for error texts.
  const std::string& path() const { return path_; }

  /// The system's number of the open file.
  int descriptor() const { return descriptor_; }

  /// The size in bytes. A device, a pipe or a directory is refused: its size says nothing.
  ///
  /// @throws FileError if it is no regular file, or the system does not say
  std::uint64_t size() const {
    struct stat facts {};
    if (::fstat(descriptor_, &facts) != 0) fail("fstat", errno);
    expects<FileError>(S_ISREG(facts.st_mode), caller_, ": ", path_, " is not a regular file");
    return static_cast<std::uint64_t>(facts.st_size);
  }

  /// Writes at a byte offset.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t step =
          uninterrupted([&] { return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
      if (step < 0) fail("pwrite", errno);
      if (step == 0) fail("pwrite", ENOSPC);  // nothing was taken and nothing was wrong: never go round for ever
      bytes = bytes.subspan(static_cast<std::size_t>(step));
      offset += static_cast<std::uint64_t>(step);
    }
  }

  /// Reads from a byte offset until `destination` is full or the file ends.
  ///
  /// @return  the number of bytes that were read
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> destination) const {
    std::size_t done = 0;
    while (done < destination.size()) {
      const ssize_t step = uninterrupted([&] {
        return ::pread(descriptor_, destination.data() + done, destination.size() - done,
                       static_cast<off_t>(offset + done));
      });
      if (step < 0) fail("pread", errno);
      if (step == 0) break;
      done += static_cast<std::size_t>(step);
    }
    return done;
  }

  /// Cuts the file, or fills it with zeros, to this many bytes.
  void resize(std::uint64_t bytes) {
    if (uninterrupted([&] { return ::ftruncate(descriptor_, static_cast<off_t>(bytes)); }) != 0)
      fail("ftruncate", errno);
  }

  /// Appends at byte `end` all of `bytes` or nothing: when the disk is full, what was begun is cut off again.
  void append_whole(std::uint64_t end, std::span<const std::byte> bytes) {
    try {
      write_at(end, bytes);
    } catch (const FileError&) {
      static_cast<void>(::ftruncate(descriptor_, static_cast<off_t>(end)) == 0);  // the first error is the one to tell
      throw;
    }
  }

  /// Waits until the content is on the disk.
  void sync() {
    if (uninterrupted([&] { return ::fsync(descriptor_); }) != 0) fail("fsync", errno);
  }

  /// Closes the file; a late error of the disk shows here. The file is closed afterwards even if this throws.
  void close() {
    // An interrupted close has released the descriptor on Linux: to repeat it could close somebody else's file.
    if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) fail("close", errno);
  }

  /// Throws the FileError of a failed system call.
  [[noreturn]] void fail(std::string_view call, int cause) const {
    throw FileError(text_of(caller_, ": ", path_, ": ", call, ": ", std::generic_category().message(cause)));
  }

  /// Repeats a system call for as long as signals interrupt it.
  template <class Call>
  static std::invoke_result_t<Call> uninterrupted(Call call) {
    std::invoke_result_t<Call> result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
  }

 private:
  static constexpr mode_t new_file_mode = 0666;  // less the process's umask

  File(std::string_view caller, std::string path, int descriptor)
      : caller_(caller), path_(std::move(path)), descriptor_(descriptor) {}

  std::string_view caller_;
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace longshore::inline LONGSHORE_ABI
