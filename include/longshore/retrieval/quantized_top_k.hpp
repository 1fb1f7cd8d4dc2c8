// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <longshore/core/batch.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/kernels/quantized_top_k.hpp>
#include <longshore/retrieval/answer_top_k.hpp>
#include <longshore/retrieval/top_k.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Finds what `TopK` finds, bit for bit, in less time: it looks through the items as bytes, a quarter of the memory,
/// passes over those whose score cannot be among the k best, as a bound of the bytes' error shows, and computes the
/// scores of the few others from their numbers.
///
///     const QuantizedTopK<float, Space> index(model.items.weights.view());
///     const auto lists = index(context, interests, 100, seen);     // as with TopK
///
/// How many others there are depends on the items: about 2 k of trained or random ones. Rows that are out of range
/// (|x| above 1e15, or below 1e-15 and not 0), and many items with equal scores other than 0, cost more than `TopK`;
/// the lists are the same.
///
/// Cost: O(B I D) products of bytes; memory the items as floats and as bytes, O(I D), and of a request what `TopK`
/// says. The bound of the error is that of `quantized_top_k`.
///
/// @tparam Real   float
/// @tparam Space  a host space
template <class Real = float, class Space = Kokkos::DefaultHostExecutionSpace>
class QuantizedTopK {
  static_assert(is_host_space<Space>, "longshore::QuantizedTopK searches on a host: copy the items to one");
  static_assert(std::is_same_v<Real, float>, "longshore::QuantizedTopK finds the best of floats: take TopK for double");

 public:
  using value_type = Real;
  using space = Space;

  QuantizedTopK() = default;

  /// @param table  (I, D) the items; copied
  /// @throws ShapeError if there are no features, or more than 65,536
  /// @throws DataError  if a number is not finite
  template <class Executor = Space>
  explicit QuantizedTopK(const View<const float, 2, Space>& table, const TopKSettings& settings = {},
                         const Executor& executor = Executor{})
      : rows_(table.extent(0), table.extent(1)), similarity_(settings.similarity) {
    expects(features() > 0 && features() <= 65'536, "QuantizedTopK: expected items of 1 to 65536 features, got ",
            features());
    check_finite_rows("QuantizedTopK", "items", table);
    if (similarity_ == ItemSimilarity::cosine && !settings.unit_rows) {
      Tensor<float, 1, Space> inverse(items());
      unit_rows_forward<float, Space>(executor, table, rows_.view(), inverse.view());
    } else {
      copy(table, rows_.view());
    }
    const Index panels = top_k_panels<float>(items());
    codes_ = Tensor<std::uint8_t, 4, Space>(panels, byte_groups(features()), top_k_panel<float>, 4);
    scales_ = Tensor<float, 2, Space>(panels, top_k_panel<float>);
    error_ratios_ = Tensor<float, 1, Space>(panels);
    norm_ratios_ = Tensor<float, 1, Space>(panels);
    quantize_items<Space>(executor, std::as_const(rows_).view(),
                          {codes_.data(), scales_.data(), error_ratios_.data(), norm_ratios_.data()});
  }

  Index items() const { return rows_.extent(0); }
  Index features() const { return rows_.extent(1); }
  ItemSimilarity similarity() const { return similarity_; }
  /// The items as they are compared: for cosines of length 1.
  const Tensor<float, 2, Space>& table() const { return rows_; }

  /// @param queries  (B, D)
  /// @param k        items to find, at least 1; more than there are leave places empty
  /// @param filters  what each query may be given; see `QueryFilters`
  /// @return         (B, K) lists; they live until the context is reset
  /// @throws ShapeError if extents differ, or k is below 1 or more than 2^29 of so many items
  /// @throws DataError  if a number of a query is not finite, or a filter's id is outside its table
  template <class Executor>
  TopKLists<float, Space> operator()(Inference<Space, Executor>& context, const View<const float, 2, Space>& queries,
                                     Index k, const QueryFilters<Space>& filters) const {
    const Index most = std::clamp(k, Index{1}, std::max(items(), Index{1}));
    const std::int64_t entries = quantized_top_k_capacity(most, items());
    const Index capacity = checked_size("QuantizedTopK", "the entries of a list of bounds", entries);
    const TopKIndex<float> index{"QuantizedTopK",
                                 items(),
                                 {rows_.data(), features(), 1},
                                 similarity_,
                                 entries * static_cast<std::int64_t>(sizeof(BoundedItem)) /
                                     static_cast<std::int64_t>(sizeof(ScoredItem<float>))};
    return answer_top_k(context, index, queries, k, filters, [&](const auto& search, const auto& lists) {
      const ScratchScope scope(context);
      const Index rows = search.queries;
      QuantizedTopKSearch all{search, bytes(), {}, capacity, nullptr, nullptr, nullptr};
      all.queries.codes = scratch<std::int8_t>(context, rows, byte_groups(features()), 4).data();
      all.queries.starts = scratch<std::int32_t>(context, rows).data();
      all.queries.scales = scratch<float>(context, rows).data();
      all.queries.reaches = scratch<float>(context, rows).data();
      all.queries.errors = scratch<float>(context, rows).data();
      all.lists = scratch<BoundedItem>(context, search.parts, rows, capacity).data();
      all.lows = scratch<float>(context, search.parts, capacity).data();
      all.gathered = scratch<float>(context, top_k_listed_workspace<float>(search.parts, features())).data();
      quantize_queries<Space>(context.executor(), {search.query_rows, rows, features()}, all.queries);
      quantized_top_k<Space>(context.executor(), all, lists.items, lists.scores);
    });
  }
  /// @param removed  ids that a query must not be given, its sequence of `items`: any order, repeated ones too; or none
  template <class Executor>
  TopKLists<float, Space> operator()(Inference<Space, Executor>& context, const View<const float, 2, Space>& queries,
                                     Index k, const History<Space>& removed = {}) const {
    return (*this)(context, queries, k, QueryFilters<Space>{.removed = removed});
  }
  void operator()(auto&, ...) const = delete;  // QuantizedTopK: give queries (B, D), k, and perhaps filters

 private:
  // The kernels write no byte of an index; only who makes it does.
  ByteItems bytes() const {
    return {const_cast<std::uint8_t*>(codes_.data()), const_cast<float*>(scales_.data()),
            const_cast<float*>(error_ratios_.data()), const_cast<float*>(norm_ratios_.data())};
  }

  Tensor<float, 2, Space> rows_;          // (I, D)
  Tensor<std::uint8_t, 4, Space> codes_;  // (panels, groups, top_k_panel, 4)
  Tensor<float, 2, Space> scales_;        // (panels, top_k_panel)
  Tensor<float, 1, Space> error_ratios_, norm_ratios_;
  ItemSimilarity similarity_ = ItemSimilarity::dot;
};

}  // namespace longshore::inline LONGSHORE_ABI
