// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <longshore/core/fill.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/factorization/interactions.hpp>
#include <longshore/kernels/fold_in_ratings.hpp>
#include <longshore/kernels/mean_of_values.hpp>
#include <longshore/kernels/rating_steps.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `BiasedFactors::begin`, which says what it computes.
template <class Real, class Space>
struct ClearUnseenRows {
  static inline const std::string label = "longshore::clear_unseen_rows";
  SparseRows<Real, Space> rows;
  Index features;
  Real* factors;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t r) const {
    if (rows.length(static_cast<Index>(r)) > 0) return;
    for (Index d = 0; d < features; ++d) factors[r * features + d] = 0;
  }
};

/// The body of `BiasedFactors::vectors`, which says what it computes.
template <class Real>
struct JoinBiases {
  static inline const std::string label = "longshore::join_biases";
  Index features;
  const Real* factors;   // (R, D)
  const Real* implicit;  // (R, D) added to them, or null
  const Real* bias;      // (R)
  const Real* mean;      // (1) added to the bias, or null
  Index bias_column;     // D or D + 1; the other one is 1
  Real* vectors;         // (R, D + 2)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t r) const {
    Real* to = vectors + r * (features + 2);
    for (Index d = 0; d < features; ++d)
      to[d] = factors[r * features + d] + (implicit ? implicit[r * features + d] : Real(0));
    to[features] = to[features + 1] = Real(1);
    to[bias_column] = bias[r] + (mean ? mean[0] : Real(0));
  }
};

/// The parameters of r_ui = mu + b_u + b_i + <p_u, q_i>, which several factorisations of ratings have in common.
///
/// State: mean (1), user_bias (U), item_bias (I), user_factors (U, D), item_factors (I, D). Cost: memory O((U + I) D).
template <class Real, class Space>
struct BiasedFactors {
  Parameter<Real, 1, Space> mean, user_bias, item_bias;
  Parameter<Real, 2, Space> user_factors, item_factors;

  BiasedFactors() = default;

  /// Biases are 0, factors are drawn.
  BiasedFactors(Index users, Index items, Index features, const Initialiser& initial, const Random& random)
      : mean(1), user_bias(users), item_bias(items), user_factors(users, features), item_factors(items, features) {
    initialise(user_factors, initial, random.stream("user_factors"));
    initialise(item_factors, initial, random.stream("item_factors"));
  }

  Index users() const { return user_factors.extent(0); }
  Index items() const { return item_factors.extent(0); }
  Index features() const { return user_factors.extent(1); }

  /// What comes before the first epoch: mu becomes the mean of the ratings, if there are biases, and the factors of
  /// users and items without any become 0, so that only mu and the other's bias tell their ratings.
  template <class Executor>
  void begin(const Executor& executor, const Interactions<Real, Space>& interactions, bool biased) {
    const auto& by_user = interactions.by_user();
    if (biased) {
      Tensor<double, 1, Space> sums(mean_of_values_workspace(by_user.entries));
      mean_of_values<Real>(executor, by_user.values, by_user.entries, mean.mutable_view().data(), sums.data());
      Kokkos::fence();
    }
    clear(executor, by_user, user_factors);
    clear(executor, interactions.by_item(), item_factors);
  }

  /// What every epoch begins with: `check_epoch`, and before the first one `begin`.
  ///
  /// @return  what the kernels change
  /// @throws ShapeError, DataError as `check_epoch`
  template <class Executor>
  RatingArrays<Real> begin_epoch(std::string_view model, const Executor& executor,
                                 const Interactions<Real, Space>& interactions, std::int64_t epoch, bool biased) {
    check_epoch(model, interactions, users(), items(), epoch);
    if (epoch == 0) begin(executor, interactions, biased);
    return arrays(biased);
  }

  /// What the kernels change. Rates and regularisation are the caller's.
  RatingArrays<Real> arrays(bool biased) {
    RatingArrays<Real> all;
    all.features = features();
    all.mean = mean.mutable_view().data();
    all.user_bias = biased ? user_bias.mutable_view().data() : nullptr;
    all.item_bias = biased ? item_bias.mutable_view().data() : nullptr;
    all.user_factors = user_factors.mutable_view().data();
    all.item_factors = item_factors.mutable_view().data();
    return all;
  }

  /// @param implicit  (U, D) added to the factors, or null
  /// @return          (U, D + 2): p, mu + b_u, 1. Blocks.
  template <class Executor>
  Tensor<Real, 2, Space> user_vectors(const Executor& executor, const Real* implicit = nullptr) const {
    return vectors(executor, user_factors, implicit, user_bias, mean.view().data(), features());
  }
  /// @return  (I, D + 2): q, 1, b_i. Blocks.
  template <class Executor>
  Tensor<Real, 2, Space> item_vectors(const Executor& executor) const {
    return vectors(executor, item_factors, nullptr, item_bias, nullptr, features() + 1);
  }

  /// Vectors of new users by their ratings of the items. Blocks.
  ///
  /// @param how  regularisation, and `implicit`; the rest is filled in
  /// @return     (R, D + 2)
  /// @throws ShapeError if the rows are not of so many items; on a host, as `check_sparse_rows`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_users(const Executor& executor, std::string_view model,
                                       const SparseRows<Real, Space>& rows, FoldInSettings<Real> how) const {
    expects(rows.column_count == items(), model, ": expected ratings of ", items(), " items, got ", rows.column_count);
    how.mean = mean.view().data();
    how.bias_column = features() + 1;
    return fold_in(executor, rows, item_vectors(executor), how);
  }
  /// Vectors of new items by the users' ratings of them, R rows of U columns. Blocks.
  ///
  /// @throws ShapeError if the rows are not of so many users; on a host, as `check_sparse_rows`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_items(const Executor& executor, std::string_view model,
                                       const SparseRows<Real, Space>& rows, FoldInSettings<Real> how,
                                       const Real* implicit = nullptr) const {
    expects(rows.column_count == users(), model, ": expected ratings by ", users(), " users, got ", rows.column_count);
    how.mean = nullptr;
    how.implicit = nullptr;
    how.bias_column = features();
    return fold_in(executor, rows, user_vectors(executor, implicit), how);
  }

  void visit(auto&& visitor) {
    visitor("mean", mean);
    visitor("user_bias", user_bias);
    visitor("item_bias", item_bias);
    visitor("user_factors", user_factors);
    visitor("item_factors", item_factors);
  }

 private:
  template <class Executor>
  void clear(const Executor& executor, const SparseRows<Real, Space>& rows, Parameter<Real, 2, Space>& factors) const {
    for_each(executor, rows.row_count, ClearUnseenRows<Real, Space>{rows, features(), factors.mutable_view().data()});
  }
  template <class Executor>
  Tensor<Real, 2, Space> vectors(const Executor& executor, const Parameter<Real, 2, Space>& factors,
                                 const Real* implicit, const Parameter<Real, 1, Space>& bias, const Real* its_mean,
                                 Index bias_column) const {
    Tensor<Real, 2, Space> result(factors.extent(0), features() + 2);
    for_each(executor, factors.extent(0),
             JoinBiases<Real>{features(), factors.view().data(), implicit, bias.view().data(), its_mean, bias_column,
                              result.data()});
    Kokkos::fence();
    return result;
  }
  template <class Executor>
  Tensor<Real, 2, Space> fold_in(const Executor& executor, const SparseRows<Real, Space>& rows,
                                 const Tensor<Real, 2, Space>& others, FoldInSettings<Real> how) const {
    if constexpr (is_host_space<Space>) check_sparse_rows("fold_in", rows);
    how.features = features();
    Tensor<Real, 2, Space> result(rows.row_count, features() + 2);
    Tensor<Real, 1, Space> workspace(fold_in_ratings_workspace<Space>(rows.row_count, features()));
    fold_in_ratings<Real, Space>(executor, rows, others.data(), how, result.data(), workspace.data());
    Kokkos::fence();
    return result;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
