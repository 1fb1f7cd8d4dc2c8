// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <longshore/core/batch.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/check_offsets.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/scratch_scope.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/kernels/top_k.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The lists that `TopK` gives: of each query the best items, best first.
template <class Real, class Space>
struct TopKLists {
  View<Id, 2, Space> items;     ///< (B, K) equal scores by ascending ids; -1 where there are fewer
  View<Real, 2, Space> scores;  ///< (B, K) minus infinity where there are fewer
};

/// Finds the k items of highest inner product with each query: exactly, and without writing a score.
///
///     const TopK<float, Space> index(model.items.weights.view());
///     Inference<Space> context;                                    // one a thread; the index is shared
///     const auto lists = index(context, interests, 100, seen);     // until the context is reset
///
/// Holds its own copy of the items, laid out for the search: what changes afterwards in the table is not seen. The
/// result is the same at any number of threads. For cosines give rows and queries of length 1 (`unit_rows`). On a host;
/// nothing is allocated once the context has met its largest request.
///
/// Cost: O(B I D); memory O(I D) for the index, and of a request at most 64 MB beside its result, or one query's lists.
///
/// @tparam Real   float or double
/// @tparam Space  a host space
template <class Real = float, class Space = Kokkos::DefaultHostExecutionSpace>
class TopK {
  static_assert(is_host_space<Space>, "longshore::TopK searches on a host: copy the items to one");

 public:
  TopK() = default;

  /// @param table  (I, D) the items; copied
  /// @throws ShapeError if there are no features
  /// @throws DataError  if a number is not finite
  template <class Executor = Space>
  explicit TopK(const View<const Real, 2, Space>& table, const Executor& executor = Executor{})
      : items_(table.extent(0)), features_(table.extent(1)) {
    expects(features_ > 0, "TopK: expected items of at least one feature, got none");
    check_rows("items", table);
    const std::int64_t panels = top_k_panels<Real>(items_);
    panels_ = Tensor<Real, 3, Space>(panels, features_, top_k_panel<Real>);
    pack_top_k<Real, Space>(executor, table, panels_.data());
  }

  Index items() const { return items_; }
  Index features() const { return features_; }

  /// @param queries  (B, D)
  /// @param k        items to find, at least 1; more than there are leave places empty
  /// @param removed  ids that a query must not be given, its sequence of `items`: any order, repeated ones too; or none
  /// @return         (B, K) lists; they live until the context is reset
  /// @throws ShapeError if extents differ, or k is below 1 or more than 2^30 of so many items
  /// @throws DataError  if a number of a query is not finite, or a removed id is not in the table
  template <class Executor>
  TopKLists<Real, Space> operator()(Inference<Space, Executor>& context, const View<const Real, 2, Space>& queries,
                                    Index k, const History<Space>& removed = {}) const {
    const Index rows = queries.extent(0);
    expects(k > 0, "TopK: expected to find at least one item, got k = ", k);
    expects(rows == 0 || queries.extent(1) == features_, "TopK: queries have ", queries.extent(1),
            " features, the items ", features_);
    check_rows("queries", queries);
    if (removed.offsets.view.data()) check_removed(removed, rows);
    const TopKLists<Real, Space> lists{scratch<Id>(context, rows, k), scratch<Real>(context, rows, k)};
    const ScratchScope scope(context);  // what follows is not needed any more when the lists are there
    TopKSearch<Real> search{};
    search.items = items_;
    search.features = features_;
    search.panels = panels_.data();
    search.k = std::clamp(k, Index{1}, std::max(items_, Index{1}));
    search.parts = parts(context.executor());
    search.capacity = checked_size("TopK", "the entries of a list, twice k,", top_k_capacity<Real>(search.k));
    const std::int64_t entries_of_query = std::int64_t{search.parts} * search.capacity;
    const auto block =
        static_cast<Index>(std::clamp<std::int64_t>(most_entries / entries_of_query, 1, std::max(rows, 1)));
    search.lists = scratch<ScoredItem<Real>>(context, search.parts, block, search.capacity).data();
    search.sizes = scratch<Index>(context, search.parts, block).data();
    search.least = scratch<Real>(context, search.parts, block).data();
    if (removed.offsets.view.data()) search.removed = sorted(context, removed);
    for (Index first = 0; first < rows; first += block) {
      search.queries = std::min(block, rows - first);
      search.query_rows = queries.row(first);
      if (search.removed) search.removed_offsets = removed.offsets.view.data() + first;
      top_k<Real, Space>(context.executor(), search, View<Id, 2, Space>(lists.items.row(first), search.queries, k),
                         View<Real, 2, Space>(lists.scores.row(first), search.queries, k));
    }
    return lists;
  }
  void operator()(auto&, ...) const = delete;  // TopK: give queries (B, D), k, and perhaps a History of removed items

 private:
  static constexpr std::int64_t most_entries = std::int64_t{1} << 22;  // of lists at a time, where one query has fewer

  static void check_rows(const char* what, const View<const Real, 2, Space>& rows) {
    for (Index i = 0; i < rows.extent(0); ++i) {
      const Real* row = rows.row(i);
      bool finite = true;
      for (Index d = 0; d < rows.extent(1); ++d) finite &= math::is_finite(row[d]);
      for (Index d = 0; !finite && d < rows.extent(1); ++d)
        expects<DataError>(math::is_finite(row[d]), "TopK: expected finite numbers, row ", i, " of the ", what, " has ",
                           row[d], " at ", d);
    }
  }

  void check_removed(const History<Space>& removed, Index rows) const {
    expects(removed.offsets.count() == rows, "TopK: ", removed.offsets.count(), " sequences of removed items for ",
            rows, " queries");
    check_offsets("TopK: removed items", removed.offsets, removed.items.extent(0));
    check_ids("TopK: removed items", removed.items.data(), removed.items.size(), items_);
  }

  // Each sequence ascending.
  const Id* sorted(auto& context, const History<Space>& removed) const {
    const auto ids = scratch<Id>(context, removed.items.extent(0));
    std::copy_n(removed.items.data(), ids.size(), ids.data());
    for (Index q = 0; q < removed.offsets.count(); ++q)
      std::sort(ids.data() + removed.offsets.begin(q), ids.data() + removed.offsets.end(q));
    return ids.data();
  }

  // One for each thread: more parts would keep longer lists.
  template <class Executor>
  Index parts(const Executor& executor) const {
    if constexpr (std::is_same_v<Executor, Inline>)
      return 1;
    else
      return std::clamp(static_cast<Index>(executor.concurrency()), Index{1},
                        std::max(top_k_panels<Real>(items_), Index{1}));
  }

  Index items_ = 0, features_ = 0;
  Tensor<Real, 3, Space> panels_;  // (panels, D, top_k_panel)
};

}  // namespace longshore::inline LONGSHORE_ABI
