// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/byte_source.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::ByteSource;
using longshore::FileError;
using test::error_text;
using test::has;

namespace {

void read_and_overrun(const ByteSource& source, const std::string& where) {
  CHECK(source.where() == where);
  CHECK(source.size() == 6);
  std::string text(3, '.');
  const std::span<std::byte> bytes = std::as_writable_bytes(std::span(text));
  source.read(3, bytes);
  CHECK(text == "def");
  source.read(6, {});  // nothing, at the very end
  CHECK(error_text<FileError>([&] { source.read(4, bytes); }) ==
        where + ": byte 6: the file ends here, 1 more bytes are expected");
  CHECK(has(error_text<FileError>([&] { source.read(UINT64_MAX / 4, bytes); }), "3 more bytes are expected"));
}

}  // namespace

TEST_CASE("a file and a piece of memory are read alike") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "a", "abcdef");
  read_and_overrun(ByteSource::file("reader", folder / "a"), "reader: " + (folder / "a").string());
  read_and_overrun(ByteSource::memory("reader", test::bytes_of_text("abcdef"), "pages"), "reader: pages");
}

TEST_CASE("only a regular file is a source of bytes") {
  const test::TemporaryFolder folder;
  CHECK(has(error_text<FileError>([&] { ByteSource::file("reader", folder / "a"); }), "open: No such file"));
  CHECK(has(error_text<FileError>([&] { ByteSource::file("reader", folder.path()); }), "is not a regular file"));
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(has(error_text<FileError>([&] { ByteSource::file("reader", folder / "pipe"); }), "is not a regular file"));
}

TEST_CASE("a file that shrinks after it was opened is reported, not read as zeros") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "a", "abcdef");
  const ByteSource source = ByteSource::file("reader", folder / "a");
  test::make_file(folder / "a", "abcd");
  std::string text(6, '.');
  CHECK(has(error_text<FileError>([&] { source.read(0, std::as_writable_bytes(std::span(text))); }),
            "byte 4: the file ends here, 2 more bytes are expected"));
}
