// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/file.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Writes a file that appears whole or not at all.
///
///     AtomicFile file("model.safetensors");
///     file.write(bytes);
///     file.commit();        // without it nothing happens to model.safetensors
///
/// The content goes to `<path>.tmp.<process id>.<number>` in the same directory. `commit` flushes it to the disk,
/// renames it over `path` and flushes the directory. Until then readers see the old file, and a process that is killed
/// leaves it as it was (with the temporary beside it, which may be deleted). When a call fails, the temporary is
/// removed and the old file stays. The one exception is the last step: if the directory cannot be flushed, the new file
/// is complete and in place, and the text of the error says so.
///
/// A symbolic link at `path` is replaced, not followed. A new file has the process's default permissions. Over a
/// file-size limit the system sends SIGXFSZ, which ends a process that does not ignore it; one that does gets the
/// FileError.
///
/// Cost: O(bytes) written; one flush of file and directory.
///
/// @throws FileError from every member: path, system call and cause
class AtomicFile {
 public:
  /// Opens the temporary file.
  ///
  /// @param path  the file to make or replace; its directory must exist; anything but a regular file there is refused
  explicit AtomicFile(const std::filesystem::path& path)
      : path_(path.string()),
        name_(path.filename().string()),
        directory_(File::open(caller, path.has_parent_path() ? path.parent_path() : ".", O_RDONLY | O_DIRECTORY)) {
    expects<FileError>(!name_.empty(), caller, ": ", path_, " names a directory, not a file");
    refuse_special_target();
    const std::string stem = name_ + ".tmp." + std::to_string(::getpid()) + ".";
    for (int number = 0; number < attempts && !file_; ++number) {
      temporary_ = stem + std::to_string(number);
      file_ = File::create(caller, directory_, temporary_);
    }
    expects<FileError>(file_.has_value(), caller, ": ", path_, ": ", attempts, " temporaries like ", temporary_,
                       " exist already");
  }

  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Removes the temporary file unless `commit` succeeded.
  ~AtomicFile() { give_up(); }

  /// The file that `commit` makes or replaces.
  const std::string& path() const { return path_; }

  /// Appends bytes.
  void write(std::span<const std::byte> bytes) { write_at(end_, bytes); }

  /// Writes bytes at an offset. What lies between the written parts reads as zeros.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
    step([&](File& file) {
      file.write_at(offset, bytes);
      if (offset + bytes.size() > end_) end_ = offset + bytes.size();
    });
  }

  /// Puts the file in place. Returns when it is on the disk. May be called once.
  void commit() {
    step([&](File& file) {
      file.sync();
      file.close();
      if (File::uninterrupted([&] {
            return ::renameat(directory_.descriptor(), temporary_.c_str(), directory_.descriptor(), name_.c_str());
          }) != 0)
        file.fail("renameat", errno);
    });
    file_.reset();
    // Some file systems cannot flush a directory and say EINVAL; there is nothing more to be done there.
    if (File::uninterrupted([&] { return ::fsync(directory_.descriptor()); }) != 0 && errno != EINVAL)
      throw FileError(text_of(caller, ": ", path_, " is replaced, but may not survive a loss of power: fsync of ",
                              directory_.path(), ": ", std::generic_category().message(errno)));
  }

 private:
  static constexpr const char* caller = "AtomicFile";
  static constexpr int attempts = 10000;

  template <class Action>
  void step(Action action) {
    expects<FileError>(file_.has_value(), caller, ": ", path_, " is committed already, or was given up after an error");
    try {
      action(*file_);
    } catch (...) {
      give_up();
      throw;
    }
  }

  void give_up() noexcept {
    if (!file_) return;
    file_.reset();
    ::unlinkat(directory_.descriptor(), temporary_.c_str(), 0);
  }

  void refuse_special_target() const {
    struct stat facts {};
    if (::fstatat(directory_.descriptor(), name_.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT)
        throw FileError(text_of(caller, ": ", path_, ": fstatat: ", std::generic_category().message(errno)));
      return;
    }
    expects<FileError>(S_ISREG(facts.st_mode) || S_ISLNK(facts.st_mode), caller, ": ", path_,
                       " exists and is not a regular file");
  }

  std::string path_;
  std::string name_;
  File directory_;
  std::string temporary_;
  std::optional<File> file_;
  std::uint64_t end_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
