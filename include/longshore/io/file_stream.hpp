// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/byte_stream.hpp>
#include <longshore/io/gunzip_stream.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Opens a file, plain or gzipped: its first bytes tell, not its name. The file is closed with the last copy of the
/// stream.
///
/// Cost: O(bytes).
///
/// @param path      of a file or anything that can be read from begin to end
/// @param function  what errors begin with: the one that the user called
/// @throws FileError if it cannot be opened; the stream itself throws one when reading fails, and as `gunzip_stream`
inline ByteStream file_stream(const std::filesystem::path& path, std::string_view function = "file_stream") {
  const auto reason = [](int error) { return std::generic_category().message(error); };
  const std::shared_ptr<int> file(new int(-1), [](const int* opened) {
    if (*opened >= 0) ::close(*opened);
    delete opened;
  });
  do *file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  while (*file < 0 && errno == EINTR);
  const int cause = errno;
  expects<FileError>(*file >= 0, function, ": ", path.string(), " cannot be opened: ", reason(cause));
  return gunzip_stream([file, reason](std::span<char> bytes) {
    ssize_t count = 0;
    do count = ::read(*file, bytes.data(), bytes.size());
    while (count < 0 && errno == EINTR);
    if (count < 0) throw FileError("cannot be read: " + reason(errno));
    return static_cast<std::size_t>(count);
  });
}

}  // namespace longshore::inline LONGSHORE_ABI
