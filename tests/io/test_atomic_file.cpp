// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/atomic_file.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::AtomicFile;
using longshore::FileError;
using test::bytes_of_text;
using test::content_of;
using test::error_text;
using test::has;

TEST_CASE("a committed file has the written content and no temporary beside it") {
  const test::TemporaryFolder folder;
  AtomicFile file(folder / "model");
  file.write(bytes_of_text("abc"));
  file.write(bytes_of_text(""));
  file.write(bytes_of_text("def"));
  file.write_at(1, bytes_of_text("BC"));
  CHECK(file.path() == (folder / "model").string());
  file.commit();
  CHECK(content_of(folder / "model") == "aBCdef");
  CHECK(folder.names() == std::vector<std::string>{"model"});
}

TEST_CASE("the old file is there until commit, and stays without it") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "model", "old");
  {
    AtomicFile file(folder / "model");
    file.write(bytes_of_text("new"));
    CHECK(content_of(folder / "model") == "old");
    CHECK(content_of(folder / ("model.tmp." + std::to_string(::getpid()) + ".0")) == "new");
  }
  CHECK(content_of(folder / "model") == "old");
  CHECK(folder.names() == std::vector<std::string>{"model"});
}

TEST_CASE("the name of the temporary counts up past those that exist") {
  const test::TemporaryFolder folder;
  const std::string stem = "model.tmp." + std::to_string(::getpid()) + ".";
  test::make_file(folder / (stem + "0"), "somebody's");
  AtomicFile first(folder / "model");
  AtomicFile second(folder / "model");
  CHECK(std::filesystem::exists(folder / (stem + "1")));
  CHECK(std::filesystem::exists(folder / (stem + "2")));
  first.write(bytes_of_text("first"));
  second.write(bytes_of_text("second"));
  second.commit();
  CHECK(content_of(folder / "model") == "second");
  first.commit();
  CHECK(content_of(folder / "model") == "first");
  CHECK(content_of(folder / (stem + "0")) == "somebody's");
}

TEST_CASE("a target that cannot be replaced is refused before anything is written") {
  const test::TemporaryFolder folder;
  CHECK(error_text<FileError>([&] { AtomicFile(folder / "no/model"); }) ==
        "AtomicFile: " + (folder / "no").string() + ": open: No such file or directory");
  std::filesystem::create_directory(folder / "directory");
  CHECK(has(error_text<FileError>([&] { AtomicFile(folder / "directory"); }), "exists and is not a regular file"));
  CHECK(has(error_text<FileError>([&] { AtomicFile(folder / "directory/"); }), "names a directory, not a file"));
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(has(error_text<FileError>([&] { AtomicFile(folder / "pipe"); }), "exists and is not a regular file"));
  CHECK(has(error_text<FileError>([&] { AtomicFile("/dev/null"); }), "exists and is not a regular file"));
  CHECK(has(error_text<FileError>([&] { AtomicFile(folder / std::string(250, 'x')); }), "openat: File name too long"));
  CHECK(folder.names().size() == 2);
}

TEST_CASE("a symbolic link is replaced, what it points to is not touched") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "target", "old");
  std::filesystem::create_symlink("target", folder / "link");
  AtomicFile file(folder / "link");
  file.write(bytes_of_text("new"));
  file.commit();
  CHECK(content_of(folder / "target") == "old");
  CHECK(content_of(folder / "link") == "new");
  CHECK_FALSE(std::filesystem::is_symlink(folder / "link"));
}

TEST_CASE("a file is committed once") {
  const test::TemporaryFolder folder;
  AtomicFile file(folder / "model");
  file.commit();
  CHECK(content_of(folder / "model").empty());
  CHECK(has(error_text<FileError>([&] { file.commit(); }), "is committed already"));
  CHECK(has(error_text<FileError>([&] { file.write(bytes_of_text("x")); }), "is committed already"));
}

TEST_CASE("a file goes to the directory that its path meant when it was opened") {
  const test::TemporaryFolder folder;
  const test::TemporaryFolder elsewhere;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  AtomicFile file("model");
  std::filesystem::current_path(elsewhere.path());
  file.write(bytes_of_text("here"));
  file.commit();
  std::filesystem::current_path(before);
  CHECK(content_of(folder / "model") == "here");
  CHECK(elsewhere.names().empty());
}

TEST_CASE("the permissions are those of any new file") {
  const test::TemporaryFolder folder;
  const mode_t mask = ::umask(027);
  AtomicFile(folder / "model").commit();
  ::umask(mask);
  struct stat facts {};
  REQUIRE(::stat((folder / "model").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0640);
}
