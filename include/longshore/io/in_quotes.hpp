// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/io/excerpt.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The same as `excerpt`, between double quotation marks: for names that errors of other files than tables show. (Not
/// called `quoted`: for a std::string that would find the standard's.)
///
/// Cost: O(1): 60 bytes at most.
inline std::string in_quotes(std::string_view text) { return excerpt(text, '"'); }

}  // namespace longshore::inline LONGSHORE_ABI
