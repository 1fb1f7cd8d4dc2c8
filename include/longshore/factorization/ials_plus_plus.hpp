// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/parameter.hpp>
#include <longshore/factorization/alternate_least_squares.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `IalsPlusPlus`, and what it minimises: as `AlsSettings`, with the objective of its paper.
struct IalsPlusPlusSettings {
  Index users = 0;
  Index items = 0;
  Index features = 256;  // D
  Index block = 64;      // features that are improved at a time
  Feedback feedback = Feedback::positive;
  double weight = 1;               // w, of a value; not used with ratings
  double unobserved_weight = 0.1;  // of all pairs; not used with ratings
  double regularisation = 0.003;
  double frequency_exponent = 1;  // nu: how the ridge grows with a row's interactions
  double deviation = 0.1;         // of the length of a vector at first
  std::uint64_t seed = 0;
};

/// Factorises a matrix of interactions by alternating least squares over blocks of features: s_ui = <x_u, y_i>, for
/// large D.
///
/// It minimises what `Als` does. A row's block of features becomes the best one for its other features, which takes a
/// Cholesky of the block's size instead of D's; then comes the next block. A pass improves all blocks of all users,
/// then all blocks of all items, so that J never rises; with one block it is `Als` by Cholesky.
///
/// Rows without interactions become zeros. A singular system, without regularisation, gives one of its solutions.
///
/// Models: Factorizer, InnerProductFactors. State: users (U, D), items (I, D), which start normal with deviation
/// `deviation / sqrt(D)`. Cost of a pass: O(N D (block + D / block) + (U + I) (D^2 + D block^2)); memory some D^2 and D
/// for each thread, and the scores of its row.
/// Source: Rendle, Krichene, Zhang and Koren 2021, "iALS++: Speeding up matrix factorization with subspace
/// optimization". Differs: a row does all its blocks before the next row, which gives the same, so that no score is
/// kept for each interaction.
template <class Real = float, class Space = Kokkos::DefaultExecutionSpace>
struct IalsPlusPlus {
  static constexpr std::string_view block_name = "IalsPlusPlus";
  IalsPlusPlusSettings settings;
  Parameter<Real, 2, Space> users, items;

  IalsPlusPlus() = default;

  /// @throws ShapeError if users, items, features or block is below 1, or a number is negative or not finite
  explicit IalsPlusPlus(const IalsPlusPlusSettings& its_settings) : settings(its_settings) {
    expects(settings.users > 0 && settings.items > 0 && settings.features > 0 && settings.block > 0,
            "IalsPlusPlus: users, items, features and block are at least 1, they are ", settings.users, ", ",
            settings.items, ", ", settings.features, " and ", settings.block);
    start_least_squares(block_name, settings, users, items);
  }

  /// One pass: all blocks of all users, then all blocks of all items. Blocks.
  ///
  /// @return  J after the pass, divided by the number of interactions; 0 where there are none
  /// @throws ShapeError if there are other users or items than the model's
  /// @throws DataError  if a value is negative, unless values are ratings: then nothing is changed; if J is not finite
  template <class Executor>
  double epoch(const Executor& executor, const Interactions<Real, Space>& train, [[maybe_unused]] std::int64_t number) {
    return alternate_least_squares<Real, Space>(block_name, executor, train, users, items,
                                                LeastSquaresProblem::of(settings), {.block = settings.block});
  }

  /// The best vectors of further users for the items as they are: exact, all features at a time. Blocks.
  ///
  /// Cost: O(I D^2 + N D^2 + R D^3).
  ///
  /// @param rows  (R, I) their interactions
  /// @return      (R, D)
  /// @throws ShapeError, DataError as `epoch` and `check_sparse_rows`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_users(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    return fold_in_least_squares<Real, Space>("IalsPlusPlus::fold_in_users", executor, rows, items.view(),
                                              LeastSquaresProblem::of(settings));
  }
  /// The same for further items.
  ///
  /// @param rows  (R, U) their interactions
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_items(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    return fold_in_least_squares<Real, Space>("IalsPlusPlus::fold_in_items", executor, rows, users.view(),
                                              LeastSquaresProblem::of(settings));
  }

  /// All that decides what is trained, by name: what a checkpoint keeps and compares.
  std::vector<std::pair<std::string, std::string>> named_settings() const {
    return LeastSquaresProblem::of(settings)
        .named()
        .add("features", settings.features)
        .add("block", settings.block)
        .add("deviation", settings.deviation)
        .add("seed", settings.seed)
        .list();
  }

  /// @return  (U, D) a copy
  template <class Executor>
  Tensor<Real, 2, Space> user_vectors(const Executor&) const {
    return users.tensor();
  }
  /// @return  (I, D) a copy
  template <class Executor>
  Tensor<Real, 2, Space> item_vectors(const Executor&) const {
    return items.tensor();
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("users", users);
    visitor("items", items);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
