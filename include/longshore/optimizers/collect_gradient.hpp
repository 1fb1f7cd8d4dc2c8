// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/fill.hpp>
#include <longshore/core/parameter_gradient.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/sort_rows.hpp>
#include <longshore/kernels/sum_gradient_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The gradient of a parameter in this step as one array: all of it, or the touched rows summed by id.
struct CollectedGradient {
  void* data = nullptr;        // dense gradient of the parameter's size, or sums (n, D) at the first place of each id
  const Id* sorted = nullptr;  // (n) ids of the rows, in order; null: the gradient is dense
  Index row_count = 0;         // n
};

/// Whether a step touches rows only: then it has row_chunks(row_count) norms, else one for each `norm_chunk` numbers.
template <class T, int Rank, class Space>
bool touches_rows(const Parameter<T, Rank, Space>& parameter, const ParameterGradient<T, Rank, Space>& gradient) {
  return gradient.row_count > 0 && !gradient.dense.data() && parameter.gradient_kind == GradientKind::row_sparse;
}

/// Makes one array of what backward left for a parameter: rows are summed by id, and added to the dense gradient where
/// there is one or where the parameter is declared dense. Does not wait.
///
/// Cost: O(1) for a dense gradient; for n rows their sorting (`sort_rows`) and O(n D), with n (D + 8) numbers of the
/// arena.
///
/// @param owner  of the norms
/// @param norms  (row_chunks(n)) overwritten where only rows were touched; else left to `ChunkNorms`
template <class Context, class T, int Rank, class Space>
CollectedGradient collect_gradient(Context& context, const Parameter<T, Rank, Space>& parameter, std::int32_t owner,
                                   ChunkNorm* norms) {
  auto gradient = context.gradient_of(parameter);
  const auto& executor = context.executor();
  if constexpr (Rank == 2) {
    if (gradient.row_count > 0) {
      const bool rows_only = touches_rows(parameter, gradient);
      const Index count = gradient.row_count, features = parameter.extent(1);
      const auto ids = scratch<Id>(context, count), sorted = scratch<Id>(context, count);
      const auto order = scratch<Index>(context, count);
      const auto rows = scratch<const T*>(context, count);
      const auto sums = scratch<T>(context, count, features);
      Index first = 0;
      for (auto* use = gradient.rows; use; use = use->next) {
        for_each(executor, use->ids.extent(0),
                 ListGradientRows<T>{use->ids.data(), use->rows.data(), features, first, ids.data(), rows.data()});
        first += use->ids.extent(0);
      }
      sort_rows<Space>(executor, parameter.extent(0), View<const Id, 1, Space>(ids), sorted, order,
                       scratch<Index>(context, sort_rows_workspace(count)));
      const GradientRows<T> all{count, features, sorted.data(), order.data(), rows.data(), sums.data()};
      sum_gradient_rows<T, Space>(executor, all, owner, rows_only ? norms : nullptr);
      if (rows_only) return {sums.data(), sorted.data(), count};
      if (!gradient.dense.data()) {
        gradient.dense = context.gradient_to(parameter).view;
        fill(executor, gradient.dense, T(0));
      }
      for_each_team<Space>(executor, row_chunks(count), AddSummedRows<T>{all, gradient.dense.data()});
      context.forget_rows(parameter);  // they are in the dense gradient now, for whoever asks next
    }
  }
  return {gradient.dense.data(), nullptr, 0};
}

}  // namespace longshore::inline LONGSHORE_ABI
