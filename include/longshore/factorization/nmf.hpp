// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/factorization/biased_factors.hpp>
#include <longshore/factorization/check_epoch.hpp>
#include <longshore/factorization/order.hpp>
#include <longshore/factorization/rating_schedule.hpp>
#include <longshore/factorization/setting_names.hpp>
#include <longshore/kernels/nmf_steps.hpp>
#include <longshore/kernels/sequential_ratings.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `Nmf` and how it is trained; the defaults are Surprise's.
struct NmfSettings {
  Index users = 0;
  Index items = 0;
  Index features = 15;           // D
  bool biased = false;           // with mean and biases, which take steps of gradient descent
  double regularisation = 0.06;  // lambda of the factors
  double bias_rate = 0.005;
  double bias_regularisation = 0.02;
  Order order = Order::blocked;
  Index groups = 0;                  // of users and of items, in blocks; 0: what suits the sizes
  Index fold_in_steps = 50;          // updates of a new user's or item's vector
  Initialiser factors = uniform(1);  // of their absolute values
  std::uint64_t seed = 0;
};

/// Makes drawn factors non-negative.
template <class Real>
struct AbsoluteValue {
  static inline const std::string label = "longshore::absolute_value";
  Real* numbers;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const { numbers[i] = math::size_of(numbers[i]); }
};

/// Finds the least value of a chunk, to refuse negative ones.
template <class Real>
struct LeastOfValues {
  static inline const std::string label = "longshore::least_of_values";
  const Real* values;
  std::int64_t count;
  Real* least;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t chunk) const {
    const std::int64_t begin = chunk * mean_chunk, end = begin + mean_chunk < count ? begin + mean_chunk : count;
    Real lowest = values[begin];
    for (std::int64_t n = begin; n < end; ++n) lowest = values[n] < lowest ? values[n] : lowest;
    least[chunk] = lowest;
  }
};

/// Predicts ratings by factors that are never negative: non-negative matrix factorisation, regularised.
///
///   r_ui = <p_u, q_i>, or mu + b_u + b_i + <p_u, q_i>
///   p_ud *= sum of q_id r / (sum of q_id r_ui + |I_u| lambda p_ud), over the user's items i; q_id alike
///
/// One epoch is one such update of all factors at once, by those of before; a user and an item with one rating between
/// them may swing about it for ever. Users and items without ratings have the bias 0 and the factors 0. With biases the
/// predictions may be negative, and the fit is prone to more than the ratings tell; a factor whose denominator is not
/// above 0 stays.
///
/// Models: Factorizer, InnerProductFactors. State: mean (1), user_bias (U), item_bias (I), user_factors (U, D),
/// item_factors (I, D). Cost: an epoch O(N D); memory 2 (U + I) D numbers and 8 bytes a user beside the state.
/// Source: Luo et al. 2014. Values are equal to Surprise 1.1's `NMF`, to the bit in `Order::sequential`, where
/// denominators are above 0.
///
/// @throws ShapeError if a size is below 1, a rate or regularisation negative or not finite, or the order sequential
///                    on a device
template <class Real, class Space>
struct Nmf {
  static constexpr std::string_view block_name = "Nmf";
  NmfSettings settings;
  BiasedFactors<Real, Space> factors;

  Nmf() = default;
  /// Draws vectors that are not negative by the seed; biases, if there are any, begin at 0.
  explicit Nmf(const NmfSettings& its_settings) : settings(its_settings) {
    check_factors(block_name, settings.users, settings.items, settings.features);
    check_setting(block_name, "regularisation", settings.regularisation);
    check_setting(block_name, "bias_rate", settings.bias_rate);
    check_setting(block_name, "bias_regularisation", settings.bias_regularisation);
    expects(settings.groups >= 0 && settings.fold_in_steps >= 0, block_name,
            ": groups and fold_in_steps are at least 0, they are ", settings.groups, " and ", settings.fold_in_steps);
    check_order<Space>(block_name, settings.order);
    factors = BiasedFactors<Real, Space>(settings.users, settings.items, settings.features, settings.factors,
                                         Random(settings.seed).stream(block_name));
    const Space executor;
    make_positive(executor, factors.user_factors);
    make_positive(executor, factors.item_factors);
    Kokkos::fence();
  }

  /// One update of all factors. Blocks.
  ///
  /// @param epoch  from 0, which sets the mean and what belongs to users and items without ratings
  /// @return       the mean squared error by the factors of before
  /// @throws ShapeError if users or items are not the model's
  /// @throws DataError  if there are no ratings, one is negative, or the error is not finite
  template <class Executor>
  double epoch(const Executor& executor, const Interactions<Real, Space>& interactions, std::int64_t epoch) {
    check_epoch(block_name, interactions, settings.users, settings.items, epoch);
    const auto& by_user = interactions.by_user();
    const auto& by_item = interactions.by_item();
    check_not_negative(executor, by_user);
    if (epoch == 0) factors.begin(executor, interactions, settings.biased);
    RatingArrays<Real> arrays = factors.arrays(settings.biased);
    arrays.bias_rate = static_cast<Real>(settings.bias_rate);
    arrays.bias_regularisation = static_cast<Real>(settings.bias_regularisation);
    const Index features = settings.features;
    Tensor<Real, 3, Space> of_users(2, settings.users, features), of_items(2, settings.items, features);
    const NmfSums<Real> sums{of_users.data(), of_users.data() + of_users.size() / 2, of_items.data(),
                             of_items.data() + of_items.size() / 2};
    double error = 0;
    if (settings.order == Order::sequential) {
      if constexpr (is_host_space<Space>) {
        Kokkos::fence();
        error = nmf_sequential(by_user, arrays, sums.user_ratings, sums.user_estimates, sums.item_ratings,
                               sums.item_estimates) /
                static_cast<double>(by_user.entries);
      }
    } else {
      const std::int64_t item_bytes = 3 * std::int64_t{features} * std::int64_t{sizeof(Real)};
      const RatingSchedule<Real, Space> schedule(executor, interactions, settings.groups, item_bytes);
      visit_rating_blocks(executor, schedule.blocks(), NmfStep<Real>{arrays, sums, by_user.columns, by_user.values});
      error = schedule.mean_loss();
    }
    const auto regularisation = static_cast<Real>(settings.regularisation);
    nmf_update(executor, by_user, features, regularisation, sums.user_ratings, sums.user_estimates,
               arrays.user_factors);
    nmf_update(executor, by_item, features, regularisation, sums.item_ratings, sums.item_estimates,
               arrays.item_factors);
    Kokkos::fence();
    return check_objective(block_name, error, epoch, settings.bias_rate);
  }

  /// @return  (U, D + 2): p, mu + b_u, 1: its inner product with an item's vector is the rating. Blocks.
  template <class Executor>
  Tensor<Real, 2, Space> user_vectors(const Executor& executor) const {
    return factors.user_vectors(executor);
  }
  /// @return  (I, D + 2): q, 1, b_i. Blocks.
  template <class Executor>
  Tensor<Real, 2, Space> item_vectors(const Executor& executor) const {
    return factors.item_vectors(executor);
  }

  /// Vectors of new users by `fold_in_steps` of the same updates, everything else as it is; see `fold_in_nmf`. Blocks.
  ///
  /// @param rows  (R, I) their ratings
  /// @return      (R, D + 2) as `user_vectors`
  /// @throws ShapeError if there are not I columns; on a host, as `check_sparse_rows`
  /// @throws DataError  if a rating is negative
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_users(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    expects(rows.column_count == settings.items, block_name, ": expected ratings of ", settings.items, " items, got ",
            rows.column_count);
    return fold_in(executor, rows, item_vectors(executor), factors.mean.view().data(), settings.features + 1);
  }
  /// The same for new items.
  ///
  /// @param rows  (R, U) ratings by the users
  /// @return      (R, D + 2) as `item_vectors`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_items(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    expects(rows.column_count == settings.users, block_name, ": expected ratings by ", settings.users, " users, got ",
            rows.column_count);
    return fold_in(executor, rows, user_vectors(executor), nullptr, settings.features);
  }

  std::vector<std::pair<std::string, std::string>> named_settings() const {
    return SettingNames()
        .add("features", settings.features)
        .add("biased", settings.biased)
        .add("regularisation", settings.regularisation)
        .add("bias_rate", settings.bias_rate)
        .add("bias_regularisation", settings.bias_regularisation)
        .add("order", name_of(settings.order))
        .add("groups", settings.groups)
        .add("factors", settings.factors)
        .add("seed", settings.seed)
        .list();
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    factors.visit(visitor);
  }

 private:
  static void make_positive(const Space& executor, Parameter<Real, 2, Space>& parameter) {
    for_each(executor, static_cast<std::int64_t>(parameter.size()),
             AbsoluteValue<Real>{parameter.mutable_view().data()});
  }
  template <class Executor>
  static void check_not_negative(const Executor& executor, const SparseRows<Real, Space>& rows) {
    Tensor<Real, 1, Space> least(mean_of_values_workspace(rows.entries));
    for_each(executor, static_cast<std::int64_t>(least.size()),
             LeastOfValues<Real>{rows.values, rows.entries, least.data()});
    for (const Real value : copy_to_host(std::as_const(least).view()))
      expects<DataError>(value >= Real(0), block_name, ": ratings are at least 0, one is ", value);
  }
  template <class Executor>
  Tensor<Real, 2, Space> fold_in(const Executor& executor, const SparseRows<Real, Space>& rows,
                                 const Tensor<Real, 2, Space>& others, const Real* mean, Index bias_column) const {
    if constexpr (is_host_space<Space>) check_sparse_rows("Nmf: fold_in", rows);
    check_not_negative(executor, rows);
    Tensor<Real, 2, Space> result(rows.row_count, settings.features + 2);
    Tensor<Real, 3, Space> workspace(rows.row_count, 2, settings.features);
    fold_in_nmf<Real, Space>(
        executor,
        {rows, settings.features, settings.fold_in_steps, settings.biased, static_cast<Real>(settings.regularisation),
         static_cast<Real>(settings.bias_rate), static_cast<Real>(settings.bias_regularisation), mean, bias_column,
         others.data(), result.data(), workspace.data()});
    Kokkos::fence();
    return result;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
