// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/parameter.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Gradient rows of a row-sparse parameter from one use of it in a step: row i belongs to row ids[i]. Ids may repeat.
template <class T, class Space>
struct RowGradients {
  View<const Id, 1, Space> ids;  // (n)
  View<const T, 2, Space> rows;  // (n, D)
  RowGradients* next = nullptr;  // the next use, in the order of backward
};

/// What backward left for one parameter: what optimisers read.
///
/// `dense` is set if something gave a gradient for the whole array; `rows` lists uses that gave rows. Both may be set
/// (a table that was looked up and also multiplied as a whole): then the rows are to be added to the dense gradient.
///
/// Cost: O(1), shares the elements.
template <class T, int Rank, class Space>
struct ParameterGradient {
  View<T, Rank, Space> dense;  // null pointer: none
  const RowGradients<T, Space>* rows = nullptr;
  Index row_count = 0;  // all rows in the list

  /// Whether the loss reached the parameter in this step.
  explicit operator bool() const { return dense.data() != nullptr || row_count > 0; }
};

}  // namespace longshore::inline LONGSHORE_ABI
