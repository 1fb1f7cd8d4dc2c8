// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <longshore/core/checked_size.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/scratch_scope.hpp>
#include <longshore/kernels/top_k_listed.hpp>
#include <longshore/kernels/unit_rows.hpp>
#include <longshore/retrieval/query_filters.hpp>
#include <longshore/retrieval/top_k_lists.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses rows that hold a NaN or an infinity.
///
/// Cost: O(R D).
///
/// @param asker  begins the text of the error
/// @param what   the rows are, for the text
/// @throws DataError naming the row and the place
template <class Real, class Space>
void check_finite_rows(std::string_view asker, const char* what, const View<const Real, 2, Space>& rows) {
  for (Index i = 0; i < rows.extent(0); ++i) {
    const Real* row = rows.row(i);
    bool finite = true;
    for (Index d = 0; d < rows.extent(1); ++d) finite &= math::is_finite(row[d]);
    for (Index d = 0; !finite && d < rows.extent(1); ++d)
      expects<DataError>(math::is_finite(row[d]), asker, ": expected finite numbers, row ", i, " of the ", what,
                         " has ", row[d], " at ", d);
  }
}

/// What an index knows of its items when it answers a request.
///
/// Cost: plain data.
template <class Real>
struct TopKIndex {
  std::string_view name;  // begins the texts of errors
  Index items;
  TopKRows<Real> rows;        // (I, D)
  ItemSimilarity similarity;  // cosine: the rows have length 1, and queries are given it
  std::int64_t more = 0;      // entries that the search of all items needs beside each list
};

/// How many parts the items are searched in: one for each thread, as more would keep longer lists.
///
/// Cost: O(1).
template <class Real, class Executor>
Index top_k_parts(const Executor& executor, Index items) {
  if constexpr (std::is_same_v<Executor, Inline>)
    return 1;
  else
    return std::clamp(static_cast<Index>(executor.concurrency()), Index{1},
                      std::max(top_k_panels<Real>(items), Index{1}));
}

/// Answers a request by an index: checks it, divides the queries into those that all items are looked at for and those
/// that are restricted to a few, and searches in blocks of bounded memory. Launches; does not wait.
///
/// Cost: that of the searches; of scratch about 64 MB beside the result, or one query's lists.
///
/// @param search_all  searches the items for the queries of a block: `search_all(search, lists)`
/// @return            (B, K) lists, until the context is reset
/// @throws ShapeError if extents differ, or k is below 1 or more than 2^30 of so many items
/// @throws DataError  if a number of a query is not finite, or a filter's id is outside its table
template <class Real, class Space, class Executor, class SearchAll>
TopKLists<Real, Space> answer_top_k(Inference<Space, Executor>& context, const TopKIndex<Real>& index,
                                    View<const Real, 2, Space> queries, Index k, const QueryFilters<Space>& filters,
                                    const SearchAll& search_all) {
  constexpr std::int64_t most_entries = std::int64_t{1} << 22;  // of lists at a time, where one query has fewer
  const Index rows = queries.extent(0), features = index.rows.features;
  expects(k > 0, index.name, ": expected to find at least one item, got k = ", k);
  expects(rows == 0 || queries.extent(1) == features, index.name, ": queries have ", queries.extent(1),
          " features, the items ", features);
  check_finite_rows(index.name, "queries", queries);
  const TopKLists<Real, Space> lists{scratch<Id>(context, rows, k), scratch<Real>(context, rows, k)};
  const ScratchScope scope(context);  // what follows is not needed any more when the lists are there
  const ListedItems listed = sorted_filters(index.name, context, filters, rows, index.items);
  if (index.similarity == ItemSimilarity::cosine && rows > 0) {
    const auto unit = scratch<Real>(context, rows, features);
    unit_rows_forward<Real, Space>(context.executor(), queries, unit, scratch<Real>(context, rows));
    context.fence();
    queries = unit;
  }
  TopKSearch<Real> search{};
  search.items = index.items;
  search.features = features;
  search.rows = index.rows;
  search.filter = listed.filter;
  search.k = std::clamp(k, Index{1}, std::max(index.items, Index{1}));
  search.capacity = checked_size(index.name, "the entries of a list, twice k,", top_k_capacity<Real>(search.k));
  // Queries that are restricted to a sixty-fourth of the items at most come behind the others: a listed item takes some
  // thirty times as long as one in a row of all, which share what is read with those beside and with other queries.
  Index whole = rows;
  Index* places = nullptr;
  if (listed.filter.restricts()) {
    const auto is_whole = [&](Index row) { return listed.size(row) > index.items / 64; };
    places = scratch<Index>(context, rows).data();
    const auto ordered = scratch<Real>(context, rows, features);
    Index at = 0;
    for (const bool first_pass : {true, false}) {
      for (Index row = 0; row < rows; ++row)
        if (is_whole(row) == first_pass) {
          std::copy_n(queries.row(row), features, ordered.row(at));
          places[at++] = row;
        }
      if (first_pass) whole = at;
    }
    queries = ordered;
  }
  const Index most_parts = top_k_parts<Real>(context.executor(), index.items);
  const auto search_rows = [&](Index begin, Index end, Index lists_of_query, std::int64_t more, const auto& function) {
    if (begin == end) return;
    const ScratchScope inner(context);
    const std::int64_t entries = lists_of_query * (search.capacity + more);
    const auto block = static_cast<Index>(std::clamp<std::int64_t>(most_entries / entries, 1, end - begin));
    search.lists = scratch<ScoredItem<Real>>(context, lists_of_query, block, search.capacity).data();
    search.sizes = scratch<Index>(context, lists_of_query, block).data();
    search.least = scratch<Real>(context, lists_of_query, block).data();
    for (search.first = begin; search.first < end; search.first += block) {
      search.queries = std::min(block, end - search.first);
      search.query_rows = queries.row(search.first);
      search.places = places ? places + search.first : nullptr;
      function();
    }
  };
  search.parts = most_parts;
  search_rows(0, whole, most_parts, index.more, [&] { search_all(search, lists); });
  search.parts = std::min(most_parts, std::max(rows - whole, Index{1}));
  search_rows(whole, rows, 1, 0, [&] {
    const ScratchScope inner(context);
    const auto size = top_k_listed_workspace<Real>(search.parts, features);
    top_k_listed<Real, Space>(context.executor(), search, listed, scratch<Real>(context, size).data(), lists.items,
                              lists.scores);
  });
  return lists;
}

}  // namespace longshore::inline LONGSHORE_ABI
