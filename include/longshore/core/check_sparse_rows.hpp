// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/error.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/sparse_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses a sparse matrix that is none: offsets that do not ascend from 0 to the number of entries, columns outside,
/// out of order or twice in a row, values that are not finite.
///
/// Cost: O(R + N), on the host.
///
/// @param name  of function and argument, for the text of the error
/// @throws ShapeError if sizes or offsets do not fit
/// @throws DataError  naming the row and the entry
template <class Real, class Host>
  requires is_host_space<Host>
void check_sparse_rows(const char* name, const SparseRows<Real, Host>& rows) {
  expects(rows.row_count >= 0 && rows.column_count >= 0 && rows.entries >= 0, name,
          ": rows, columns and entries are at least 0, they are ", rows.row_count, ", ", rows.column_count, " and ",
          rows.entries);
  if (rows.row_count == 0) {
    expects(rows.entries == 0, name, ": there are ", rows.entries, " entries and no rows");
    return;
  }
  expects(rows.offsets != nullptr && rows.begin(0) == 0 && rows.end(rows.row_count - 1) == rows.entries, name,
          ": the offsets must go from 0 to ", rows.entries, ", the number of entries");
  for (Index r = 0; r < rows.row_count; ++r)
    expects(rows.begin(r) <= rows.end(r), name, ": the offsets of row ", r, " go down, from ", rows.begin(r), " to ",
            rows.end(r));
  expects(rows.entries == 0 || (rows.columns && rows.values), name, ": there are ", rows.entries,
          " entries, but no columns or no values");
  for (Index r = 0; r < rows.row_count; ++r)
    for (std::int64_t n = rows.begin(r); n < rows.end(r); ++n) {
      const Id column = rows.columns[n];
      expects<DataError>(column >= 0 && column < rows.column_count, name, ": row ", r, ", entry ", n, ": column ",
                         column, " is outside the ", rows.column_count, " columns");
      expects<DataError>(n == rows.begin(r) || rows.columns[n - 1] < column, name, ": row ", r, ", entry ", n,
                         ": columns must ascend, each once; ", column, " comes after ",
                         n == rows.begin(r) ? Id{0} : rows.columns[n - 1]);
      expects<DataError>(math::is_finite(rows.values[n]), name, ": row ", r, ", entry ", n, ": the value is ",
                         rows.values[n]);
    }
}

}  // namespace longshore::inline LONGSHORE_ABI
