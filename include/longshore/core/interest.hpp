// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/sequences.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Interest vectors of the users of a batch, (B, C, D): one a candidate (C > 1, target attention gives them), or one
/// for all candidates (C = 1), which then counts for each of them.
///
/// Made implicitly from a matrix (B, D), one vector a user, or from a cube (B, C, D). What fusers and scorers take.
///
/// Cost: O(1), shares the elements.
template <class T, class Space>
struct Interest {
  Cube<T, Space> vectors;  // (B, 1 or C, D)

  Interest() = default;
  Interest(const Cube<T, Space>& per_candidate) : vectors(per_candidate) {}
  Interest(const Matrix<T, Space>& one) : vectors(reshape(one, one.extent(0), 1, one.extent(1))) {}
  template <class U>
  Interest(const Sequences<U, Space>&) = delete;  // one vector a user is wanted: pool the sequences first

  Index users() const { return vectors.extent(0); }
  Index candidates() const { return vectors.extent(1); }
  Index features() const { return vectors.extent(2); }
  /// False for the interest that is not there: a fuser or scorer that needs none takes `{}`.
  explicit operator bool() const { return vectors.data.extent(2) > 0; }
};

}  // namespace longshore::inline LONGSHORE_ABI
