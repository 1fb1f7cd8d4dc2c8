// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/baselines/check_request.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/parameter.hpp>
#include <longshore/core/scratch_scope.hpp>
#include <longshore/factorization/interactions.hpp>
#include <longshore/factorization/setting_names.hpp>
#include <longshore/kernels/select_scores.hpp>
#include <longshore/kernels/sparse_gram.hpp>
#include <longshore/kernels/sparse_products.hpp>
#include <longshore/linalg/invert_positive_definite.hpp>
#include <longshore/retrieval/top_k.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `Ease` and how it is made.
struct EaseSettings {
  Index items = 0;              // at most Ease::most_items
  double regularisation = 500;  // lambda, on the diagonal of XᵀX: some hundreds to thousands
};

/// Makes the weights of two mirrored places of a matrix from minus its inverse: B_ji = P_ji / -P_ii.
template <class Real>
struct EaseWeights {
  static inline const std::string label = "longshore::ease_weights";
  static constexpr int team_size = 128;
  static constexpr Index tile = 64;
  Index size;
  const Real* diagonal;
  Real* b;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index tiles = (size + tile - 1) / tile, rows = team.league() / tiles * tile,
                columns = team.league() % tiles * tile;
    if (columns > rows) return;
    for (Index e = team.rank(); e < tile * tile; e += team.size()) {
      const Index r = rows + e / tile, c = columns + e % tile;
      if (r >= size || c > r) continue;
      const Real shared = b[std::int64_t{r} * size + c];
      b[std::int64_t{r} * size + c] = r == c ? Real(0) : -shared / diagonal[c];
      if (r != c) b[std::int64_t{c} * size + r] = -shared / diagonal[r];
    }
  }
};

/// Scores items by a matrix of weights between items, the best that a linear model without hidden features can do: each
/// item as a weighted sum of the others.
///
///   minimises |X - X B|² + lambda |B|², diagonal of B 0:   P = (XᵀX + lambda I)^-1,  B_ji = -P_ji / P_ii
///   score of item i for a history x = sum over j of x_j B_ji
///
///     Ease<float, Space> ease({.items = train.items(), .regularisation = 500});
///     ease.fit(Space(), train);
///     const auto lists = ease.top_items(context, train.by_user(), 10);
///
/// There are no users in it: who has a history is scored, new users too. Float is enough while lambda is not tiny
/// beside the greatest number of users of an item.
///
/// Models: Factorizer (one epoch is all), Baseline on a host. State: weights B (I, I). Cost: O(I³ + sum over users of
/// the square of their items); memory I² numbers and 2 · 192 numbers an item. Up to `most_items` items.
/// Source: Steck 2019, equation 8.
template <class Real, class Space>
struct Ease {
  static constexpr std::string_view block_name = "Ease";
  /// Items that are taken at most, since the weights are the square of them in number.
  static constexpr Index most_items = 40000;
  EaseSettings settings;
  Parameter<Real, 2, Space> weights;  // (I, I) row j: what item j of a history says of each item

  Ease() = default;

  /// Zeros, until `fit`.
  ///
  /// @throws ShapeError if items is below 1 or above `most_items`, or regularisation negative or not finite
  explicit Ease(const EaseSettings& its_settings) : settings(its_settings) {
    expects(settings.items >= 1 && settings.items <= most_items, "Ease: items is at least 1 and at most ", most_items,
            ", since their weights are its square; it is ", settings.items, "; keep the most popular ones");
    expects(math::is_finite(settings.regularisation) && settings.regularisation >= 0,
            "Ease: regularisation is a finite number of at least 0, it is ", settings.regularisation);
    weights = Parameter<Real, 2, Space>(settings.items, settings.items);
  }

  /// Works out the weights. Blocks.
  ///
  /// @throws ShapeError if the interactions have another number of items
  /// @throws DataError  if XᵀX + lambda I is singular to rounding, naming the item: the weights are zeros then
  void fit(const Space& executor, const Interactions<Real, Space>& train) {
    expects(train.items() == settings.items, "Ease: it is for ", settings.items, " items, the interactions have ",
            train.items());
    const Index size = settings.items;
    const auto b = weights.mutable_view();
    Tensor<Real, 1, Space> workspace(invert_positive_definite_workspace(size));
    sparse_gram<Real, Space>(executor, train.by_user(), train.by_item(), static_cast<Real>(settings.regularisation), b);
    const Index failed = invert_positive_definite<Real, Space>(executor, b, workspace.view());
    if (failed >= 0) weights.tensor().fill_with_zeros();
    expects<DataError>(failed < 0, "Ease: the system is singular to rounding at item ", failed,
                       ": nobody has it, or its users follow from those of other items; give a regularisation above ",
                       settings.regularisation);
    const std::int64_t tiles = (size + EaseWeights<Real>::tile - 1) / EaseWeights<Real>::tile;
    for_each(executor, size, CopyDiagonal<Real>{b.data(), size, workspace.data()});
    for_each_team<Space>(executor, tiles * tiles, EaseWeights<Real>{size, workspace.data(), b.data()});
    executor.fence();
  }
  /// The same as what `fit_factors` asks of a factorisation.
  ///
  /// @return  NaN: the objective would cost a product of X and B
  double epoch(const Space& executor, const Interactions<Real, Space>& train, std::int64_t) {
    fit(executor, train);
    return std::numeric_limits<double>::quiet_NaN();
  }

  /// What decides the result.
  std::vector<std::pair<std::string, std::string>> named_settings() const {
    return SettingNames().add("regularisation", settings.regularisation).list();
  }

  std::string_view name() const { return "ease"; }
  Index items() const { return settings.items; }

  /// Scores every item for some histories. Does not wait. Cost: O(N I).
  ///
  /// @param rows    (R, I) what each of them had, and how much it counts
  /// @param scores  (R, I) overwritten
  /// @throws ShapeError if the extents do not fit; on a host, as `check_sparse_rows`
  template <class Executor>
  void scores(const Executor& executor, const SparseRows<Real, Space>& rows, View<Real, 2, Space> scores) const {
    if constexpr (is_host_space<Space>) check_sparse_rows("Ease::scores", rows);
    expects(
        rows.column_count == settings.items && scores.extent(0) == rows.row_count && scores.extent(1) == settings.items,
        "Ease::scores: the rows are (", rows.row_count, ", ", rows.column_count, "), the scores (", scores.extent(0),
        ", ", scores.extent(1), "), there are ", settings.items, " items");
    sparse_products<Real, Space>(executor, rows, weights.view(), scores);
  }

  /// Scores every item for one history, as baselines do: each different item counts 1. On a host, from any thread.
  ///
  /// @param history  order and repetitions do not matter
  /// @param out      (I) overwritten
  /// @throws ShapeError if out has another length
  /// @throws DataError  if an item of the history is outside the catalogue
  void scores(std::span<const Id> history, std::span<float> out) const {
    static_assert(is_host_space<Space>, "Ease::scores of a history works on a host: copy_to one");
    check_request("Ease::scores", history, out, items());
    std::vector<Id> different(history.begin(), history.end());
    std::sort(different.begin(), different.end());
    different.erase(std::unique(different.begin(), different.end()), different.end());
    const std::vector<Real> ones(different.size(), Real(1));
    std::vector<Real> row(out.size());
    const auto count = static_cast<std::int64_t>(different.size());
    const std::int64_t offsets[] = {0, count};
    scores(Inline(), SparseRows<Real, Space>{offsets, different.data(), ones.data(), 1, items(), count},
           View<Real, 2, Space>(row.data(), 1, items()));
    std::transform(row.begin(), row.end(), out.begin(), [](Real score) { return static_cast<float>(score); });
  }

  /// Lists the best items for some histories, without those that are in them. On a host.
  ///
  /// Cost: O(N I); memory of the context: the lists, and at most 64 MB beside them, or one row of scores.
  ///
  /// @param rows  (R, I) histories
  /// @param k     items to find, at least 1; more than there are leave places empty
  /// @param keep  whether items of the history may be listed
  /// @return      (R, K) lists; they live until the context is reset
  /// @throws ShapeError if the rows have another number of items, or k is below 1; and as `check_sparse_rows`
  template <class Executor>
  TopKLists<Real, Space> top_items(Inference<Space, Executor>& context, const SparseRows<Real, Space>& rows, Index k,
                                   bool keep = false) const {
    check_sparse_rows("Ease::top_items", rows);
    expects(rows.column_count == settings.items, "Ease::top_items: the rows have ", rows.column_count,
            " columns, there are ", settings.items, " items");
    expects(k > 0, "Ease::top_items: expected to find at least one item, got k = ", k);
    const TopKLists<Real, Space> lists{scratch<Id>(context, rows.row_count, k),
                                       scratch<Real>(context, rows.row_count, k)};
    const ScratchScope scope(context);
    const Index best = std::min(k, settings.items),
                capacity =
                    checked_size("Ease::top_items", "the entries of a list, twice k,", top_k_capacity<Real>(best));
    const Index block =
        std::clamp(most_scores / std::max(settings.items, capacity), Index{1}, std::max(rows.row_count, 1));
    const auto all = scratch<Real>(context, block, settings.items);  // (some, I)
    const auto entries = scratch<ScoredItem<Real>>(context, block, capacity);
    for (Index first = 0; first < rows.row_count; first += block) {
      SparseRows<Real, Space> some = rows;
      some.offsets += first;
      some.row_count = std::min(block, rows.row_count - first);
      const View<Real, 2, Space> of_some(all.data(), some.row_count, settings.items);
      sparse_products<Real, Space>(context.executor(), some, weights.view(), of_some);
      select_scores<Real, Space>(context.executor(), of_some, keep ? nullptr : some.offsets, rows.columns, best,
                                 entries, View<Id, 2, Space>(lists.items.row(first), some.row_count, k),
                                 View<Real, 2, Space>(lists.scores.row(first), some.row_count, k));
    }
    return lists;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("weights", weights);
  }

 private:
  static constexpr Index most_scores = 1 << 22;  // numbers of a block of scores, and entries of its lists
};

}  // namespace longshore::inline LONGSHORE_ABI
