// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_finite.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/check_scored.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/fill.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/kernels/concat_parts.hpp>
#include <longshore/kernels/dot_scores.hpp>
#include <longshore/kernels/linear_parts.hpp>
#include <longshore/kernels/mix_parts.hpp>
#include <longshore/layers/row_products.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `BiasedFactorScorer` and how it is trained.
struct BiasedFactorScorerSettings {
  Index users = 0;
  Index items = 0;     // one more, the `rows()` of the model's table, if that has a row for unknown ids
  Index features = 0;  // D of the factors; 0: no factors, the call brings interests and candidates
  double mean = 0;     // mu: the mean of the values that are to be predicted
  bool learned_mean = false;
  GradientKind gradient = GradientKind::row_sparse;
  Initialiser factors = normal(0.1);
};

/// Scores an item by how well it is rated in general, how the user rates in general, and how the two agree.
///
///   s_bc = mu + b_u + b_i + <p_u, q_i>
///
/// p and q are the block's own factors, looked up by ids, or an interest and candidates that other blocks made.
///
/// Models: ScorerByIds. State: mean (1), user_bias (U, 1), item_bias (I, 1), and
/// user_factors (U, D) and item_factors (I, D) if `features` is set; the tables have row-sparse gradients. Cost: O(B C
/// D). Biases start at 0.
/// Allows exact top-K by one product: the scores of a catalogue are `queries` times `keys`ᵀ, with three more features.
/// Source: Koren et al. 2009, equation 4. Ids are checked as an `EmbeddingTable` checks them.
template <class Real, class Space>
struct BiasedFactorScorer {
  static constexpr std::string_view block_name = "BiasedFactorScorer";
  static constexpr bool one_product() { return true; }
  BiasedFactorScorerSettings settings;
  Parameter<Real, 1, Space> mean;  // (1)
  EmbeddingTable<Real, Space> user_bias, item_bias, user_factors, item_factors;

  BiasedFactorScorer() = default;

  /// @throws ShapeError if users or items is below 1, features negative, features + 3 more than an `Index` holds, or
  ///                    mean not finite
  explicit BiasedFactorScorer(const BiasedFactorScorerSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings), mean(1) {
    expects(settings.users > 0 && settings.items > 0 && settings.features >= 0,
            "BiasedFactorScorer: users and items are at least 1 and features at least 0, they are ", settings.users,
            ", ", settings.items, " and ", settings.features);
    checked_size(block_name, "features + 3", std::int64_t{settings.features} + 3);
    check_finite(block_name, "mean", settings.mean);
    initialise(mean, constant(settings.mean), random);
    mean.frozen = !settings.learned_mean;
    const auto table = [&](Index rows, Index features, const Initialiser& initial, const char* stream) {
      return EmbeddingTable<Real, Space>(
          {.rows = rows, .features = features, .gradient = settings.gradient, .initial = initial},
          random.stream(stream));
    };
    user_bias = table(settings.users, 1, constant(0), "user_bias");
    item_bias = table(settings.items, 1, constant(0), "item_bias");
    if (settings.features == 0) return;
    user_factors = table(settings.users, settings.features, settings.factors, "user_factors");
    item_factors = table(settings.items, settings.features, settings.factors, "item_factors");
  }

  /// Scores by the block's own factors.
  ///
  /// @param users  (B) ids; must live until the end of the step, as all ids here
  /// @param items  (B, C) ids
  /// @return       (B, C)
  /// @throws ShapeError if the ids differ in number, or if there are no factors
  Matrix<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items) const {
    expects_factors();
    return (*this)(context, user_factors(context, users), item_factors(context, items), users, items);
  }
  /// The same for one item a user.
  ///
  /// @param items  (B) ids
  /// @return       (B, 1)
  Matrix<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& users,
                                 const View<const Id, 1, Space>& items) const {
    return (*this)(context, users, reshape(items, items.extent(0), 1));
  }

  /// Scores by an interest in the place of p and given vectors in the place of q.
  ///
  /// @param interest    (B, 1 or C, D)
  /// @param candidates  (B, C, D)
  /// @param users       (B) ids
  /// @param items       (B, C) ids of the candidates
  /// @return            (B, C)
  /// @throws ShapeError if users, candidates or features differ
  Matrix<Real, Space> operator()(auto& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items) const {
    check_values("BiasedFactorScorer", context, interest, candidates);
    check_scored("BiasedFactorScorer", interest, candidates);
    check_features(interest.features(), candidates.extent(2));
    const Index rows = candidates.extent(0), count = candidates.extent(1);
    expects(users.extent(0) == rows && items.extent(0) == rows && items.extent(1) == count,
            "BiasedFactorScorer: ", users.extent(0), " user ids and ", items.extent(0), " times ", items.extent(1),
            " item ids came for ", rows, " times ", count, " candidates");
    const InterestList<Real, Space> vectors("BiasedFactorScorer", {interest, Interest<Real, Space>(candidates)});
    const InterestList<Real, Space> biases("BiasedFactorScorer",
                                           {user_bias(context, users), item_bias(context, items)});
    const auto scores = make_value<Real>(context, rows, count);  // (B, C)
    const auto parts = parts_of(vectors), terms = parts_of(biases);
    auto with_mean = terms;
    with_mean.part[with_mean.count++] = {mean.view().data(), 1, 0, 0};
    dot_scores_forward<Real, Space>(context.executor(), parts, {}, Real(1), scores.data);
    add_parts<Real, Space>(context.executor(), with_mean, scores.data.data(), Update::add);
    context.record(scores, [this, vectors, biases, parts, terms, scores](auto& c) {
      const Index users_of = scores.extent(0), candidates_of = scores.extent(1), all = users_of * candidates_of;
      const auto dscores = c.gradient_of(scores);
      const auto by_vectors = part_targets<Real, Space>(c, vectors);
      const auto by_biases = part_targets<Real, Space>(c, biases);
      dot_scores_backward<Real, Space>(c.executor(), dscores, scores.data, parts, {}, Real(1), by_vectors);
      MixWeights<Real> ones;
      ones.constants[0] = ones.constants[1] = Real(1);
      mix_parts_backward<Real, Space>(c.executor(), reshape(dscores, users_of, candidates_of, 1), terms, ones,
                                      by_biases, {});
      if (const auto dmean = c.gradient_to(mean))
        column_sums<Real, Space>(c.executor(), all, 1, {dscores.data(), 1}, dmean.view.data(), dmean.update,
                                 scratch<Real>(c, column_sums_workspace(all, 1)).data());
    });
    return scores;
  }
  void operator()(auto&, ...) const = delete;  // BiasedFactorScorer: give ids, or interests, candidates (B, C, D), ids

  /// Scores every item for each user by one product, with the block's own factors. Gradients of item tables are dense.
  ///
  /// @param users  (B) ids
  /// @return       (B, I)
  Matrix<Real, Space> catalogue(auto& context, const View<const Id, 1, Space>& users) const {
    expects_factors();
    return catalogue(context, user_factors(context, users), item_factors.whole(context), users);
  }
  /// The same for given interests and item vectors.
  ///
  /// @param interest  (B, 1, D)
  /// @param items     (I, D) of all items
  /// @param users     (B) ids
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or if users, items or features differ
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest, const Matrix<Real, Space>& items,
                                const View<const Id, 1, Space>& users) const {
    check_features(interest.features(), items.extent(1));
    return row_products<Real, Space>(context, queries(context, interest, users), keys(context, items));
  }

  /// What is multiplied with `keys`: the interests with 1, b_u and mu behind them.
  ///
  /// @return  (B, D + 3)
  /// @throws ShapeError if the interest differs from candidate to candidate, or users and interests in number
  Matrix<Real, Space> queries(auto& context, const Interest<Real, Space>& interest,
                              const View<const Id, 1, Space>& users) const {
    const auto vectors = one_a_user("BiasedFactorScorer", interest);
    expects(users.extent(0) == vectors.extent(0), "BiasedFactorScorer: ", users.extent(0), " user ids came for ",
            vectors.extent(0), " interests");
    return joined(context, {vectors, one(context), user_bias(context, users), reshape(use(context, mean), 1, 1)});
  }

  /// What `queries` are multiplied with: the items with b_i, 1 and 1 behind them.
  ///
  /// @param items  (I, D) of all items
  /// @return       (I, D + 3)
  /// @throws ShapeError if the items are not as many as the biases
  Matrix<Real, Space> keys(auto& context, const Matrix<Real, Space>& items) const {
    expects(items.extent(0) == settings.items, "BiasedFactorScorer: there are vectors of ", items.extent(0), " items, ",
            settings.items, " have a bias");
    return joined(context, {items, item_bias.whole(context), one(context), one(context)});
  }

  /// Refuses ids that are outside the tables, on the host, before the step: on a device the calls above do not look,
  /// and on a host they refuse an id too, but without saying whether it is a user's or an item's.
  ///
  /// @param its_users  (B)
  /// @param its_items  (B, C)
  /// @throws DataError naming the array, the position, the id and the number of rows
  template <class Host>
  void check(const View<const Id, 1, Host>& its_users, const View<const Id, 2, Host>& its_items) const {
    check_ids("BiasedFactorScorer: users", its_users.data(), its_users.size(), settings.users);
    check_ids("BiasedFactorScorer: items", its_items.data(), its_items.size(), settings.items);
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("mean", mean);
    visitor("user_bias", user_bias);
    visitor("item_bias", item_bias);
    visitor("user_factors", user_factors);
    visitor("item_factors", item_factors);
  }

 private:
  void expects_factors() const {
    expects(settings.features > 0,
            "BiasedFactorScorer: it has no factors of its own (features is 0); pass an interest and candidates");
  }
  static void check_features(Index interest, Index items) {
    expects(interest == items, "BiasedFactorScorer: the interest has ", interest, " features, the items ", items);
  }
  /// The number 1, as a matrix (1, 1).
  static Matrix<Real, Space> one(auto& context) {
    const auto view = scratch<Real>(context, 1, 1);
    fill<Real>(context.executor(), view, Real(1));
    return view;
  }
  /// Joins rows with further columns, some of them one number for all rows.
  static Matrix<Real, Space> joined(auto& context, std::initializer_list<Interest<Real, Space>> columns) {
    const InterestList<Real, Space> list("BiasedFactorScorer", columns);
    check_values("BiasedFactorScorer", context, list);
    const auto parts = parts_of(list);
    const auto y = make_value<Real>(context, list.users, 1, list.features);  // (R, 1, D + 3)
    concat_parts_forward<Real, Space>(context.executor(), parts, y.data);
    context.record(y, [list, parts, y](auto& c) {
      const auto dy = c.gradient_of(y);
      auto targets = part_targets<Real, Space>(c, list);
      for (int k = 0; k < list.count; ++k) {
        if (!targets.wants(k) || list[k].users() == list.users) continue;
        const Index width = list[k].features();
        column_sums<Real, Space>(c.executor(), list.users, width, {dy.data() + first_feature(parts, k), list.features},
                                 targets.data[k], targets.adds(k) ? Update::add : Update::write,
                                 scratch<Real>(c, column_sums_workspace(list.users, width)).data());
        targets.data[k] = nullptr;
      }
      concat_parts_backward<Real, Space>(c.executor(), dy, parts, targets);
    });
    return reshape(y, list.users, list.features);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
