// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/file.hpp>
#include <longshore/io/find_invalid_utf8.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/tensorboard_event.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Writes curves for TensorBoard into a new event file, events.out.tfevents.SECONDS.HOST.PROCESS.NUMBER.
///
///     TensorboardWriter board("runs/2024-06-01");
///     board.scalar("loss/train", 0.693, 0);
///     board.flush();                            // then: tensorboard --logdir runs
///
/// Values are kept in memory until there are 64 KiB, until `flush`, or until the end of the writer. Only whole records
/// are handed to the system, at the end of the file: what TensorBoard has read stays as it is.
///
/// Cost: O(1) a value; one system call for every 64 KiB.
///
/// @throws FileError from every member: path, system call and cause
class TensorboardWriter {
 public:
  /// Makes the directory, if it does not exist, and a new file in it, which holds its first record.
  ///
  /// @param from_step  points of files that were there before count no longer from this step on: TensorBoard draws the
  ///                   new ones in their place. Nothing: it draws all files of the directory as one run
  explicit TensorboardWriter(const std::filesystem::path& directory,
                             std::optional<std::int64_t> from_step = std::nullopt)
      : file_(create(directory)) {
    pending_ = TensorboardEvent::version(now());
    if (from_step) pending_ += TensorboardEvent::start(*from_step, now());
    flush();
  }

  TensorboardWriter(const TensorboardWriter&) = delete;
  TensorboardWriter& operator=(const TensorboardWriter&) = delete;

  /// Writes what is pending. An error here is lost: call `flush` to see it.
  ~TensorboardWriter() {
    try {
      flush();
    } catch (const FileError&) {
    }
  }

  /// Adds a point to a curve.
  ///
  /// @param tag        the name of the curve; curves whose names begin alike up to a `/` are shown together
  /// @param value      stored as float; NaN and infinities are shown as such
  /// @param step       the position on the horizontal axis, for example the number of steps or epochs
  /// @param wall_time  seconds since 1970-01-01 00:00:00 UTC; now, if nothing is given
  /// @throws DataError if the tag is empty or not UTF-8, which would make the whole file unreadable
  void scalar(std::string_view tag, double value, std::int64_t step, std::optional<double> wall_time = std::nullopt) {
    expects<DataError>(!tag.empty() && find_invalid_utf8(tag) == std::string_view::npos, caller,
                       ": a tag must be UTF-8 and not empty, ", in_quotes(tag), " came");
    pending_ += TensorboardEvent::scalar(tag, static_cast<float>(value), step, wall_time ? *wall_time : now());
    if (pending_.size() >= buffer_bytes) flush();
  }

  /// Hands all records to the system: TensorBoard sees them from then on. If this throws, they are kept for the next
  /// time.
  void flush() {
    file_.append_whole(end_, std::as_bytes(std::span(pending_)));
    end_ += pending_.size();
    pending_.clear();
  }

  /// The path of the file.
  const std::string& path() const { return file_.path(); }

 private:
  static constexpr std::string_view caller = "TensorboardWriter";
  static constexpr std::size_t buffer_bytes = 65'536;
  static constexpr int attempts = 10'000;

  static double now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  }

  static std::string host() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
  }

  static File create(const std::filesystem::path& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    expects<FileError>(!error, caller, ": ", directory.string(), ": mkdir: ", error.message());
    const File opened = File::open(caller, directory, O_RDONLY | O_DIRECTORY);
    const std::string stem = "events.out.tfevents." + std::to_string(static_cast<std::int64_t>(now())) + "." + host() +
                             "." + std::to_string(::getpid()) + ".";
    for (int number = 0; number < attempts; ++number)
      if (auto file = File::create(caller, opened, stem + std::to_string(number))) return *std::move(file);
    throw FileError(text_of(caller, ": ", directory.string(), ": ", attempts, " files ", stem, "* exist already"));
  }

  File file_;
  std::uint64_t end_ = 0;  // bytes in the file
  std::string pending_;
};

}  // namespace longshore::inline LONGSHORE_ABI
