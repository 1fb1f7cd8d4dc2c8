// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <longshore/core/buffer.hpp>
#include <longshore/core/check_sparse_rows.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/core/sparse_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Owns a sparse matrix (R, C) in the memory of a space, by rows. A value: copying it copies the entries.
///
///     SparseMatrix<float, Space> ratings({0, 2, 3}, {4, 7, 0}, {5, 3, 1}, 8);    // 2 rows, 8 columns
///     kernel(ratings.rows());                                                    // SparseRows<float, Space>
///
/// Cost: memory 8 bytes a row and 4 + sizeof(Real) an entry.
///
/// @throws Error outside the life of Kokkos
template <class Real, class Space>
class SparseMatrix {
 public:
  SparseMatrix() = default;

  /// Room for so many entries, offsets and entries not initialised: for whoever fills them, in the memory of the space.
  ///
  /// @throws ShapeError for a negative number
  SparseMatrix(Index rows, Index columns, std::int64_t entries) {
    expects(rows >= 0 && columns >= 0 && entries >= 0,
            "SparseMatrix: rows, columns and entries are at least 0, they are ", rows, ", ", columns, " and ", entries);
    const auto count = static_cast<std::size_t>(entries);
    offsets_ = Memory((static_cast<std::size_t>(rows) + 1) * sizeof(std::int64_t));
    columns_ = Memory(count * sizeof(Id));
    values_ = Memory(count * sizeof(Real));
    rows_ = {offsets(), this->columns(), values(), rows, columns, entries};
  }

  /// Copies a matrix from the same or another space. Blocks.
  template <class From>
  explicit SparseMatrix(const SparseRows<Real, From>& from)
      : SparseMatrix(from.row_count, from.column_count, from.entries) {
    if (from.offsets)
      copy_from(from);
    else
      copy_elements<Kokkos::DefaultHostExecutionSpace, Space>(&no_entries, offsets(), 1);
  }

  /// Copies from the host, and checks.
  ///
  /// @param offsets  (R+1)
  /// @param columns  (N)
  /// @param values   (N)
  /// @param width    C
  /// @throws ShapeError if the lists do not fit each other
  /// @throws DataError  as `check_sparse_rows`
  SparseMatrix(const std::vector<std::int64_t>& offsets, const std::vector<Id>& columns,
               const std::vector<Real>& values, Index width) {
    using Host = Kokkos::DefaultHostExecutionSpace;
    expects(!offsets.empty() && columns.size() == values.size(),
            "SparseMatrix: expected offsets, and as many columns as values, got ", offsets.size(), " offsets, ",
            columns.size(), " columns and ", values.size(), " values");
    const std::size_t rows = offsets.size() - 1;
    // unreached: so many rows need 16 GB of offsets
    expects(std::in_range<Index>(rows), "SparseMatrix: expected fewer than 2^31 rows, got ", rows);
    const SparseRows<Real, Host> given{offsets.data(), columns.data(),
                                       values.data(),  static_cast<Index>(rows),
                                       width,          static_cast<std::int64_t>(columns.size())};
    check_sparse_rows("SparseMatrix", given);
    *this = SparseMatrix(given.row_count, given.column_count, given.entries);
    copy_from(given);
  }

  SparseMatrix(const SparseMatrix& other) {
    if (!other.rows_.offsets) return;  // an empty one, which needs no Kokkos
    *this = SparseMatrix(other.rows_.row_count, other.rows_.column_count, other.rows_.entries);
    copy_from(other.rows_);
  }
  SparseMatrix(SparseMatrix&& other) noexcept
      : offsets_(std::move(other.offsets_)),
        columns_(std::move(other.columns_)),
        values_(std::move(other.values_)),
        rows_(std::exchange(other.rows_, SparseRows<Real, Space>{})) {}
  SparseMatrix& operator=(SparseMatrix other) noexcept {
    std::swap(offsets_, other.offsets_);
    std::swap(columns_, other.columns_);
    std::swap(values_, other.values_);
    std::swap(rows_, other.rows_);
    return *this;
  }

  /// What kernels take; as long as the matrix lives and is not assigned to.
  const SparseRows<Real, Space>& rows() const { return rows_; }

  /// (R+1), to be written where the matrix was made by sizes; what is written is believed.
  std::int64_t* offsets() { return static_cast<std::int64_t*>(offsets_.data()); }
  /// (N), the same.
  Id* columns() { return static_cast<Id*>(columns_.data()); }
  /// (N), the same.
  Real* values() { return static_cast<Real*>(values_.data()); }

 private:
  using Memory = Buffer<typename Space::memory_space>;
  static constexpr std::int64_t no_entries = 0;

  template <class From>
  void copy_from(const SparseRows<Real, From>& from) {
    const auto count = static_cast<std::size_t>(from.entries);
    copy_elements<From, Space>(from.offsets, offsets(), static_cast<std::size_t>(from.row_count) + 1);
    copy_elements<From, Space>(from.columns, columns(), count);
    copy_elements<From, Space>(from.values, values(), count);
  }

  Memory offsets_, columns_, values_;
  SparseRows<Real, Space> rows_;
};

}  // namespace longshore::inline LONGSHORE_ABI
