// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which of two events of a user comes first when both have the same time stamp. Results depend on it: in MovieLens
/// 100K half of all neighbouring events share their second, and so do the last two of 415 of 943 users.
enum class Ties {
  file_order,          ///< as in the log
  item_ascending,      ///< by item id, equal ones as in the log
  reverse_file_order,  ///< the later row first
};

}  // namespace longshore::inline LONGSHORE_ABI
