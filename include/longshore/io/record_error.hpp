// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A fault in one record, a header say, and where in it: whoever read the record adds file and line.
///
/// Cost: plain data.
class RecordError : public DataError {
 public:
  /// @param column  in bytes, from 1
  RecordError(const std::string& text, std::size_t column) : DataError(text), column_(column) {}

  std::size_t column() const { return column_; }

 private:
  std::size_t column_;
};

}  // namespace longshore::inline LONGSHORE_ABI
