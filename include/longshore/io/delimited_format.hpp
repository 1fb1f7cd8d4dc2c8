// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How the records of a `DelimitedReader` are written.
struct DelimitedFormat {
  std::string separator = ",";  ///< between two fields: one character or several, such as "::"
  bool quotes = true;           ///< whether a field may stand in double quotes, as in RFC 4180
  bool ragged = false;          ///< whether records may differ in their number of fields
};

}  // namespace longshore::inline LONGSHORE_ABI
