// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/batch.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/kernels/top_k.hpp>
#include <longshore/retrieval/answer_top_k.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How an index compares a query with an item.
struct TopKSettings {
  ItemSimilarity similarity = ItemSimilarity::dot;
  bool unit_rows = false;  ///< for cosines: the items have length 1 already and are taken as they are
};

/// Finds the k items of highest inner product, or cosine, with each query: exactly, and without writing a score.
///
///     const TopK<float, Space> index(model.items.weights.view());
///     Inference<Space> context;                                    // one a thread; the index is shared
///     const auto lists = index(context, interests, 100, seen);     // until the context is reset
///
/// Holds its own copy of the items, laid out for the search: what changes afterwards in the table is not seen. The
/// result is the same at any number of threads. On a host; nothing is allocated once the context has met its largest
/// request. `QuantizedTopK` gives the same lists of floats in less time.
///
/// A score is a sum of products of Real, from the first feature on. One that overflows to infinity is listed first,
/// with that score, equal ones by their ids. One that is minus infinity, or not a number, as both meet on the way, is
/// never listed, as if the item were removed. None does while |x| |y| is below the largest number.
///
/// Cost: O(B I D); memory O(I D) for the index, and of a request at most 64 MB beside its result, or one query's lists.
///
/// @tparam Real   float or double
/// @tparam Space  a host space
template <class Real = float, class Space = Kokkos::DefaultHostExecutionSpace>
class TopK {
  static_assert(is_host_space<Space>, "longshore::TopK searches on a host: copy the items to one");

 public:
  using value_type = Real;
  using space = Space;

  TopK() = default;

  /// @param table  (I, D) the items; copied
  /// @throws ShapeError if there are no features
  /// @throws DataError  if a number is not finite
  template <class Executor = Space>
  explicit TopK(const View<const Real, 2, Space>& table, const TopKSettings& settings = {},
                const Executor& executor = Executor{})
      : items_(table.extent(0)), features_(table.extent(1)), similarity_(settings.similarity) {
    expects(features_ > 0, "TopK: expected items of at least one feature, got none");
    check_finite_rows("TopK", "items", table);
    panels_ = Tensor<Real, 3, Space>(top_k_panels<Real>(items_), features_, top_k_panel<Real>);
    if (similarity_ == ItemSimilarity::cosine && !settings.unit_rows) {
      Tensor<Real, 2, Space> unit(items_, features_);
      Tensor<Real, 1, Space> inverse(items_);
      unit_rows_forward<Real, Space>(executor, table, unit.view(), inverse.view());
      pack_top_k<Real, Space>(executor, unit.view(), panels_.data());
    } else {
      pack_top_k<Real, Space>(executor, table, panels_.data());
    }
  }

  Index items() const { return items_; }
  Index features() const { return features_; }
  ItemSimilarity similarity() const { return similarity_; }
  /// A copy of the items as they are compared: for cosines of length 1. Blocks.
  Tensor<Real, 2, Space> table() const {
    Tensor<Real, 2, Space> rows(items_, features_);
    unpack_top_k<Real, Space>(Inline{}, index().rows, rows.view());
    return rows;
  }

  /// @param queries  (B, D)
  /// @param k        items to find, at least 1; more than there are leave places empty
  /// @param filters  what each query may be given; see `QueryFilters`
  /// @return         (B, K) lists; they live until the context is reset
  /// @throws ShapeError if extents differ, or k is below 1 or more than 2^30 of so many items
  /// @throws DataError  if a number of a query is not finite, or a filter's id is outside its table
  template <class Executor>
  TopKLists<Real, Space> operator()(Inference<Space, Executor>& context, const View<const Real, 2, Space>& queries,
                                    Index k, const QueryFilters<Space>& filters) const {
    return answer_top_k(context, index(), queries, k, filters, [&](const auto& search, const auto& lists) {
      top_k<Real, Space>(context.executor(), search, lists.items, lists.scores);
    });
  }
  /// @param removed  ids that a query must not be given, its sequence of `items`: any order, repeated ones too; or none
  template <class Executor>
  TopKLists<Real, Space> operator()(Inference<Space, Executor>& context, const View<const Real, 2, Space>& queries,
                                    Index k, const History<Space>& removed = {}) const {
    return (*this)(context, queries, k, QueryFilters<Space>{.removed = removed});
  }
  void operator()(auto&, ...) const = delete;  // TopK: give queries (B, D), k, and perhaps items to remove or filters

 private:
  TopKIndex<Real> index() const {
    return {"TopK", items_, {panels_.data(), features_, top_k_panel<Real>}, similarity_};
  }

  Index items_ = 0, features_ = 0;
  ItemSimilarity similarity_ = ItemSimilarity::dot;
  Tensor<Real, 3, Space> panels_;  // (panels, D, top_k_panel)
};

}  // namespace longshore::inline LONGSHORE_ABI
