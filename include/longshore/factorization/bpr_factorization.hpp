// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/initialiser.hpp>
#include <longshore/factorization/bpr_schedule.hpp>
#include <longshore/factorization/check_epoch.hpp>
#include <longshore/factorization/setting_names.hpp>
#include <longshore/kernels/bpr_steps.hpp>
#include <longshore/kernels/fold_in_bpr.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `BprFactorization` and how it is trained.
struct BprFactorizationSettings {
  Index users = 0;
  Index items = 0;
  Index features = 64;  // D
  bool biased = false;  // whether items have a bias
  double rate = 0.05;
  double regularisation = 0.01;    // lambda of all parameters
  double popularity_exponent = 0;  // of the negatives' weights; 0: every item alike, 1: as often as it was chosen
  Index groups = 0;                // of users; twice as many of items; 0: what suits the sizes
  Index fold_in_passes = 50;       // over what a new user or item has
  Initialiser factors = normal(0.1);
  std::uint64_t seed = 0;
};

/// The body of `BprFactorization::user_vectors` and `item_vectors`, which say what they compute.
template <class Real>
struct JoinBias {
  static inline const std::string label = "longshore::join_bias";
  Index features, width;
  const Real* factors;  // (R, D)
  const Real* bias;     // (R), or null for 1
  Real* vectors;        // (R, width)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t r) const {
    for (Index d = 0; d < features; ++d) vectors[r * width + d] = factors[r * features + d];
    if (width > features) vectors[r * width + features] = bias ? bias[r] : Real(1);
  }
};

/// Ranks what a user chose above what it did not: matrix factorisation by Bayesian personalised ranking.
///
///   x_uij = <p_u, q_i - q_j> + b_i - b_j;  most of sum of log sigmoid(x_uij) - lambda |parameters|^2
///
/// An epoch compares each interaction with one negative, an item that the user has no interaction with. Values are not
/// read. Bodies work at the same time on a group of users and two groups of items that no other has (`BprSchedule`),
/// positives of both in turns, and these stay in cache; over the epochs the negatives are drawn as if from the whole
/// catalogue.
///
/// Models: Factorizer, InnerProductFactors. State: user_factors (U, D), item_factors (I, D), item_bias (I) if biased.
/// Cost: an epoch O(N (D + log N/U)); memory 8 bytes a user beside the state.
/// Source: Rendle et al. 2009. A draw that the user has is skipped, as `implicit` does, which makes the triples (u, i,
/// j) equally likely, as the paper has them.
///
/// @throws ShapeError if a size is below 1, or a rate, regularisation, exponent or number of passes negative or not
///                    finite
template <class Real, class Space>
struct BprFactorization {
  static constexpr std::string_view block_name = "BprFactorization";
  BprFactorizationSettings settings;
  Parameter<Real, 2, Space> user_factors, item_factors;
  Parameter<Real, 1, Space> item_bias;

  BprFactorization() = default;
  /// Draws the vectors by the seed; biases of the items, if there are any, begin at 0.
  explicit BprFactorization(const BprFactorizationSettings& its_settings) : settings(its_settings) {
    check_factors(block_name, settings.users, settings.items, settings.features);
    check_setting(block_name, "rate", settings.rate);
    check_setting(block_name, "regularisation", settings.regularisation);
    check_setting(block_name, "popularity_exponent", settings.popularity_exponent);
    expects(settings.groups >= 0 && settings.fold_in_passes >= 0, block_name,
            ": groups and fold_in_passes are at least 0, they are ", settings.groups, " and ", settings.fold_in_passes);
    const Random random = Random(settings.seed).stream(block_name);
    user_factors = Parameter<Real, 2, Space>(settings.users, settings.features);
    item_factors = Parameter<Real, 2, Space>(settings.items, settings.features);
    initialise(user_factors, settings.factors, random.stream("user_factors"));
    initialise(item_factors, settings.factors, random.stream("item_factors"));
    if (settings.biased) item_bias = Parameter<Real, 1, Space>(settings.items);
  }

  /// One pass over the interactions. Blocks.
  ///
  /// @param epoch  from 0
  /// @return       the mean of -log sigmoid(x) over the comparisons as they were made; 0 if all users have every item
  /// @throws ShapeError if users or items are not the model's
  /// @throws DataError  if there are no interactions, or the objective is not finite any more
  template <class Executor>
  double epoch(const Executor& executor, const Interactions<Real, Space>& interactions, std::int64_t epoch) {
    check_epoch(block_name, interactions, settings.users, settings.items, epoch);
    const Random random = Random(settings.seed).stream(block_name);
    const auto number = static_cast<std::uint64_t>(epoch);
    const std::int64_t item_bytes = 2 * std::int64_t{settings.features} * std::int64_t{sizeof(Real)};
    const BprSchedule<Real, Space> schedule(executor, interactions, settings.popularity_exponent, settings.groups,
                                            item_bytes, random.stream("groups").at(number));
    const auto regularisation = static_cast<Real>(settings.regularisation);
    visit_paired_blocks(
        executor, schedule.blocks(),
        BprStep<Real, Space>{schedule.negatives(), random.stream("negatives").at(number), settings.features,
                             user_factors.mutable_view().data(), item_factors.mutable_view().data(),
                             item_bias.mutable_view().data(), static_cast<Real>(settings.rate), regularisation,
                             regularisation, regularisation});
    return check_objective(block_name, schedule.mean_loss().loss, epoch, settings.rate);
  }

  /// @return  (U, D), or (U, D + 1) with a 1 behind the factors if items have a bias. Blocks.
  template <class Executor>
  Tensor<Real, 2, Space> user_vectors(const Executor& executor) const {
    return joined(executor, user_factors.view(), nullptr);
  }
  /// @return  (I, D), or (I, D + 1) with the bias behind the factors. Blocks.
  template <class Executor>
  Tensor<Real, 2, Space> item_vectors(const Executor& executor) const {
    return joined(executor, item_factors.view(), item_bias.view().data());
  }

  /// Vectors of new users by the same descent with uniform negatives, everything else as it is; see `fold_in_bpr`.
  /// Blocks.
  ///
  /// @param rows  (R, I) what they chose; values are not read
  /// @return      as `user_vectors`, of R rows
  /// @throws ShapeError if there are not I columns; on a host, as `check_sparse_rows`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_users(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    expects(rows.column_count == settings.items, block_name, ": expected interactions with ", settings.items,
            " items, got ", rows.column_count);
    if constexpr (is_host_space<Space>) check_sparse_rows("BprFactorization: fold_in_users", rows);
    Tensor<Real, 2, Space> result(rows.row_count, settings.features);
    fold_in_bpr<Real, Space>(
        executor, {rows, Random(settings.seed).stream(block_name).stream("fold_in"), settings.features,
                   settings.fold_in_passes, item_factors.view().data(), item_bias.view().data(),
                   static_cast<Real>(settings.rate), static_cast<Real>(settings.regularisation), result.data()});
    return joined(executor, std::as_const(result).view(), nullptr);
  }

  /// Vectors of new items by the same descent with uniform negatives, everything else as it is; see
  /// `fold_in_bpr_items`. Blocks.
  ///
  /// A comparison is with another item that a user has or has not: so it takes what the users had in training, which
  /// the vectors do not tell. An item that nobody chose is pushed down, as it would be in training.
  ///
  /// @param rows   (R, U) who chose them; values are not read
  /// @param train  what the model was trained on
  /// @return       as `item_vectors`, of R rows
  /// @throws ShapeError if there are not U columns, or `train` is of other users or items; on a host, as
  ///                    `check_sparse_rows`
  /// @throws DataError  if `train` is empty
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_items(const Executor& executor, const SparseRows<Real, Space>& rows,
                                       const Interactions<Real, Space>& train) const {
    expects(rows.column_count == settings.users, block_name, ": expected interactions of ", settings.users,
            " users, got ", rows.column_count);
    check_epoch(block_name, train, settings.users, settings.items, 0);
    if constexpr (is_host_space<Space>) check_sparse_rows("BprFactorization: fold_in_items", rows);
    Tensor<Real, 2, Space> result(rows.row_count, settings.features);
    Tensor<Real, 1, Space> bias(settings.biased ? rows.row_count : 0);
    fold_in_bpr_items<Real, Space>(
        executor, {rows, train.by_user(), Random(settings.seed).stream(block_name).stream("fold_in_items"),
                   settings.features, settings.fold_in_passes, user_factors.view().data(), item_factors.view().data(),
                   item_bias.view().data(), static_cast<Real>(settings.rate),
                   static_cast<Real>(settings.regularisation), result.data(), settings.biased ? bias.data() : nullptr});
    return joined(executor, std::as_const(result).view(), std::as_const(bias).data());
  }

  std::vector<std::pair<std::string, std::string>> named_settings() const {
    return SettingNames()
        .add("features", settings.features)
        .add("biased", settings.biased)
        .add("rate", settings.rate)
        .add("regularisation", settings.regularisation)
        .add("popularity_exponent", settings.popularity_exponent)
        .add("groups", settings.groups)
        .add("factors", settings.factors)
        .add("seed", settings.seed)
        .list();
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("user_factors", user_factors);
    visitor("item_factors", item_factors);
    visitor("item_bias", item_bias);
  }

 private:
  template <class Executor>
  Tensor<Real, 2, Space> joined(const Executor& executor, const View<const Real, 2, Space>& factors,
                                const Real* bias) const {
    const Index width = settings.features + (settings.biased ? 1 : 0);
    Tensor<Real, 2, Space> result(factors.extent(0), width);
    for_each(executor, factors.extent(0),
             JoinBias<Real>{settings.features, width, factors.data(), bias, result.data()});
    Kokkos::fence();
    return result;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
