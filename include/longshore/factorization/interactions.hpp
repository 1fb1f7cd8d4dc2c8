// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <longshore/core/check_sparse_rows.hpp>
#include <longshore/core/sparse_matrix.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/linalg/transpose_sparse.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What becomes of several events of one user with one item: a matrix has one place for them.
enum class RepeatedEvents {
  refuse,  ///< an error: for ratings, where two values contradict each other
  add,     ///< the sum of their values: for counts
  last,    ///< the value of the one that comes last
};

/// Who had to do with what, as the sparse matrix (U, I) that a factorisation takes apart, and its transpose.
///
///     const Interactions<float, Space> train(log);                     // copies the values of a log
///     const Interactions<float, Space> mine(csr);                      // reads the user's own memory, copies nothing
///     Als<float, Space> als({.users = train.users(), .items = train.items()});
///
/// On a device both orientations are copies; they are made on the host.
///
/// Cost: 2 (4 + sizeof(Real)) bytes an interaction and 8 bytes a user and item; half of it for given rows.
///
/// @throws Error outside the life of Kokkos
template <class Real, class Space>
class Interactions {
 public:
  using Host = Kokkos::DefaultHostExecutionSpace;

  Interactions() = default;

  /// Takes some events of a log, a part of a split say.
  ///
  /// Cost: O(N + U), O(N log N) at most where a user's items are not in order.
  ///
  /// @param rows  which events, in any order
  /// @throws ShapeError as `check_log`
  /// @throws DataError  if an id is outside its table, a value is not finite, a row is outside the log or comes twice,
  ///                    a user has an item twice and that is refused, or a sum is not finite
  Interactions(const InteractionLog& log, const std::vector<std::size_t>& rows,
               RepeatedEvents repeated = RepeatedEvents::refuse)
      : Interactions(histories(log, rows), log.item_count(), repeated) {}

  /// Takes all events of a log.
  explicit Interactions(const InteractionLog& log, RepeatedEvents repeated = RepeatedEvents::refuse)
      : Interactions(histories(log), log.item_count(), repeated) {}

  /// Takes the items and values of histories; the last event is the latest.
  ///
  /// @param items  size of the catalogue, I
  /// @throws ShapeError if offsets or columns do not fit, or items is below 0
  /// @throws DataError  if an item is outside the catalogue, and as above
  Interactions(const Histories& histories, Index items, RepeatedEvents repeated = RepeatedEvents::refuse) {
    histories.check("Interactions");
    expects(items >= 0, "Interactions: expected at least 0 items, got ", items);
    std::vector<std::int64_t> offsets{0};
    std::vector<Id> columns;
    std::vector<Real> values;
    offsets.reserve(histories.offsets.size());
    columns.reserve(histories.size());
    values.reserve(histories.size());
    std::vector<std::size_t> order;  // of the events of a user
    for (std::size_t user = 0; user + 1 < histories.offsets.size(); ++user) {
      order.resize(histories.offsets[user + 1] - histories.offsets[user]);
      for (std::size_t n = 0; n < order.size(); ++n) order[n] = histories.offsets[user] + n;
      std::ranges::stable_sort(order, {}, [&](std::size_t n) { return histories.items[n]; });
      for (const std::size_t n : order) {
        const Id item = histories.items[n];
        const Real value = histories.values.empty() ? Real(1) : static_cast<Real>(histories.values[n]);
        const bool again = static_cast<std::int64_t>(columns.size()) > offsets.back() && columns.back() == item;
        expects<DataError>(!again || repeated != RepeatedEvents::refuse, "Interactions: user ", user, " has item ",
                           item, " twice; say RepeatedEvents::add or last, or clean the log with `remove_duplicates`");
        if (!again) {
          columns.push_back(item);
          values.push_back(value);
        } else {
          values.back() = repeated == RepeatedEvents::add ? values.back() + value : value;
        }
      }
      offsets.push_back(static_cast<std::int64_t>(columns.size()));
    }
    take(SparseMatrix<Real, Host>(offsets, columns, values, items));
  }

  /// Reads a matrix of users by items in the memory of its owner, which must stay as it is while this lives.
  ///
  /// Cost: O(N) to check and to transpose.
  ///
  /// @throws ShapeError, DataError as `check_sparse_rows`
  explicit Interactions(const SparseRows<Real, Space>& users_by_items) : given_(users_by_items) {
    if constexpr (is_host_space<Space>) {
      check_sparse_rows("Interactions", given_);
      by_item_ = transposed<Real, Space>(Space(), given_);
    } else {
      const SparseMatrix<Real, Host> on_host(given_);
      check_sparse_rows("Interactions", on_host.rows());
      by_item_ = SparseMatrix<Real, Space>(transposed<Real, Host>(Host(), on_host.rows()).rows());
    }
  }

  /// (U, I)
  const SparseRows<Real, Space>& by_user() const { return given_.offsets ? given_ : by_user_.rows(); }
  /// (I, U)
  const SparseRows<Real, Space>& by_item() const { return by_item_.rows(); }

  /// U, those without interactions included.
  Index users() const { return by_user().row_count; }
  /// I, those without interactions included.
  Index items() const { return by_user().column_count; }
  /// How many places of the matrix are filled, N.
  std::int64_t entries() const { return by_user().entries; }

 private:
  void take(SparseMatrix<Real, Host>&& rows) {
    SparseMatrix<Real, Host> columns = transposed<Real, Host>(Host(), rows.rows());
    if constexpr (std::is_same_v<Space, Host>) {
      by_user_ = std::move(rows);
      by_item_ = std::move(columns);
    } else {
      by_user_ = SparseMatrix<Real, Space>(rows.rows());
      by_item_ = SparseMatrix<Real, Space>(columns.rows());
    }
  }

  SparseRows<Real, Space> given_;  // of a user's own memory, else empty
  SparseMatrix<Real, Space> by_user_, by_item_;
};

}  // namespace longshore::inline LONGSHORE_ABI
