// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <span>
#include <vector>

#include <longshore/core/batch.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/core/use.hpp>
#include <longshore/kernels/gather_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `EmbeddingTable` and how it is trained.
struct EmbeddingTableSettings {
  Index rows = 0;
  Index features = 0;
  bool unknown_row = false;  // one more row, `unknown_id()`, for ids that the table does not know
  GradientKind gradient = GradientKind::row_sparse;
  bool frozen = false;
  Initialiser initial = normal(0.05);
};

/// Looks up one vector per id.
///
///   y_n = E[id_n]
///
/// Models: none (ids are not values). State: weights (I, D), and one more row if `unknown_row`. Cost: O(N D).
/// Gradients are rows: an optimiser touches the rows of the step only (PyTorch: Embedding(sparse=True) with
/// SparseAdam), or the whole table if `gradient` is dense. On a host a lookup refuses ids outside the
/// table; on a device they are checked where data enters (`check_batch`, `check_ids`), before they are copied there.
/// Source: Bengio et al. 2003, with one vector an item in the place of one a word. Differs from PyTorch: starts with
/// N(0, 0.05), not N(0, 1).
template <class Real, class Space>
struct EmbeddingTable {
  static constexpr std::string_view block_name = "EmbeddingTable";
  EmbeddingTableSettings settings;
  Parameter<Real, 2, Space> weights;  // (I, D)

  EmbeddingTable() = default;

  /// @throws ShapeError if rows or features is below 1
  explicit EmbeddingTable(const EmbeddingTableSettings& its_settings, const Random& random = Random(0))
      : EmbeddingTable(its_settings, Zeros{}) {
    initialise(weights, settings.initial, random.stream("weights"));
  }

  /// A table that starts with given vectors, row by row; an unknown row starts with their mean. Draws no numbers:
  /// `settings.initial` is not looked at.
  ///
  /// @param vectors  rows * features numbers on the host
  /// @throws ShapeError if there are more or fewer
  /// @throws DataError  if one of them is not finite, naming its row and column
  EmbeddingTable(const EmbeddingTableSettings& its_settings, std::span<const Real> vectors)
      : EmbeddingTable(its_settings, Zeros{}) {
    const auto rows = static_cast<std::size_t>(settings.rows), features = static_cast<std::size_t>(settings.features);
    expects(vectors.size() == rows * features, "EmbeddingTable: ", vectors.size(), " numbers are given, ", rows,
            " rows of ", features, " are expected");
    for (std::size_t i = 0; i < vectors.size(); ++i)
      expects<DataError>(math::is_finite(vectors[i]), "EmbeddingTable: the vectors given are finite numbers; row ",
                         i / features, ", column ", i % features, " is ", vectors[i]);
    std::vector<Real> all(vectors.begin(), vectors.end());
    if (settings.unknown_row)
      for (std::size_t d = 0; d < features; ++d) {
        double sum = 0;
        for (std::size_t i = 0; i < rows; ++i) sum += static_cast<double>(vectors[i * features + d]);
        all.push_back(static_cast<Real>(sum / static_cast<double>(rows)));
      }
    copy_from_host(all, weights.mutable_view());
  }

  /// Number of ids that may be looked up, the unknown one included.
  Index rows() const { return weights.extent(0); }
  Index features() const { return weights.extent(1); }
  /// The row for ids that the table does not know.
  ///
  /// @throws ShapeError if the table has none
  Id unknown_id() const {
    expects(settings.unknown_row, "EmbeddingTable: there is no row for unknown ids; set .unknown_row = true");
    return settings.rows;
  }

  /// @param ids  (B); must live until the end of the step
  /// @return     (B, D)
  /// @throws DataError  on a host, if an id is outside the table
  Matrix<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& ids) const {
    if constexpr (is_host_space<Space>) check_ids("EmbeddingTable", ids.data(), ids.size(), rows());
    Matrix<Real, Space> y(scratch<Real>(context, ids.extent(0), features()), nullptr, context.stamp());  // (B, D)
    gather_rows<Real, Space>(context.executor(), weights.view(), ids, y.data);
    if constexpr (std::remove_cvref_t<decltype(context)>::training) {
      if (!context.trains(weights)) return y;  // a constant: nobody works out a gradient that is not kept
      y.gradient = context.gradient();
    }
    context.record(y, [this, ids, y](auto& c) { c.add_rows(weights, ids, c.gradient_of(y)); });
    return y;
  }

  /// @param ids  (B, C)
  /// @return     (B, C, D)
  Cube<Real, Space> operator()(auto& context, const View<const Id, 2, Space>& ids) const {
    const Index count = checked_size(block_name, "the number of ids", std::int64_t{ids.extent(0)} * ids.extent(1));
    const auto rows = (*this)(context, reshape(ids, count));
    return reshape(rows, ids.extent(0), ids.extent(1), features());
  }

  /// @param ids      (N) the ids of all steps
  /// @param offsets  (B + 1) which steps belong to which sequence
  /// @return         sequences of (N, D) steps
  Sequences<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& ids,
                                    const Offsets<Space>& offsets) const {
    return {(*this)(context, ids), offsets};
  }

  /// @param history  its item ids are looked up
  /// @return         sequences of (N, D) steps
  Sequences<Real, Space> operator()(auto& context, const History<Space>& history) const {
    return (*this)(context, history.items, history.offsets);
  }
  void operator()(auto&, ...) const = delete;  // EmbeddingTable: give Ids (B) or (B, C), Ids and Offsets, or a History

  /// The table as one matrix, for products with every row: scores of the whole catalogue. Its gradient is dense.
  ///
  /// @return  (I, D) shares the memory of the table, the unknown row included
  Matrix<Real, Space> whole(auto& context) const { return use(context, weights); }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("weights", weights);
  }

 private:
  struct Zeros {};
  static const EmbeddingTableSettings& checked(const EmbeddingTableSettings& given) {
    expects(given.rows > 0 && given.features > 0, "EmbeddingTable: rows and features are at least 1, they are ",
            given.rows, " and ", given.features);
    expects(!given.unknown_row || given.rows < std::numeric_limits<Index>::max(), "EmbeddingTable: ", given.rows,
            " rows leave no id for unknown ones");
    return given;
  }
  EmbeddingTable(const EmbeddingTableSettings& its_settings, Zeros)
      : settings(checked(its_settings)), weights(settings.rows + (settings.unknown_row ? 1 : 0), settings.features) {
    weights.gradient_kind = settings.gradient;
    weights.frozen = settings.frozen;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
