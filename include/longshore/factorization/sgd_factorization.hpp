// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/factorization/biased_factors.hpp>
#include <longshore/factorization/check_epoch.hpp>
#include <longshore/factorization/rating_descent.hpp>
#include <longshore/factorization/rating_schedule.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `SgdFactorization` and how it is trained.
struct SgdFactorizationSettings {
  Index users = 0;
  Index items = 0;
  Index features = 32;  // D
  bool biased = true;   // false: r_ui = <p_u, q_i>
  bool adagrad = true;  // a rate for each row, which falls with the squares of its gradients; false: one for all
  double rate = 0.1;
  double rate_decay = 1;        // the rate of an epoch is this times that of the epoch before
  double regularisation = 0.1;  // lambda
  Index groups = 0;             // of users and of items; 0: what suits the sizes. Another number, other results
  Initialiser factors = normal(0.1);
  std::uint64_t seed = 0;
};

/// Predicts ratings by a mean, biases and factors, learned by parallel stochastic gradient descent: for many ratings.
///
///   r_ui = mu + b_u + b_i + <p_u, q_i>;  least of sum of (r - r_ui)^2 + lambda (b_u^2 + b_i^2 + |p_u|^2 + |q_i|^2)
///
/// The ratings are met in blocks of users and items that share none (`RatingBlocks`), so that items stay in cache and
/// nothing is locked or lost; by default with AdaGrad, one number a row. Users and items without ratings have the bias
/// 0 and the factors 0.
///
/// Models: Factorizer, InnerProductFactors. State: mean (1), user_bias (U), item_bias (I), user_factors (U, D),
/// item_factors (I, D), and user_squares (U), item_squares (I) with AdaGrad. Cost: an epoch O(N D); memory 8 bytes a
/// user beside the state.
/// Source: Zhuang et al. 2013 (FPSGD); Chin et al. 2015 for the rates, see `AdagradRatingStep`.
///
/// @throws ShapeError if a size is below 1, or a rate, decay or regularisation negative or not finite
template <class Real, class Space>
struct SgdFactorization {
  static constexpr std::string_view block_name = "SgdFactorization";
  SgdFactorizationSettings settings;
  BiasedFactors<Real, Space> factors;
  Parameter<Real, 1, Space> user_squares, item_squares;

  SgdFactorization() = default;
  /// Draws the vectors by the seed; biases, if there are any, begin at 0.
  explicit SgdFactorization(const SgdFactorizationSettings& its_settings) : settings(its_settings) {
    check_factors(block_name, settings.users, settings.items, settings.features);
    RatingDescent::of(settings).check(block_name);
    check_setting(block_name, "rate_decay", settings.rate_decay);
    expects(settings.groups >= 0, block_name, ": groups is at least 0, it is ", settings.groups);
    const Random random = Random(settings.seed).stream(block_name);
    factors = BiasedFactors<Real, Space>(settings.users, settings.items, settings.features, settings.factors, random);
    if (!settings.adagrad) return;
    user_squares = Parameter<Real, 1, Space>(settings.users);
    item_squares = Parameter<Real, 1, Space>(settings.items);
    initialise(user_squares, constant(1), random);
    initialise(item_squares, constant(1), random);
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
    RatingDescent how = RatingDescent::of(settings);
    how.rate = how.bias_rate = settings.rate * std::pow(settings.rate_decay, static_cast<double>(epoch));
    how.set(arrays);
    const std::int64_t item_bytes = std::int64_t{settings.features} * std::int64_t{sizeof(Real)};
    const RatingSchedule<Real, Space> schedule(executor, interactions, settings.groups, item_bytes);
    const auto& by_user = interactions.by_user();
    if (settings.adagrad)
      visit_rating_blocks(executor, schedule.blocks(),
                          AdagradRatingStep<Real>{arrays, user_squares.mutable_view().data(),
                                                  item_squares.mutable_view().data(), by_user.columns, by_user.values});
    else
      visit_rating_blocks(executor, schedule.blocks(), SgdRatingStep<Real>{arrays, by_user.columns, by_user.values});
    return check_objective(block_name, schedule.mean_loss(), epoch, how.rate);
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
        .add("adagrad", settings.adagrad)
        .add("rate_decay", settings.rate_decay)
        .add("groups", settings.groups)
        .add("factors", settings.factors)
        .add("seed", settings.seed)
        .list();
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    factors.visit(visitor);
    visitor("user_squares", user_squares);
    visitor("item_squares", item_squares);
  }

 private:
  FoldInSettings<Real> fold_in_settings() const {
    return RatingDescent::of(settings).template fold_in<Real>(settings.biased);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
