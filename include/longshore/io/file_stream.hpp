// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/byte_stream.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Opens a file, plain or gzipped: zlib tells by its first bytes, not by its name. The file is closed with the last
/// copy of the stream.
///
/// Cost: O(bytes).
///
/// @param path      of a file or anything that can be read from begin to end
/// @param function  what errors begin with: the one that the user called
/// @throws FileError if it cannot be opened; the stream itself throws one when reading fails, when a gzipped file is
///                   cut short or when its checksum is wrong
inline ByteStream file_stream(const std::filesystem::path& path, std::string_view function = "file_stream") {
  const auto reason = [](int error) { return std::generic_category().message(error); };
  errno = 0;
  const std::shared_ptr<gzFile_s> file(gzopen(path.c_str(), "rbe"), [](gzFile opened) {
    if (opened != nullptr) gzclose(opened);
  });
  expects<FileError>(file != nullptr, function, ": ", path.string(),
                     " cannot be opened: ", errno == 0 ? "out of memory" : reason(errno));
  gzbuffer(file.get(), 1u << 17);
  return [file, reason](std::span<char> bytes) {
    constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in int
    errno = 0;
    const int count = gzread(file.get(), bytes.data(), static_cast<unsigned>(std::min(bytes.size(), most)));
    int state = Z_OK;
    const char* words = gzerror(file.get(), &state);
    if (state == Z_ERRNO) throw FileError("cannot be read: " + reason(errno));
    if (state == Z_BUF_ERROR && count > 0) return static_cast<std::size_t>(count);  // what comes before the end
    if (state == Z_BUF_ERROR) throw FileError("the gzipped file is cut short");
    if (count < 0 || state < 0) throw FileError(std::string("the gzipped file is damaged: ") + words);
    return static_cast<std::size_t>(count);
  };
}

}  // namespace longshore::inline LONGSHORE_ABI
