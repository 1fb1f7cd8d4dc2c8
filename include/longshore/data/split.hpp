// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which events of a log are for what: rows of the log, ascending. The log itself is not copied: `histories(log,
/// split.train)` orders a part, `select_rows(log, split.train)` makes a log of it.
///
/// Cost: 8 bytes an event.
struct Split {
  std::vector<std::size_t> train;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> test;
};

}  // namespace longshore::inline LONGSHORE_ABI
