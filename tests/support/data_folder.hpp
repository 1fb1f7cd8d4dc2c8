// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include <doctest/doctest.h>

/// A file of the real data sets: LONGSHORE_DATA_DIR, or shared/data beside the repository. Nothing where it is absent,
/// after a line that says so: the test then returns.
inline std::optional<std::filesystem::path> data_file(const std::string& name) {
  const char* given = std::getenv("LONGSHORE_DATA_DIR");
  const auto beside = std::filesystem::path(__FILE__).parent_path() / "../../../shared/data";
  const auto path = (given != nullptr ? std::filesystem::path(given) : beside) / name;
  if (std::filesystem::exists(path)) return path;
  MESSAGE("skipped: ", path.string(), " is absent; set LONGSHORE_DATA_DIR to the folder of the data sets");
  return std::nullopt;
}
