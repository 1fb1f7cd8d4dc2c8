// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/kernels/window_sums.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `SvdppScorer` and how it is trained.
struct SvdppScorerSettings {
  Index users = 0;
  Index items = 0;          // one more, the `rows()` of the model's table, if that has a row for unknown ids
  Index features = 0;       // D of the factors
  bool own_factors = true;  // false: the calls bring interests and candidates in the place of p and q
  double mean = 0;          // mu: the mean of the values that are to be predicted
  bool learned_mean = false;
  GradientKind gradient = GradientKind::row_sparse;
  Initialiser factors = normal(0.1);
};

/// Scores an item as `BiasedFactorScorer` does, for a user who is also what they rated, whatever the rating was.
///
///   s_bc = mu + b_u + b_i + <q_i, p_u + |R|^(-1/2) sum over j in R of y_j>
///
/// R are the items of the user's window, of which each counts as often as it is there; an empty window adds nothing. p
/// and q are the block's own factors, or an interest and candidates that other blocks made; y are always its own.
///
/// Models: none (it needs the rated items beside the ids). State: mean (1), user_bias (U, 1), item_bias (I, 1),
/// rated_factors (I, D), and with `own_factors` user_factors (U, D) and item_factors (I, D); the tables have row-sparse
/// gradients. Cost: O((N + pairs + B C) D). Biases start at 0.
/// Allows exact top-K by one product: the scores of a catalogue are `queries` times `keys`ᵀ, with three more features.
/// Source: Koren 2008, equation 15. Differs from the published training: an optimiser takes one step for a batch, the
/// paper one for each rating. Ids are checked as an `EmbeddingTable` checks them.
template <class Real, class Space>
struct SvdppScorer {
  static constexpr std::string_view block_name = "SvdppScorer";
  static constexpr bool one_product() { return true; }
  SvdppScorerSettings settings;
  BiasedFactorScorer<Real, Space> biased;     // mu, b, p and q
  EmbeddingTable<Real, Space> rated_factors;  // y (I, D)

  SvdppScorer() = default;

  /// @throws ShapeError if users, items or features is below 1, features + 3 more than an `Index` holds, or mean not
  ///                    finite
  explicit SvdppScorer(const SvdppScorerSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings) {
    expects(settings.users > 0 && settings.items > 0 && settings.features > 0,
            "SvdppScorer: users, items and features are at least 1, they are ", settings.users, ", ", settings.items,
            " and ", settings.features);
    checked_size(block_name, "features + 3", std::int64_t{settings.features} + 3);
    check_finite(block_name, "mean", settings.mean);
    biased = BiasedFactorScorer<Real, Space>({.users = settings.users,
                                              .items = settings.items,
                                              .features = settings.own_factors ? settings.features : 0,
                                              .mean = settings.mean,
                                              .learned_mean = settings.learned_mean,
                                              .gradient = settings.gradient,
                                              .factors = settings.factors},
                                             random);
    rated_factors = EmbeddingTable<Real, Space>({.rows = settings.items,
                                                 .features = settings.features,
                                                 .gradient = settings.gradient,
                                                 .initial = settings.factors},
                                                random.stream("rated_factors"));
  }

  /// Scores by the block's own factors.
  ///
  ///     score(context, batch.users, batch.candidates, batch.history.items, batch.long_term)
  ///
  /// @param users    (B) ids; must live until the end of the step, as all ids here
  /// @param items    (B, C) ids
  /// @param rated    (N) ids of rated items
  /// @param windows  (B) which of them each user rated; sequences are `Windows(offsets, N)`
  /// @return         (B, C)
  /// @throws ShapeError if the ids or windows differ in number, or if there are no factors
  /// @throws DataError  on a host, if windows are out of order or not among the rated items
  Matrix<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items, const View<const Id, 1, Space>& rated,
                                 const Windows<Space>& windows) const {
    const Interest<Real, Space> p(own(context, users));
    return (*this)(context, p, biased.item_factors(context, items), users, items, rated, windows);
  }
  /// The same for one item a user.
  ///
  /// @param items  (B) ids
  /// @return       (B, 1)
  Matrix<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& users,
                                 const View<const Id, 1, Space>& items, const View<const Id, 1, Space>& rated,
                                 const Windows<Space>& windows) const {
    return (*this)(context, users, reshape(items, items.extent(0), 1), rated, windows);
  }

  /// Scores by an interest in the place of p and given vectors in the place of q.
  ///
  /// @param interest    (B, 1 or C, D)
  /// @param candidates  (B, C, D)
  /// @param users       (B) ids
  /// @param items       (B, C) ids of the candidates
  /// @param rated       (N) ids of rated items
  /// @param windows     (B) which of them each user rated
  /// @return            (B, C)
  /// @throws ShapeError if users, candidates, features or windows differ
  /// @throws DataError  on a host, if windows are out of order or not among the rated items
  Matrix<Real, Space> operator()(auto& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items, const View<const Id, 1, Space>& rated,
                                 const Windows<Space>& windows) const {
    check_scored("SvdppScorer", interest, candidates);
    expects(candidates.extent(2) == settings.features, "SvdppScorer: the items have ", candidates.extent(2),
            " features, the rated ones ", settings.features);
    expects(users.extent(0) == candidates.extent(0) && items.extent(0) == candidates.extent(0) &&
                items.extent(1) == candidates.extent(1),
            "SvdppScorer: ", users.extent(0), " user ids and ", items.extent(0), " times ", items.extent(1),
            " item ids came for ", candidates.extent(0), " times ", candidates.extent(1), " candidates");
    return biased(context, with_rated(context, interest, rated, windows), candidates, users, items);
  }
  void operator()(auto&, ...) const = delete;  // SvdppScorer: give ids or vectors and ids, then rated ids and Windows

  /// What users are: their own factors and those of what they rated. Multiplied with items it is their score without
  /// mean and biases.
  ///
  /// @param users    (B) ids
  /// @param rated    (N) ids of rated items
  /// @param windows  (B) which of them each user rated
  /// @return         (B, 1, D)
  /// @throws ShapeError and DataError as above
  Interest<Real, Space> interest(auto& context, const View<const Id, 1, Space>& users,
                                 const View<const Id, 1, Space>& rated, const Windows<Space>& windows) const {
    return with_rated(context, own(context, users), rated, windows);
  }

  /// The same for given interests in the place of the user's own factors.
  ///
  /// @param interest  (B, 1 or C, D)
  /// @return          (B, 1 or C, D)
  /// @throws ShapeError if users, features or windows differ
  /// @throws DataError  on a host, if windows are out of order or not among the rated items
  Interest<Real, Space> with_rated(auto& context, const Interest<Real, Space>& interest,
                                   const View<const Id, 1, Space>& rated, const Windows<Space>& windows) const {
    expects(interest.features() == settings.features, "SvdppScorer: the interest has ", interest.features(),
            " features, the rated items ", settings.features);
    expects(interest.users() == windows.count(), "SvdppScorer: ", windows.count(), " windows of rated items came for ",
            interest.users(), " users");
    check_values("SvdppScorer", context, interest);
    const InterestList<Real, Space> list("SvdppScorer", {interest, sums(context, rated, windows)});
    const auto parts = parts_of(list);
    MixWeights<Real> ones;
    ones.constants[0] = ones.constants[1] = Real(1);
    const auto y = make_value<Real>(context, list.users, list.candidates, list[0].features());  // (B, 1 or C, D)
    mix_parts_forward<Real, Space>(context.executor(), parts, ones, y.data);
    context.record(y, [list, parts, ones, y](auto& c) {
      mix_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, ones, part_targets<Real, Space>(c, list),
                                      {});
    });
    return Cube<Real, Space>(y);
  }

  /// Scores every item for each user by one product, with the block's own factors. Gradients of item tables are dense.
  ///
  /// @param users    (B) ids
  /// @param rated    (N) ids of rated items
  /// @param windows  (B) which of them each user rated
  /// @return         (B, I)
  Matrix<Real, Space> catalogue(auto& context, const View<const Id, 1, Space>& users,
                                const View<const Id, 1, Space>& rated, const Windows<Space>& windows) const {
    const auto users_of = interest(context, users, rated, windows);
    return biased.catalogue(context, users_of, biased.item_factors.whole(context), users);
  }
  /// The same for given interests and item vectors.
  ///
  /// @param interest  (B, 1, D)
  /// @param items     (I, D) of all items
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or as above
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest, const Matrix<Real, Space>& items,
                                const View<const Id, 1, Space>& users, const View<const Id, 1, Space>& rated,
                                const Windows<Space>& windows) const {
    return biased.catalogue(context, with_rated(context, interest, rated, windows), items, users);
  }

  /// What is multiplied with `keys`: interests that `interest` or `with_rated` gave, with 1, b_u and mu behind them.
  ///
  /// @return  (B, D + 3)
  Matrix<Real, Space> queries(auto& context, const Interest<Real, Space>& interest,
                              const View<const Id, 1, Space>& users) const {
    return biased.queries(context, interest, users);
  }
  /// What `queries` are multiplied with: the items with b_i, 1 and 1 behind them.
  ///
  /// @param items  (I, D) of all items
  /// @return       (I, D + 3)
  Matrix<Real, Space> keys(auto& context, const Matrix<Real, Space>& items) const {
    return biased.keys(context, items);
  }

  /// Refuses ids that are outside the tables, on the host, before the step; see `BiasedFactorScorer::check`.
  ///
  /// @param its_users  (B)
  /// @param its_items  (B, C)
  /// @param its_rated  (N)
  /// @throws DataError naming the array, the position, the id and the number of rows
  template <class Host>
  void check(const View<const Id, 1, Host>& its_users, const View<const Id, 2, Host>& its_items,
             const View<const Id, 1, Host>& its_rated) const {
    check_ids("SvdppScorer: users", its_users.data(), its_users.size(), settings.users);
    check_ids("SvdppScorer: items", its_items.data(), its_items.size(), settings.items);
    check_ids("SvdppScorer: rated items", its_rated.data(), its_rated.size(), settings.items);
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("mean", biased.mean);
    visitor("user_bias", biased.user_bias);
    visitor("item_bias", biased.item_bias);
    visitor("user_factors", biased.user_factors);
    visitor("item_factors", biased.item_factors);
    visitor("rated_factors", rated_factors);
  }

 private:
  Matrix<Real, Space> own(auto& context, const View<const Id, 1, Space>& users) const {
    expects(settings.own_factors,
            "SvdppScorer: it has no p and q of its own (own_factors is false); pass an interest and candidates");
    return biased.user_factors(context, users);
  }
  /// |R|^(-1/2) times the sum of y over each window: (W, D).
  Matrix<Real, Space> sums(auto& context, const View<const Id, 1, Space>& rated, const Windows<Space>& windows) const {
    check_windows("SvdppScorer", windows, rated.extent(0));
    const auto y = rated_factors(context, rated);                                     // (N, D)
    const auto z = make_value<Real>(context, windows.count(), 1, settings.features);  // (W, 1, D)
    window_sums_forward<Real, Space>(context.executor(), y.data, windows, Weighting::root, {}, z.data);
    context.record(z, [y, windows, z](auto& c) {
      window_sums_backward_steps<Real, Space>(c.executor(), c.gradient_of(z), windows, Weighting::root, {}, {},
                                              c.gradient_to(y));
    });
    return reshape(z, windows.count(), settings.features);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
