// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The rank of a target among candidates that have exactly its score.
///
/// Models with coarse scores (counts, int8, a saturated sigmoid) tie often, and a rule that favours the target makes a
/// constant score perfect. The default therefore gives nothing away.
enum class TiePolicy {
  pessimistic,      ///< the target comes last among equals
  optimistic,       ///< the target comes first among equals
  mean,             ///< the mean of its ranks over all orders of the equals: 1.5 where two share the top
  lowest_id_first,  ///< equals in ascending order of their ids, as a stable sort of the catalogue leaves them
};

}  // namespace longshore::inline LONGSHORE_ABI
