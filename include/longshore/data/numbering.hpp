// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// In which order a reader numbers users and items.
enum class Numbering {
  first_seen,  ///< by first appearance in the file
  ascending,   ///< by key: integers by value, then other texts byte by byte
};

}  // namespace longshore::inline LONGSHORE_ABI
