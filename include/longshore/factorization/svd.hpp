// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/factorization/biased_factors.hpp>
#include <longshore/factorization/check_epoch.hpp>
#include <longshore/factorization/order.hpp>
#include <longshore/factorization/rating_descent.hpp>
#include <longshore/factorization/rating_schedule.hpp>
#include <longshore/kernels/sequential_ratings.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `Svd` and how it is trained; the defaults are Surprise's.
struct SvdSettings {
  Index users = 0;
  Index items = 0;
  Index features = 100;  // D
  bool biased = true;    // false: r_ui = <p_u, q_i>, probabilistic matrix factorisation
  double rate = 0.005;
  double regularisation = 0.02;                    // lambda
  std::optional<double> bias_rate = {};            // none: as the factors'
  std::optional<double> bias_regularisation = {};  // none: as the factors'
  Order order = Order::blocked;
  Index groups = 0;  // of users and of items, in blocks; 0: what suits the sizes. Another number, other results
  Initialiser factors = normal(0.1);
  std::uint64_t seed = 0;
};

/// Predicts ratings by a mean, biases and factors, learned by stochastic gradient descent: Funk's SVD.
///
///   r_ui = mu + b_u + b_i + <p_u, q_i>;  e = r - r_ui
///   b += rate (e - lambda b);  p += rate (e q - lambda p);  q += rate (e p - lambda q)
///
/// Users and items without ratings have the bias 0 and the factors 0. `Order::sequential` is Surprise's `SVD` to the
/// bit, for its ratings user by user with ascending items; `Order::blocked` takes the same steps in another order, on
/// every space at any number of threads.
///
/// Models: Factorizer, InnerProductFactors. State: mean (1), user_bias (U), item_bias (I), user_factors (U, D),
/// item_factors (I, D). Cost: an epoch O(N D); memory 8 bytes a user beside the state.
/// Source: Funk 2006; Koren et al. 2009, equation 5. Values are equal to Surprise 1.1's.
///
/// @throws ShapeError if a size is below 1, a rate or regularisation negative or not finite, or the order sequential
///                    on a device
template <class Real, class Space>
struct Svd {
  static constexpr std::string_view block_name = "Svd";
  SvdSettings settings;
  BiasedFactors<Real, Space> factors;

  Svd() = default;
  /// Draws the vectors by the seed; biases, if there are any, begin at 0.
  explicit Svd(const SvdSettings& its_settings) : settings(its_settings) {
    check_factors(block_name, settings.users, settings.items, settings.features);
    RatingDescent::of(settings).check(block_name);
    expects(settings.groups >= 0, block_name, ": groups is at least 0, it is ", settings.groups);
    check_order<Space>(block_name, settings.order);
    factors = BiasedFactors<Real, Space>(settings.users, settings.items, settings.features, settings.factors,
                                         Random(settings.seed).stream(block_name));
  }

  /// One pass over the ratings. Blocks.
  ///
  /// @param epoch  from 0, which sets the mean and what belongs to users and items without ratings
  /// @return       the mean squared error of the ratings as they were met
  /// @throws ShapeError if users or items are not the model's
  /// @throws DataError  if there are no ratings, or the error is not finite any more
  template <class Executor>
  double epoch(const Executor& executor, const Interactions<Real, Space>& interactions, std::int64_t epoch) {
    RatingArrays<Real> arrays = factors.begin_epoch(block_name, executor, interactions, epoch, settings.biased);
    RatingDescent::of(settings).set(arrays);
    const auto& by_user = interactions.by_user();
    double error = 0;
    if (settings.order == Order::sequential) {
      if constexpr (is_host_space<Space>) {
        Kokkos::fence();
        error = svd_sequential(by_user, arrays) / static_cast<double>(by_user.entries);
      }
    } else {
      const std::int64_t item_bytes = std::int64_t{settings.features} * std::int64_t{sizeof(Real)};
      const RatingSchedule<Real, Space> schedule(executor, interactions, settings.groups, item_bytes);
      visit_rating_blocks(executor, schedule.blocks(), SgdRatingStep<Real>{arrays, by_user.columns, by_user.values});
      error = schedule.mean_loss();
    }
    return check_objective(block_name, error, epoch, settings.rate);
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

  /// Vectors of new users that fit their ratings best, everything else as it is; see `fold_in_ratings`. Blocks.
  ///
  /// @param rows  (R, I) their ratings
  /// @return      (R, D + 2) as `user_vectors`
  /// @throws ShapeError if there are not I columns; on a host, as `check_sparse_rows`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_users(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    return factors.fold_in_users(executor, block_name, rows, fold_in_settings());
  }
  /// The same for new items.
  ///
  /// @param rows  (R, U) ratings by the users
  /// @return      (R, D + 2) as `item_vectors`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_items(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    return factors.fold_in_items(executor, block_name, rows, fold_in_settings());
  }

  std::vector<std::pair<std::string, std::string>> named_settings() const {
    return RatingDescent::of(settings)
        .named()
        .add("features", settings.features)
        .add("biased", settings.biased)
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
  FoldInSettings<Real> fold_in_settings() const {
    return RatingDescent::of(settings).template fold_in<Real>(settings.biased);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
