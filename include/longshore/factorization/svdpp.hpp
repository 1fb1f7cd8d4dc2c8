// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
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
#include <longshore/kernels/svdpp_steps.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `Svdpp` and how it is trained; the defaults are Surprise's.
struct SvdppSettings {
  Index users = 0;
  Index items = 0;
  Index features = 20;  // D
  double rate = 0.007;
  double regularisation = 0.02;                        // lambda
  std::optional<double> bias_rate = {};                // none: as the factors'
  std::optional<double> bias_regularisation = {};      // none: as the factors'
  std::optional<double> implicit_rate = {};            // of y; none: as the factors'
  std::optional<double> implicit_regularisation = {};  // of y; none: as the factors'
  Order order = Order::blocked;
  Index users_at_once = 64;  // blocked: users whose ratings are met before the y of their items move
  Initialiser factors = normal(0.1);
  std::uint64_t seed = 0;
};

/// Predicts ratings as `Svd` does, with factors of a user that what it rated is a part of, whatever the rating.
///
///   r_ui = mu + b_u + b_i + <p_u + z_u, q_i>;  z_u = |I_u|^-1/2 sum of y_j over the user's items j
///
/// learned by stochastic gradient descent. `Order::sequential` is Surprise's `SVDpp` to the bit, for its ratings user
/// by user with ascending items, and costs O(D |I_u|) a rating. `Order::blocked` costs O(D): for a number of users at
/// once the ratings are met in blocks, each user's z moving as its y_j would; then these move. With one user at once
/// that is the published descent up to rounding.
///
/// Models: Factorizer, InnerProductFactors. State: as `Svd`, and implicit_factors (I, D) y, implicit_sums (U, D) z.
/// Cost: an epoch O(N D) blocked, O(D sum of |I_u|^2) sequential; memory 8 bytes a user beside the state.
/// Source: Koren 2008, equation 15. Values are equal to Surprise 1.1's.
///
/// @throws ShapeError if a size is below 1, a rate or regularisation negative or not finite, or the order sequential
///                    on a device
template <class Real, class Space>
struct Svdpp {
  static constexpr std::string_view block_name = "Svdpp";
  SvdppSettings settings;
  BiasedFactors<Real, Space> factors;
  Parameter<Real, 2, Space> implicit_factors, implicit_sums;

  Svdpp() = default;
  /// Draws the vectors by the seed, those of what a user rated too; biases begin at 0.
  explicit Svdpp(const SvdppSettings& its_settings) : settings(its_settings) {
    check_factors(block_name, settings.users, settings.items, settings.features);
    RatingDescent::of(settings).check(block_name);
    check_setting(block_name, "implicit_rate", implicit_rate());
    check_setting(block_name, "implicit_regularisation", implicit_regularisation());
    expects(settings.users_at_once > 0, block_name, ": users_at_once is at least 1, it is ", settings.users_at_once);
    check_order<Space>(block_name, settings.order);
    const Random random = Random(settings.seed).stream(block_name);
    factors = BiasedFactors<Real, Space>(settings.users, settings.items, settings.features, settings.factors, random);
    implicit_factors = Parameter<Real, 2, Space>(settings.items, settings.features);
    implicit_sums = Parameter<Real, 2, Space>(settings.users, settings.features);
    initialise(implicit_factors, settings.factors, random.stream("implicit_factors"));
  }

  /// One pass over the ratings. Blocks.
  ///
  /// @param epoch  from 0, which sets the mean and what belongs to users and items without ratings
  /// @return       the mean squared error of the ratings as they were met
  /// @throws ShapeError if users or items are not the model's
  /// @throws DataError  if there are no ratings, or the error is not finite any more
  template <class Executor>
  double epoch(const Executor& executor, const Interactions<Real, Space>& interactions, std::int64_t epoch) {
    RatingArrays<Real> arrays = factors.begin_epoch(block_name, executor, interactions, epoch, true);
    RatingDescent::of(settings).set(arrays);
    const ImplicitArrays<Real> implicit{implicit_factors.mutable_view().data(), implicit_sums.mutable_view().data(),
                                        static_cast<Real>(implicit_rate()),
                                        static_cast<Real>(implicit_regularisation())};
    const auto& by_user = interactions.by_user();
    double error = 0;
    if (settings.order == Order::sequential) {
      if constexpr (is_host_space<Space>) {
        Kokkos::fence();
        error = svdpp_sequential(by_user, arrays, implicit) / static_cast<double>(by_user.entries);
      }
    } else {
      error = blocked(executor, interactions, arrays, implicit);
    }
    sum_implicit_factors<Real, Space>(executor, by_user, 0, settings.users, settings.features,
                                      implicit.implicit_factors, implicit.implicit_sums, nullptr);
    Kokkos::fence();
    return check_objective(block_name, error, epoch, settings.rate);
  }

  /// @return  (U, D + 2): p + z of the last epoch's ratings, mu + b_u, 1. Blocks.
  template <class Executor>
  Tensor<Real, 2, Space> user_vectors(const Executor& executor) const {
    return factors.user_vectors(executor, implicit_sums.view().data());
  }
  /// @return  (I, D + 2): q, 1, b_i. Blocks.
  template <class Executor>
  Tensor<Real, 2, Space> item_vectors(const Executor& executor) const {
    return factors.item_vectors(executor);
  }

  /// Vectors of new users: z by what they rated, p and b_u that fit their ratings best. Blocks.
  ///
  /// @param rows  (R, I) their ratings
  /// @return      (R, D + 2) as `user_vectors`
  /// @throws ShapeError if there are not I columns; on a host, as `check_sparse_rows`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_users(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    FoldInSettings<Real> how = fold_in_settings();
    how.implicit = implicit_factors.view().data();
    return factors.fold_in_users(executor, block_name, rows, how);
  }
  /// Vectors of new items by their ratings; the users' z stay without them. Blocks.
  ///
  /// @param rows  (R, U) ratings by the users
  /// @return      (R, D + 2) as `item_vectors`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_items(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    return factors.fold_in_items(executor, block_name, rows, fold_in_settings(), implicit_sums.view().data());
  }

  std::vector<std::pair<std::string, std::string>> named_settings() const {
    return RatingDescent::of(settings)
        .named()
        .add("features", settings.features)
        .add("implicit_rate", implicit_rate())
        .add("implicit_regularisation", implicit_regularisation())
        .add("order", name_of(settings.order))
        .add("users_at_once", settings.users_at_once)
        .add("factors", settings.factors)
        .add("seed", settings.seed)
        .list();
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    factors.visit(visitor);
    visitor("implicit_factors", implicit_factors);
    visitor("implicit_sums", implicit_sums);
  }

 private:
  double implicit_rate() const { return settings.implicit_rate.value_or(settings.rate); }
  double implicit_regularisation() const { return settings.implicit_regularisation.value_or(settings.regularisation); }
  FoldInSettings<Real> fold_in_settings() const { return RatingDescent::of(settings).template fold_in<Real>(true); }

  template <class Executor>
  double blocked(const Executor& executor, const Interactions<Real, Space>& interactions,
                 const RatingArrays<Real>& arrays, const ImplicitArrays<Real>& implicit) const {
    const auto& by_user = interactions.by_user();
    const Index at_once = std::min(settings.users_at_once, settings.users);
    const Index groups = std::min({at_once, settings.items, Index{is_host_space<Space> ? 8 : 64}});
    RatingSchedule<Real, Space> schedule(executor, interactions, groups, 0);
    Tensor<Real, 2, Space> pushes(at_once, settings.features);
    for (Index first = 0; first < settings.users; first += at_once) {
      const Index last = std::min(settings.users, first + at_once);
      sum_implicit_factors<Real, Space>(executor, by_user, first, last, settings.features, implicit.implicit_factors,
                                        implicit.implicit_sums, pushes.data());
      schedule.take_users(executor, first, last);
      visit_rating_blocks(
          executor, schedule.blocks(),
          SvdppRatingStep<Real>{arrays, implicit, first, pushes.data(), by_user.columns, by_user.values});
      push_implicit_factors<Real, Space>(executor, by_user, first, last, settings.features,
                                         schedule.blocks().item_groups, schedule.blocks().item_cuts, implicit,
                                         pushes.data());
    }
    return schedule.mean_loss();
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
