// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

#include <longshore/core/error.hpp>
#include <longshore/io/atomic_file.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where the checkpoint of a run is, and what can be known of it before the first step.
///
///     const CheckpointPath checkpoint("fit", settings.checkpoint);
///     if (settings.resume && checkpoint.is_there()) ...
///
/// Cost: some looks at the file system.
class CheckpointPath {
 public:
  /// @param verb  who asks, in the words of errors
  /// @param path  empty: there is no checkpoint
  /// @throws FileError if no checkpoint could be written there
  CheckpointPath(std::string_view verb, const std::filesystem::path& path) : path_(path) {
    const std::filesystem::path folder = path.parent_path();
    expects<FileError>(folder.empty() || exists(folder / "."), verb, ": ", folder.string(),
                       " is no directory; make it for the checkpoint first");
    if (is_wanted()) AtomicFile{path};  // opened and given up: it fails now, not after an epoch
  }

  /// @throws ShapeError if checkpoint and curves would be one file
  static void check(std::string_view verb, const std::filesystem::path& checkpoint,
                    const std::filesystem::path& curves) {
    std::error_code error;  // of a path that cannot be: whoever opens it says what is wrong
    const auto whole = [&](const std::filesystem::path& path) {
      return std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
    };
    const bool same = !checkpoint.empty() && !curves.empty() && whole(checkpoint) == whole(curves) && !error;
    expects(!same, verb, ": checkpoint and curves are one file, ", checkpoint.string(), "; give them different paths");
  }

  bool is_wanted() const { return !path_.empty(); }
  /// Whether there is a file. A path that cannot be looked at counts as there: opening it says what is wrong.
  bool is_there() const { return exists(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  static bool exists(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::exists(path, error) || error;
  }

  std::filesystem::path path_;
};

}  // namespace longshore::inline LONGSHORE_ABI
