// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses recommended lists that cannot be judged.
///
/// Cost: O(B K).
///
/// @param function  who asks, for the text of the error
/// @param lists     (B, K) item ids; -1 marks places that stayed empty
/// @param items     size of the catalogue
/// @throws DataError if there is no list, a list has no item, or an id is outside the catalogue
inline void check_lists(const char* function, const xt::xtensor<Id, 2>& lists, Index items) {
  const std::size_t rows = lists.shape()[0], length = lists.shape()[1];
  expects<DataError>(rows > 0, function, ": expected at least one list, got none");
  for (std::size_t b = 0; b < rows; ++b) {
    std::size_t filled = 0;
    for (std::size_t place = 0; place < length; ++place) {
      const Id item = lists(b, place);
      expects<DataError>(item >= -1 && item < items, function, ": the catalogue has ", items, " items, and list ", b,
                         " has the id ", item, " at place ", place);
      filled += item >= 0;
    }
    expects<DataError>(filled > 0, function, ": list ", b, " has no item");
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
