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

/// How `Als` solves the system of a row.
enum class LeastSquaresSolver {
  conjugate_gradient,  ///< some steps from where the row is; Takacs, Pilaszy and Tikk 2011
  cholesky,            ///< exactly
};

/// Sizes of an `Als`, and what it minimises.
struct AlsSettings {
  Index users = 0;
  Index items = 0;
  Index features = 64;  // D
  Feedback feedback = Feedback::confidence;
  double weight = 40;            // w, of a value; not used with ratings
  double unobserved_weight = 1;  // of pairs without an interaction; not used with ratings
  double regularisation = 0.01;
  double frequency_exponent = 0;  // nu: how the ridge grows with a row's interactions; 1 is Zhou's with ratings
  LeastSquaresSolver solver = LeastSquaresSolver::conjugate_gradient;
  Index steps = 3;         // of the conjugate gradient method
  double deviation = 0.1;  // of the length of a vector at first
  std::uint64_t seed = 0;
};

/// Factorises a matrix of interactions by alternating least squares: s_ui = <x_u, y_i>.
///
///   J = fit(s; feedback) + sum_u ridge_u x_u x_u + sum_i ridge_i y_i y_i
///   ridge_u = regularisation (n_u + unobserved_weight I) ^ frequency_exponent, for items likewise with U
///
/// with n_u interactions of user u. A pass finds the best users for the items, then the best items for the users, each
/// row by itself, so that J never rises. What all rows share, unobserved_weight Yᵀ Y, is computed once: a pass costs as
/// much as there are interactions, however many pairs have none.
///
/// Rows without interactions become zeros. A singular system, without regularisation, gives one of its solutions.
///
/// Models: Factorizer, InnerProductFactors. State: users (U, D), items (I, D), which start normal with deviation
/// `deviation / sqrt(D)`. Cost of a pass: O((2 steps + 1) N D + steps (U + I) D^2) by conjugate gradients, O(N D^2 +
/// (U + I) D^3) by Cholesky; memory some D^2 and D for each thread. Ranks 16, 32, 64, 128 and 256 have code of their
/// own on a host.
/// Source: Hu, Koren and Volinsky 2008 (implicit), Zhou et al. 2008 (ratings), Rendle et al. 2021 (frequency); the
/// ridge with exponent 0 is theirs of 2008. Differs from `implicit` with `given_confidence`: in rounding only.
template <class Real = float, class Space = Kokkos::DefaultExecutionSpace>
struct Als {
  static constexpr std::string_view block_name = "Als";
  AlsSettings settings;
  Parameter<Real, 2, Space> users, items;

  Als() = default;

  /// @throws ShapeError if users, items, features or steps is below 1, or a number is negative or not finite
  explicit Als(const AlsSettings& its_settings) : settings(its_settings) {
    expects(settings.users > 0 && settings.items > 0 && settings.features > 0 && settings.steps > 0,
            "Als: users, items, features and steps are at least 1, they are ", settings.users, ", ", settings.items,
            ", ", settings.features, " and ", settings.steps);
    start_least_squares(block_name, settings, users, items);
  }

  /// One pass: all users, then all items. Blocks.
  ///
  /// @return  J after the pass, divided by the number of interactions; 0 where there are none
  /// @throws ShapeError if there are other users or items than the model's
  /// @throws DataError  if a value is negative, unless values are ratings: then nothing is changed; if J is not finite
  template <class Executor>
  double epoch(const Executor& executor, const Interactions<Real, Space>& train, [[maybe_unused]] std::int64_t number) {
    const LeastSquaresProblem problem = LeastSquaresProblem::of(settings);
    return alternate_least_squares<Real, Space>(block_name, executor, train, users, items, problem, steps());
  }

  /// The best vectors of further users for the items as they are: exact, whatever `solver` is. Blocks.
  ///
  /// Cost: O(I D^2 + N D^2 + R D^3).
  ///
  /// @param rows  (R, I) their interactions
  /// @return      (R, D)
  /// @throws ShapeError, DataError as `epoch` and `check_sparse_rows`
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_users(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    return fold_in_least_squares<Real, Space>("Als::fold_in_users", executor, rows, items.view(),
                                              LeastSquaresProblem::of(settings));
  }
  /// The same for further items.
  ///
  /// @param rows  (R, U) their interactions
  template <class Executor>
  Tensor<Real, 2, Space> fold_in_items(const Executor& executor, const SparseRows<Real, Space>& rows) const {
    return fold_in_least_squares<Real, Space>("Als::fold_in_items", executor, rows, users.view(),
                                              LeastSquaresProblem::of(settings));
  }

  /// All that decides what is trained, by name: what a checkpoint keeps and compares.
  std::vector<std::pair<std::string, std::string>> named_settings() const {
    const bool by_steps = settings.solver == LeastSquaresSolver::conjugate_gradient;
    auto names = LeastSquaresProblem::of(settings).named();
    names.add("features", settings.features).add("solver", by_steps ? "conjugate_gradient" : "cholesky");
    if (by_steps) names.add("steps", settings.steps);
    return names.add("deviation", settings.deviation).add("seed", settings.seed).list();
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

 private:
  LeastSquaresSteps steps() const {
    if (settings.solver == LeastSquaresSolver::cholesky) return {.from_zero = true};
    return {.conjugate_gradient = settings.steps};
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
