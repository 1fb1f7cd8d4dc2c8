// SPDX-License-Identifier: Apache-2.0
// P7: a full disk, a short write, an interrupted or a failing call at any place: an error, the old file intact, no
// temporary left.
//
// This program has its own open, openat, fstatat, pwrite, pread, fsync, ftruncate, close and renameat: the library's
// headers, compiled into it, call these. The k-th call fails, for every k, until everything has succeeded once.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <longshore/io/csv_writer.hpp>
#include <longshore/io/npy.hpp>
#include <longshore/io/safetensors_reader.hpp>
#include <longshore/io/safetensors_writer.hpp>
#include <longshore/io/tensorboard_writer.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/event_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

/// What happens to system calls.
struct Faults {
  bool armed = false;
  int fail_at = 0;                // this call fails, counted from 1; 0: none
  int cause = 0;                  // with this error
  std::size_t most_bytes = ~0ul;  // no write takes more
  bool names_are_taken = false;   // a new file cannot have any name
  bool reads_are_empty = false;   // as of a file that became shorter
  int calls = 0;
  const char* struck = nullptr;  // the call that failed

  bool strike(const char* call) {
    if (!armed || ++calls != fail_at) return false;
    struck = call;
    errno = cause;
    return true;
  }
};

Faults faults;

}  // namespace

extern "C" {
int longshore_open(const char* path, int flags, ...) __asm__("open");
int longshore_openat(int directory, const char* path, int flags, ...) __asm__("openat");
int longshore_fstatat(int directory, const char* path, struct stat* facts, int flags) __asm__("fstatat");
ssize_t longshore_pwrite(int file, const void* bytes, std::size_t count, off_t offset) __asm__("pwrite");
ssize_t longshore_pread(int file, void* bytes, std::size_t count, off_t offset) __asm__("pread");
int longshore_fsync(int file) __asm__("fsync");
int longshore_ftruncate(int file, off_t size) __asm__("ftruncate");
int longshore_close(int file) __asm__("close");
int longshore_renameat(int from, const char* old_name, int to, const char* new_name) __asm__("renameat");

int longshore_open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = flags & O_CREAT ? va_arg(rest, unsigned) : 0u;
  va_end(rest);
  return faults.strike("open") ? -1 : static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int longshore_openat(int directory, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = flags & O_CREAT ? va_arg(rest, unsigned) : 0u;
  va_end(rest);
  if (faults.armed && faults.names_are_taken && (flags & O_EXCL)) {
    errno = EEXIST;
    return -1;
  }
  return faults.strike("openat") ? -1 : static_cast<int>(::syscall(SYS_openat, directory, path, flags, mode));
}

int longshore_fstatat(int directory, const char* path, struct stat* facts, int flags) {
  return faults.strike("fstatat") ? -1 : static_cast<int>(::syscall(SYS_newfstatat, directory, path, facts, flags));
}

ssize_t longshore_pwrite(int file, const void* bytes, std::size_t count, off_t offset) {
  if (faults.strike("pwrite")) return -1;
  return ::syscall(SYS_pwrite64, file, bytes, faults.armed ? std::min(count, faults.most_bytes) : count, offset);
}

ssize_t longshore_pread(int file, void* bytes, std::size_t count, off_t offset) {
  // The first bytes are there.
  if (faults.armed && faults.reads_are_empty && offset > 0) return 0;
  return ::syscall(SYS_pread64, file, bytes, count, offset);
}

int longshore_fsync(int file) {
  struct stat facts {};
  const bool directory = ::fstat(file, &facts) == 0 && S_ISDIR(facts.st_mode);
  return faults.strike(directory ? "fsync of the directory" : "fsync") ? -1
                                                                       : static_cast<int>(::syscall(SYS_fsync, file));
}

int longshore_ftruncate(int file, off_t size) {
  return faults.strike("ftruncate") ? -1 : static_cast<int>(::syscall(SYS_ftruncate, file, size));
}

int longshore_close(int file) {
  // The system releases the descriptor even when it reports an error.
  const int result = static_cast<int>(::syscall(SYS_close, file));
  return faults.strike("close") ? -1 : result;
}

int longshore_renameat(int from, const char* old_name, int to, const char* new_name) {
  return faults.strike("renameat") ? -1 : static_cast<int>(::syscall(SYS_renameat2, from, old_name, to, new_name, 0u));
}
}

namespace {

using longshore::FileError;
using test::content_of;
using test::has;

constexpr std::array<int, 4> causes = {ENOSPC, EIO, EINTR, EDQUOT};

/// Runs an action with one call that fails.
///
/// @return  the text of the FileError, "" if there was none
std::string run_with(int fail_at, int cause, const std::function<void()>& action) {
  faults = {.armed = true, .fail_at = fail_at, .cause = cause};
  std::string text;
  try {
    action();
  } catch (const FileError& error) {
    text = error.what();
  }
  faults.armed = false;
  return text;
}

/// A checkpoint of two tensors, all of whose values are `value`.
void write_checkpoint(const std::filesystem::path& path, float value) {
  longshore::SafetensorsWriter writer(path, {{.name = "a", .shape = {100'000}}, {.name = "b", .shape = {7}}});
  writer.write<float>("a", std::vector<float>(100'000, value));
  writer.write<float>("b", std::vector<float>(7, value));
  writer.commit();
}

/// The value of a checkpoint, -1 if it is not whole.
float value_of(const std::filesystem::path& path) {
  try {
    const longshore::SafetensorsReader reader(path, {.checksums = longshore::Checksums::required});
    reader.verify();
    return reader.read<float>("b")[6];
  } catch (const FileError&) {
    return -1;
  }
}

/// Lets every call of an action fail with every cause.
///
/// @param prepare  puts the old content in place
/// @param is_old, is_new  tell which content is there
/// @return  the names of the calls that failed
std::set<std::string> fail_everywhere(const test::TemporaryFolder& folder, const std::function<void()>& prepare,
                                      const std::function<void()>& action, const std::function<bool()>& is_old,
                                      const std::function<bool()>& is_new) {
  std::set<std::string> struck;
  for (const int cause : causes) {
    for (int call = 1;; ++call) {
      prepare();
      const std::string text = run_with(call, cause, action);
      CAPTURE(call);
      CAPTURE(cause);
      CAPTURE(text);
      CHECK(folder.names() == std::vector<std::string>{"file"});
      if (faults.struck == nullptr) {  // more calls than there are: everything has succeeded
        CHECK(text.empty());
        CHECK(is_new());
        CHECK(call > 8);
        break;
      }
      const std::string name = faults.struck;
      struck.insert(name);
      if (text.empty()) {
        CHECK(is_new());
        CHECK(
            (cause == EINTR || name == "close"));  // the directory was only read: nothing is lost when its close fails
      } else {
        CHECK(has(text, (name == "open" ? folder.path() : folder / "file").string()));  // "open" is of the directory
        CHECK(has(text, name.substr(0, name.find(' '))));
        CHECK(has(text, std::generic_category().message(cause)));
        CHECK((name == "fsync of the directory" ? is_new() : is_old()));
      }
    }
  }
  return struck;
}

}  // namespace

TEST_CASE("P7: whichever call fails, an error is thrown, the old checkpoint is intact and no temporary is left") {
  const test::TemporaryFolder folder;
  const auto path = folder / "file";
  const auto struck = fail_everywhere(
      folder, [&] { write_checkpoint(path, 1.0f); }, [&] { write_checkpoint(path, 2.0f); },
      [&] { return value_of(path) == 1.0f; }, [&] { return value_of(path) == 2.0f; });
  CHECK(struck == std::set<std::string>{"open", "fstatat", "openat", "pwrite", "fsync", "close", "renameat",
                                        "fsync of the directory"});
}

TEST_CASE("P7: the same holds for .npy files") {
  const test::TemporaryFolder folder;
  const auto path = folder / "file";
  const auto write = [&](double value) { longshore::write_npy(path, xt::xarray<double>{value, value}); };
  const auto holds = [&](double value) { return longshore::read_npy<double>(path)(1) == value; };
  const auto struck = fail_everywhere(
      folder, [&] { write(1.0); }, [&] { write(2.0); }, [&] { return holds(1.0); }, [&] { return holds(2.0); });
  CHECK(struck.size() == 8);
}

TEST_CASE("P7: a new file that fails leaves nothing") {
  const test::TemporaryFolder folder;
  for (int call = 1; call < 9; ++call) {
    const std::string text = run_with(call, ENOSPC, [&] { write_checkpoint(folder / "file", 1.0f); });
    CHECK_FALSE(text.empty());
    CHECK(folder.names().empty());
  }
}

TEST_CASE("P7: short writes go on until all is written, and a write that takes nothing is an error") {
  const test::TemporaryFolder folder;
  for (const std::size_t bytes : {1u, 63u, 1000u}) {
    faults = {.armed = true, .most_bytes = bytes};
    longshore::write_npy(folder / "file", xt::xarray<double>::from_shape({100}) * 0.0 + 7.0);
    faults.armed = false;
    CHECK(longshore::read_npy<double>(folder / "file")(99) == 7.0);
  }
  faults = {.armed = true, .most_bytes = 0};
  const std::string text =
      test::error_text<FileError>([&] { longshore::write_npy(folder / "other", xt::xarray<double>{1.0}); });
  faults.armed = false;
  CHECK(has(text, "pwrite: No space left on device"));
  CHECK(folder.names().size() == 1);
}

TEST_CASE("P7: where every name is taken, the old file stays and the error says which names") {
  const test::TemporaryFolder folder;
  write_checkpoint(folder / "file", 1.0f);
  faults = {.armed = true, .names_are_taken = true};
  const std::string text = test::error_text<FileError>([&] { write_checkpoint(folder / "file", 2.0f); });
  const std::string events = test::error_text<FileError>([&] { longshore::TensorboardWriter writer(folder.path()); });
  faults.armed = false;
  CHECK(has(text, "file: 10000 temporaries like file.tmp." + std::to_string(::getpid()) + ".9999 exist already"));
  CHECK(has(events, ": 10000 files events.out.tfevents."));
  CHECK(has(events, "* exist already"));
  CHECK(value_of(folder / "file") == 1.0f);
  CHECK(folder.names().size() == 1);
}

TEST_CASE("P7: a table that becomes shorter while it is read is not appended to") {
  const test::TemporaryFolder folder;
  longshore::CsvWriter(folder / "file", {"x"}).row(1);
  faults = {.armed = true, .reads_are_empty = true};
  const std::string text =
      test::error_text<FileError>([&] { longshore::CsvWriter(folder / "file", {"x"}, {.append = true}); });
  faults.armed = false;
  CHECK(has(text, "file: byte 2: the file became shorter meanwhile"));
  CHECK(content_of(folder / "file") == "x\n1\n");
}

TEST_CASE("P7: a limit on the size of files is an error for a process that ignores the signal") {
  const test::TemporaryFolder folder;
  write_checkpoint(folder / "file", 1.0f);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_checkpoint(folder / "file", 2.0f);
      ::_exit(1);
    } catch (const FileError& error) {
      ::_exit(has(error.what(), "pwrite: File too large") ? 0 : 2);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(value_of(folder / "file") == 1.0f);
  CHECK(folder.names().size() == 1);
}

TEST_CASE("P7: a file system of 1 MiB that fills up keeps the old checkpoint") {
  const test::TemporaryFolder folder;
  if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
    MESSAGE("skipped: this process may not mount a file system");
    return;
  }
  for (float step = 1; step <= 3; ++step) {
    try {  // 400 kB each: the second needs both, the third has no room beside the ballast
      if (step == 3) test::make_file(folder / "ballast", std::string(300'000, 'x'));
      write_checkpoint(folder / "file", step);
      CHECK(step < 3);
    } catch (const FileError& error) {
      CHECK(step == 3);
      CHECK(has(error.what(), "pwrite: No space left on device"));
    }
  }
  CHECK(value_of(folder / "file") == 2.0f);
  CHECK(folder.names().size() == 2);
  CHECK(::umount(folder.path().c_str()) == 0);
}

TEST_CASE("P7: a row of a table is in the file as a whole or not at all, and can be written again") {
  for (const int cause : {ENOSPC, EIO, EDQUOT})
    for (const std::size_t most_bytes : {std::size_t{3}, std::size_t{1000}}) {
      const test::TemporaryFolder folder;
      longshore::CsvWriter table(folder / "file", {"x", "note"});
      table.row(1, "first");
      for (int call = 1; call < 6; ++call) {
        const std::string before = content_of(folder / "file");
        faults = {.armed = true, .fail_at = call, .cause = cause, .most_bytes = most_bytes};
        const std::string text = test::error_text<FileError>([&] { table.row(call, "second of many"); });
        faults.armed = false;
        if (faults.struck == nullptr) {
          CHECK(content_of(folder / "file") == before + std::to_string(call) + ",second of many\n");
        } else {
          CHECK(has(text, std::generic_category().message(cause)));
          CHECK(content_of(folder / "file") == before);
        }
      }
    }
}

TEST_CASE("P7: the records of an event file that could not be written are written the next time") {
  const test::TemporaryFolder folder;
  longshore::TensorboardWriter board(folder.path());
  for (int step = 0; step < 20; ++step) {
    board.scalar("loss", 0.5, step);
    faults = {.armed = true, .fail_at = 2, .cause = ENOSPC, .most_bytes = 20};
    CHECK(has(test::error_text<FileError>([&] { board.flush(); }), "pwrite: No space left on device"));
    faults.armed = false;
    CHECK(test::EventFile::decode(content_of(board.path())).size() == static_cast<std::size_t>(step) + 1);
    board.flush();
    CHECK(test::EventFile::decode(content_of(board.path())).size() == static_cast<std::size_t>(step) + 2);
  }
}

TEST_CASE("P7: a reader reports a failing disk") {
  const test::TemporaryFolder folder;
  write_checkpoint(folder / "file", 1.0f);
  CHECK(has(run_with(1, EIO, [&] { longshore::SafetensorsReader(folder / "file"); }), "open: Input/output error"));
  CHECK(run_with(1, EINTR, [&] { longshore::SafetensorsReader(folder / "file").verify(); }).empty());
}
