// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/io/delimited_format.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where in the records of a file the parts of an event are. Fields count from 0.
///
/// Cost: plain data.
struct RecordLayout {
  /// A further column to keep.
  struct Further {
    std::size_t field;
    std::string name;
    ReadSettings::ColumnKind kind;
  };

  DelimitedFormat format = {};
  bool has_header = false;  ///< whether the first record names the columns
  std::size_t user = 0, item = 1;
  std::optional<std::size_t> value = {}, time = {};
  std::vector<Further> further = {};
};

}  // namespace longshore::inline LONGSHORE_ABI
