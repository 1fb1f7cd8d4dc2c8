// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/initialiser.hpp>
#include <longshore/core/parameter.hpp>
#include <longshore/factorization/interactions.hpp>
#include <longshore/factorization/orthonormal_columns.hpp>
#include <longshore/factorization/setting_names.hpp>
#include <longshore/kernels/sparse_products.hpp>
#include <longshore/linalg/left_singular_vectors.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `TruncatedSvd`.
struct TruncatedSvdSettings {
  Index users = 0;
  Index items = 0;
  Index features = 50;      // D, at most the smaller of users and items
  Index oversampling = 10;  // further directions that are searched along: fewer epochs for a little more work
  std::uint64_t seed = 0;
};

/// Copies the first columns of a matrix.
template <class Real>
struct FirstColumns {
  static inline const std::string label = "longshore::first_columns";
  const Real* from;
  Index columns, width;
  Real* to;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const { to[i] = from[i / width * columns + i % width]; }
};

/// Turns each column so that its element of largest size, the first of equal ones, is positive: an SVD leaves signs
/// open.
template <class Real>
struct ColumnSigns {
  static inline const std::string label = "longshore::column_signs";
  Index rows, columns;
  Real* y;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t d) const {
    Real most = 0;
    for (Index i = 0; i < rows; ++i) {
      const Real x = y[std::int64_t{i} * columns + d];
      if (math::size_of(x) > math::size_of(most)) most = x;
    }
    if (most < 0)
      for (Index i = 0; i < rows; ++i) y[std::int64_t{i} * columns + d] = -y[std::int64_t{i} * columns + d];
  }
};

/// Divides each column by the square of a number of its own; those of 0 become 0.
template <class Real>
struct DivideBySquares {
  static inline const std::string label = "longshore::divide_by_squares";
  const Real* divisors;
  Index columns;
  Real* y;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const Real divisor = divisors[i % columns];
    y[i] = divisor > 0 ? y[i] / divisor / divisor : Real(0);
  }
};

/// The singular vectors of largest singular value of the interactions, where what nobody rated counts as 0, and the
/// recommender that they make (PureSVD).
///
///   X ≈ U S Vᵀ,   score of user u and item i = <x_u V, v_i>
///
///     TruncatedSvd<float, Space> svd({.users = train.users(), .items = train.items(), .features = 50});
///     fit_factors(svd, train, {.epochs = 4});
///
/// Randomised: an epoch is one round of block power iteration from random directions, with both sides orthonormal, and
/// ends with the SVD of what it found, so that vectors and singular values may be used after each. The wider the gap
/// behind the last value, the fewer epochs it takes; 3 to 5 are usual. The same bits at any number of threads.
///
/// Models: Factorizer, InnerProductFactors. State, H = features + oversampling, at most the smaller side: item_factors
/// V (I, H), singular_values (H), user_factors X V (U, H). A value or vector that the rank of X does not have is 0.
/// Cost of an epoch: O(N H) and O((U + I) H²); memory U H numbers beside the state.
/// Source: Halko et al. 2011, algorithms 4.4 and 5.1; Cremonesi et al. 2010 (PureSVD), equation 9.
template <class Real, class Space>
struct TruncatedSvd {
  static constexpr std::string_view block_name = "TruncatedSvd";
  TruncatedSvdSettings settings;
  Parameter<Real, 2, Space> item_factors;     // (I, H)
  Parameter<Real, 1, Space> singular_values;  // (H) largest first
  Parameter<Real, 2, Space> user_factors;     // (U, H)

  TruncatedSvd() = default;

  /// @throws ShapeError if features is below 1 or above the number of users or items, or oversampling is negative
  explicit TruncatedSvd(const TruncatedSvdSettings& its_settings) : settings(its_settings) {
    const Index most = std::min(settings.users, settings.items);
    expects(settings.features >= 1 && settings.features <= most,
            "TruncatedSvd: features is at least 1 and at most the smaller of users and items, which is ", most,
            "; it is ", settings.features);
    expects(settings.oversampling >= 0, "TruncatedSvd: oversampling is at least 0, it is ", settings.oversampling);
    const Index width = settings.features + std::min(settings.oversampling, most - settings.features);
    item_factors = Parameter<Real, 2, Space>(settings.items, width);
    singular_values = Parameter<Real, 1, Space>(width);
    user_factors = Parameter<Real, 2, Space>(settings.users, width);
  }

  /// One round of power iteration; the first also draws where it starts. Blocks.
  ///
  /// @return  the mean square over all U I places of what the first `features` directions leave of X
  /// @throws ShapeError if users or items are not those of the settings
  double epoch(const Space& executor, const Interactions<Real, Space>& train, std::int64_t number) {
    expects(train.users() == settings.users && train.items() == settings.items, "TruncatedSvd: it is for ",
            settings.users, " users and ", settings.items, " items, the interactions have ", train.users(), " and ",
            train.items());
    if (number == 0) {
      initialise(item_factors, normal(1), Random(settings.seed).stream("directions"));
      sparse_products<Real, Space>(executor, train.by_user(), item_factors.view(), user_factors.mutable_view());
    }
    Tensor<Real, 2, Space> basis = user_factors.tensor();  // (U, H)
    orthonormal_columns<Real, Space>(executor, basis.view());
    sparse_products<Real, Space>(executor, train.by_item(), std::as_const(basis).view(), item_factors.mutable_view());
    const std::vector<double> left = orthonormal_columns<Real, Space>(executor, item_factors.mutable_view());
    const std::vector<double> values = rotate(executor, left);
    for_each(executor, item_factors.extent(1),
             ColumnSigns<Real>{settings.items, item_factors.extent(1), item_factors.mutable_view().data()});
    sparse_products<Real, Space>(executor, train.by_user(), item_factors.view(), user_factors.mutable_view());

    Tensor<double, 1, Space> workspace(sum_of_squares_workspace(train.by_user())), sum(1);
    sum_of_squares<Real, Space>(executor, train.by_user(), workspace.view(), sum.view());
    executor.fence();
    double rest = copy_to_host(sum.view())[0];
    for (Index d = 0; d < settings.features; ++d)
      rest -= values[static_cast<std::size_t>(d)] * values[static_cast<std::size_t>(d)];
    return std::max(rest, 0.0) / (static_cast<double>(settings.users) * settings.items);
  }

  /// What decides the result.
  std::vector<std::pair<std::string, std::string>> named_settings() const {
    return SettingNames()
        .add("features", settings.features)
        .add("oversampling", settings.oversampling)
        .add("seed", settings.seed)
        .list();
  }

  /// @return  (U, D) x_u V, a copy. Blocks
  Tensor<Real, 2, Space> user_vectors(const Space& executor) const { return first_columns(executor, user_factors); }
  /// @return  (I, D) V, a copy. Blocks
  Tensor<Real, 2, Space> item_vectors(const Space& executor) const { return first_columns(executor, item_factors); }

  /// The vectors of users who were not there, or have other interactions now, as if they had been: x V. Blocks.
  ///
  /// Cost: O(N D).
  ///
  /// @param rows  (R, I) their interactions
  /// @return      (R, D)
  /// @throws ShapeError if the rows have another number of items; on a host, as `check_sparse_rows`
  Tensor<Real, 2, Space> fold_in_users(const Space& executor, const SparseRows<Real, Space>& rows) const {
    if constexpr (is_host_space<Space>) check_sparse_rows("TruncatedSvd::fold_in_users", rows);
    expects(rows.column_count == settings.items, "TruncatedSvd::fold_in_users: the rows have ", rows.column_count,
            " columns, there are ", settings.items, " items");
    const Tensor<Real, 2, Space> items = item_vectors(executor);
    Tensor<Real, 2, Space> vectors(rows.row_count, settings.features);
    sparse_products<Real, Space>(executor, rows, items.view(), vectors.view());
    executor.fence();
    return vectors;
  }

  /// The vectors of items that were not there: xᵀ U / S, 0 along directions without a value. Blocks.
  ///
  /// Cost: O((N + R) D).
  ///
  /// @param rows  (R, U) who had to do with them
  /// @return      (R, D)
  /// @throws ShapeError if the rows have another number of users; on a host, as `check_sparse_rows`
  Tensor<Real, 2, Space> fold_in_items(const Space& executor, const SparseRows<Real, Space>& rows) const {
    if constexpr (is_host_space<Space>) check_sparse_rows("TruncatedSvd::fold_in_items", rows);
    expects(rows.column_count == settings.users, "TruncatedSvd::fold_in_items: the rows have ", rows.column_count,
            " columns, there are ", settings.users, " users");
    const Tensor<Real, 2, Space> users = user_vectors(executor);  // U S
    Tensor<Real, 2, Space> vectors(rows.row_count, settings.features);
    sparse_products<Real, Space>(executor, rows, users.view(), vectors.view());
    for_each(executor, static_cast<std::int64_t>(vectors.size()),
             DivideBySquares<Real>{singular_values.view().data(), settings.features, vectors.data()});
    executor.fence();
    return vectors;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("item_factors", item_factors);
    visitor("singular_values", singular_values);
    visitor("user_factors", user_factors);
  }

 private:
  Tensor<Real, 2, Space> first_columns(const Space& executor, const Parameter<Real, 2, Space>& all) const {
    Tensor<Real, 2, Space> some(all.extent(0), settings.features);
    for_each(executor, static_cast<std::int64_t>(some.size()),
             FirstColumns<Real>{all.view().data(), all.extent(1), settings.features, some.data()});
    executor.fence();
    return some;
  }

  /// Turns the items' orthonormal columns to the singular directions of `left`, (H, H), and gives the values.
  std::vector<double> rotate(const Space& executor, const std::vector<double>& left) {
    const Index width = item_factors.extent(1);
    LeftSingularVectors<double> found = left_singular_vectors(left, width);
    std::vector<double>& values = found.values;
    const double rounding = 4 * static_cast<double>(std::numeric_limits<Real>::epsilon()) * width;
    const double least = rounding * values.front();  // below it lies no direction of X
    for (double& value : values) value = value > least ? value : 0;
    std::vector<Real> numbers(left.size()), of_values(values.size());
    for (std::size_t k = 0; k < numbers.size(); ++k)
      numbers[k] = values[k % values.size()] > 0 ? static_cast<Real>(found.vectors[k]) : Real(0);
    std::transform(values.begin(), values.end(), of_values.begin(), [](double x) { return static_cast<Real>(x); });
    copy_from_host(of_values, singular_values.mutable_view());
    Tensor<Real, 2, Space> map(width, width);
    const Tensor<Real, 2, Space> before = item_factors.tensor();
    copy_from_host(numbers, map.view());
    gemm_nn<Real, Space>(executor, settings.items, width, width, {before.data(), width}, {map.data(), width},
                         {item_factors.mutable_view().data(), width}, Update::write);
    executor.fence();
    return values;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
