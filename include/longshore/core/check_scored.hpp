// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/interest.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses interests and candidates that no scorer can bring together.
///
/// Cost: O(1).
///
/// @param block       who asks, for errors
/// @param interest    (B, 1 or C, D)
/// @param candidates  (B, C, any)
/// @throws ShapeError if there is no interest, or if users or candidates differ
template <class T, class Space>
void check_scored(const char* block, const Interest<T, Space>& interest, const Cube<T, Space>& candidates) {
  expects(static_cast<bool>(interest), block, ": the interest is empty");
  expects(interest.users() == candidates.extent(0), block, ": the interest has ", interest.users(),
          " users, the candidates ", candidates.extent(0));
  expects(interest.candidates() == 1 || interest.candidates() == candidates.extent(1), block, ": the interest has ",
          interest.candidates(), " vectors a user, there are ", candidates.extent(1),
          " candidates; 1 or as many are expected");
}

/// The interests of users, one each, as a matrix: what a whole catalogue is scored for.
///
/// Cost: O(1), copies nothing.
///
/// @return  (B, D)
/// @throws ShapeError if there is no interest, or if it differs from candidate to candidate
template <class T, class Space>
Matrix<T, Space> one_a_user(const char* block, const Interest<T, Space>& interest) {
  expects(static_cast<bool>(interest), block, ": the interest is empty");
  expects(interest.candidates() == 1, block, ": the interest has ", interest.candidates(),
          " vectors a user; a whole catalogue needs one that is the same for all items");
  return reshape(interest.vectors, interest.users(), interest.features());
}

}  // namespace longshore::inline LONGSHORE_ABI
