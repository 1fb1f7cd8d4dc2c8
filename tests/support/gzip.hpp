// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/support/temporary_folder.hpp"

namespace test {

/// The gzipped form of a text, as one member.
inline std::string gzipped(std::string_view text, const TemporaryFolder& folder) {
  const std::filesystem::path path = folder / "packed";
  const gzFile file = gzopen(path.c_str(), "wb");
  if (!text.empty() && gzwrite(file, text.data(), static_cast<unsigned>(text.size())) <= 0)
    throw std::runtime_error("gzwrite failed");
  gzclose(file);
  return content_of(path);
}

}  // namespace test
