// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/file.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::File;
using longshore::FileError;
using test::error_text;
using test::has;

TEST_CASE("a file that cannot be opened is reported with caller, path, call and cause") {
  const test::TemporaryFolder folder;
  const std::string path = (folder / "missing").string();
  CHECK(error_text<FileError>([&] { File::open("reader", path, O_RDONLY); }) ==
        "reader: " + path + ": open: No such file or directory");
  const File directory = File::open("reader", folder.path(), O_RDONLY);
  CHECK(error_text<FileError>([&] { File::create("writer", directory, "no/such"); }) ==
        "writer: " + path.substr(0, path.size() - 7) + "no/such: openat: No such file or directory");
}

TEST_CASE("a directory and a device are no regular files") {
  const test::TemporaryFolder folder;
  const File directory = File::open("reader", folder.path(), O_RDONLY);
  CHECK(has(error_text<FileError>([&] { directory.size(); }), "is not a regular file"));
  const File device = File::open("reader", "/dev/null", O_RDONLY);
  CHECK(error_text<FileError>([&] { device.size(); }) == "reader: /dev/null is not a regular file");
}

TEST_CASE("what is written at an offset is read back, and a read stops where the file ends") {
  const test::TemporaryFolder folder;
  const File directory = File::open("writer", folder.path(), O_RDONLY);
  auto file = File::create("writer", directory, "a");
  REQUIRE(file.has_value());
  CHECK_FALSE(File::create("writer", directory, "a").has_value());  // the name is taken
  file->write_at(3, test::bytes_of_text("def"));
  file->write_at(0, test::bytes_of_text("abc"));
  CHECK(file->size() == 6);
  file->sync();
  file->close();
  const File reader = File::open("reader", folder / "a", O_RDONLY);
  std::string text(10, '.');
  CHECK(reader.read_at(2, std::as_writable_bytes(std::span(text))) == 4);
  CHECK(text == "cdef......");
  CHECK(reader.read_at(99, std::as_writable_bytes(std::span(text))) == 0);
}

TEST_CASE("a file is cut, and grows with zeros") {
  const test::TemporaryFolder folder;
  File file = File::open("writer", folder / "a", O_RDWR | O_CREAT);
  file.append_whole(0, test::bytes_of_text("abcdef"));
  file.resize(2);
  CHECK(test::content_of(folder / "a") == "ab");
  file.resize(4);
  CHECK(test::content_of(folder / "a") == std::string("ab\0\0", 4));
}

TEST_CASE("calls that fail say which one it was") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "a", "abc");
  File reader = File::open("reader", folder / "a", O_RDONLY);
  CHECK(has(error_text<FileError>([&] { reader.write_at(0, test::bytes_of_text("x")); }), "a: pwrite: Bad file desc"));
  CHECK(has(error_text<FileError>([&] { reader.append_whole(0, test::bytes_of_text("x")); }), "a: pwrite: Bad file"));
  CHECK(has(error_text<FileError>([&] { reader.resize(0); }), "a: ftruncate: Invalid argument"));
  File directory = File::open("reader", folder.path(), O_RDONLY);
  std::byte byte{};
  CHECK(has(error_text<FileError>([&] { directory.read_at(0, std::span(&byte, 1)); }), "pread: Is a directory"));
  reader.close();
  CHECK(has(error_text<FileError>([&] { reader.close(); }), "a: close: Bad file descriptor"));
  CHECK(has(error_text<FileError>([&] { reader.sync(); }), "a: fsync: Bad file descriptor"));
  CHECK(has(error_text<FileError>([&] { reader.size(); }), "a: fstat: Bad file descriptor"));
}

TEST_CASE("a file that moves stays open once") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "a", "abc");
  test::make_file(folder / "b", "abcdef");
  File first = File::open("reader", folder / "a", O_RDONLY);
  const int descriptor = first.descriptor();
  File second = std::move(first);
  CHECK(second.descriptor() == descriptor);
  CHECK(second.size() == 3);
  second = File::open("reader", folder / "b", O_RDONLY);
  CHECK(second.size() == 6);
  CHECK(second.path() == (folder / "b").string());
}
