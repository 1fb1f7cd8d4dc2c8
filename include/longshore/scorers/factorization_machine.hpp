// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <longshore/core/check_finite.hpp>
#include <longshore/core/check_scored.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/interest_list.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/kernels/dot_scores.hpp>
#include <longshore/layers/pair_side.hpp>
#include <longshore/layers/row_products.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `FactorizationMachine` and how it is trained. Each side has features, ids or both.
struct FactorizationMachineSettings {
  Index interest = 0;   // features of an interest; 0: none come
  Index candidate = 0;  // features of a candidate; 0: none come
  Index users = 0;      // ids, each a feature of weight 1; 0: those given are not looked at
  Index items = 0;      // the same of items: one more, if the model's table has a row for unknown ids
  Index factors = 16;   // K
  double mean = 0;      // what the score starts with
  bool learned_mean = true;
  GradientKind gradient = GradientKind::row_sparse;
  Initialiser initial = normal(0.1);  // of all factors
};

/// Scores by every feature of user and item alone, and by each pair of features as the product of both and of how their
/// factors agree.
///
///   s_bc = w_0 + sum over i of w_i x_i + sum over i < j of <v_i, v_j> x_i x_j,   x = [u_bc, v_bc, user, item]
///
/// u and v are the interest and the candidate; user and item are ids, one feature of weight 1 each (one-hot). With ids
/// alone it is a `BiasedFactorScorer`. Further categories come as features of u or v: looked up in a table, or one-hot.
///
/// Models: ScorerByIds. State: mean (1), with ids user_bias (U, 1), user_factors (U, K), item_bias (I, 1) and
/// item_factors (I, K), whose gradients are row-sparse, with features interest_weights (H), interest_factors (K, H),
/// candidate_weights (D) and candidate_factors (K, D). Weights and biases start at 0. Cost: O((B H + B C D) K).
/// Allows exact top-K by one product: the scores of a catalogue are `queries` times `keys`ᵀ, of K + 2 features.
/// Source: Rendle 2010, equations 1 and 5; on vectors that other blocks made: Zheng et al. 2017 (DeepCoNN).
template <class Real, class Space>
struct FactorizationMachine {
  static constexpr std::string_view block_name = "FactorizationMachine";
  static constexpr bool one_product() { return true; }
  FactorizationMachineSettings settings;
  Parameter<Real, 1, Space> mean, interest_weights, candidate_weights;  // (1), (H), (D)
  Parameter<Real, 2, Space> interest_factors, candidate_factors;        // (K, H), (K, D)
  EmbeddingTable<Real, Space> user_bias, user_factors, item_bias, item_factors;

  FactorizationMachine() = default;

  /// @throws ShapeError if factors is below 1 or factors + 2 more than an `Index` holds, if a side has neither features
  ///                    nor ids, if a size is negative, or if mean is not finite
  explicit FactorizationMachine(const FactorizationMachineSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings),
        mean(1),
        interest_weights(std::max(settings.interest, Index{0})),
        candidate_weights(std::max(settings.candidate, Index{0})) {
    expects(settings.factors > 0, "FactorizationMachine: factors is at least 1, it is ", settings.factors);
    checked_size(block_name, "factors + 2", std::int64_t{settings.factors} + 2);
    check_side("interest and users", settings.interest, settings.users);
    check_side("candidate and items", settings.candidate, settings.items);
    check_finite(block_name, "mean", settings.mean);
    initialise(mean, constant(settings.mean), random);
    mean.frozen = !settings.learned_mean;
    const auto factors = [&](Parameter<Real, 2, Space>& parameter, Index features, const char* stream) {
      if (features == 0) return;
      parameter = Parameter<Real, 2, Space>(settings.factors, features);
      initialise(parameter, settings.initial, random.stream(stream));
    };
    factors(interest_factors, settings.interest, "interest_factors");
    factors(candidate_factors, settings.candidate, "candidate_factors");
    const auto table = [&](EmbeddingTable<Real, Space>& to, Index rows, Index features, const Initialiser& initial,
                           const char* stream) {
      if (rows == 0) return;
      to = EmbeddingTable<Real, Space>(
          {.rows = rows, .features = features, .gradient = settings.gradient, .initial = initial},
          random.stream(stream));
    };
    table(user_bias, settings.users, 1, constant(0), "user_bias");
    table(user_factors, settings.users, settings.factors, settings.initial, "user_factors");
    table(item_bias, settings.items, 1, constant(0), "item_bias");
    table(item_factors, settings.items, settings.factors, settings.initial, "item_factors");
  }

  /// Scores by ids alone.
  ///
  /// @param users  (B) ids; must live until the end of the step, as all ids here
  /// @param items  (B, C) ids
  /// @return       (B, C)
  /// @throws ShapeError if the ids differ in number, or if features are expected
  Matrix<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items) const {
    return (*this)(context, {}, {}, users, items);
  }

  /// Scores by features and ids.
  ///
  /// @param interest    (B, 1 or C, H); `{}` where H is 0
  /// @param candidates  (B, C, D); `{}` where D is 0
  /// @param users       (B) ids; `{}` where there are none
  /// @param items       (B, C) ids; `{}` where there are none
  /// @return            (B, C)
  /// @throws ShapeError if users, candidates or features differ
  /// @throws DataError  on a host, if an id is outside its table
  Matrix<Real, Space> operator()(auto& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items) const {
    const auto by_user = user_side(context, interest, users);  // (B, 1 or C, K + 2)
    expects(candidates.extent(2) == settings.candidate, "FactorizationMachine: the candidates have ",
            candidates.extent(2), " features, ", settings.candidate, " are expected");
    const bool vectors = settings.candidate > 0, ids = settings.items > 0;
    const Index rows = vectors ? candidates.extent(0) : items.extent(0);
    const Index count = vectors ? candidates.extent(1) : items.extent(1);
    expects(!vectors || !ids || (items.extent(0) == rows && items.extent(1) == count),
            "FactorizationMachine: ", items.extent(0), " times ", items.extent(1), " item ids came for ", rows,
            " times ", count, " candidates");
    expects(by_user.extent(0) == rows && (by_user.extent(1) == 1 || by_user.extent(1) == count),
            "FactorizationMachine: ", by_user.extent(0), " users with ", by_user.extent(1), " vectors each came for ",
            rows, " times ", count, " candidates");
    const Index all = checked_size(block_name, "users times candidates", std::int64_t{rows} * count);
    Matrix<Real, Space> p, b;
    if (ids) {
      p = item_factors(context, reshape(items, all));
      b = item_bias(context, reshape(items, all));
    }
    const auto by_item = item_side(context, reshape(candidates, all, settings.candidate), p, b, all);
    const InterestList<Real, Space> list(
        "FactorizationMachine", {by_user, Cube<Real, Space>(reshape(by_item, rows, count, by_item.extent(1)))});
    const auto parts = parts_of(list);
    const auto scores = make_value<Real>(context, rows, count);  // (B, C)
    dot_scores_forward<Real, Space>(context.executor(), parts, {}, Real(1), scores.data);
    context.record(scores, [list, parts, scores](auto& c) {
      dot_scores_backward<Real, Space>(c.executor(), c.gradient_of(scores), scores.data, parts, {}, Real(1),
                                       part_targets<Real, Space>(c, list));
    });
    return scores;
  }
  void operator()(auto&, ...) const = delete;  // FactorizationMachine: give ids, or interests, candidates and ids

  /// Scores every item for each user by one product, by ids alone. Gradients of item tables are dense.
  ///
  /// @param users  (B) ids
  /// @return       (B, I)
  Matrix<Real, Space> catalogue(auto& context, const View<const Id, 1, Space>& users) const {
    return catalogue(context, {}, {}, users);
  }
  /// The same by features and ids.
  ///
  /// @param interest  (B, 1, H); `{}` where H is 0
  /// @param items     (I, D) of all items; `{}` where D is 0
  /// @param users     (B) ids; `{}` where there are none
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or if users, items or features differ
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest, const Matrix<Real, Space>& items,
                                const View<const Id, 1, Space>& users) const {
    const auto by_user = queries(context, interest, users);
    return row_products<Real, Space>(context, by_user, keys(context, items));
  }

  /// What is multiplied with `keys`: the user's side, z, what it is worth alone, and 1.
  ///
  /// @return  (B, K + 2)
  /// @throws ShapeError if the interest differs from candidate to candidate, or if users or features differ
  Matrix<Real, Space> queries(auto& context, const Interest<Real, Space>& interest,
                              const View<const Id, 1, Space>& users) const {
    const auto by_user = user_side(context, interest, users);
    return one_a_user("FactorizationMachine", Interest<Real, Space>(by_user));
  }

  /// What `queries` are multiplied with: the items' side, z, 1, and what they are worth alone.
  ///
  /// @param items  (I, D) of all items; `{}` where D is 0
  /// @return       (I, K + 2)
  /// @throws ShapeError if features differ, or if the items are not as many as have factors of their own
  Matrix<Real, Space> keys(auto& context, const Matrix<Real, Space>& items) const {
    const bool ids = settings.items > 0;
    const Index count = settings.candidate > 0 ? items.extent(0) : settings.items;
    expects(items.extent(1) == settings.candidate, "FactorizationMachine: the items have ", items.extent(1),
            " features, ", settings.candidate, " are expected");
    expects(!ids || count == settings.items, "FactorizationMachine: there are vectors of ", count, " items, ",
            settings.items, " have factors of their own");
    Matrix<Real, Space> p, b;
    if (ids) p = item_factors.whole(context), b = item_bias.whole(context);
    return item_side(context, items, p, b, count);
  }

  /// Refuses ids that are outside the tables, on the host, before the step; see `BiasedFactorScorer::check`.
  ///
  /// @param its_users  (B)
  /// @param its_items  (B, C)
  /// @throws DataError naming the array, the position, the id and the number of rows
  template <class Host>
  void check(const View<const Id, 1, Host>& its_users, const View<const Id, 2, Host>& its_items) const {
    if (settings.users > 0)
      check_ids("FactorizationMachine: users", its_users.data(), its_users.size(), settings.users);
    if (settings.items > 0)
      check_ids("FactorizationMachine: items", its_items.data(), its_items.size(), settings.items);
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("mean", mean);
    visitor("interest_weights", interest_weights);
    visitor("interest_factors", interest_factors);
    visitor("candidate_weights", candidate_weights);
    visitor("candidate_factors", candidate_factors);
    visitor("user_bias", user_bias);
    visitor("user_factors", user_factors);
    visitor("item_bias", item_bias);
    visitor("item_factors", item_factors);
  }

 private:
  static void check_side(const char* names, Index features, Index ids) {
    expects(features >= 0 && ids >= 0 && (features > 0 || ids > 0), "FactorizationMachine: ", names,
            " are at least 0 and one of them is not 0, they are ", features, " and ", ids);
  }

  /// (B, 1 or C, K + 2)
  Cube<Real, Space> user_side(auto& context, const Interest<Real, Space>& interest,
                              const View<const Id, 1, Space>& users) const {
    const bool vectors = settings.interest > 0, ids = settings.users > 0;
    expects(interest.features() == settings.interest, "FactorizationMachine: the interest has ", interest.features(),
            " features, ", settings.interest, " are expected");
    const Index rows = vectors ? interest.users() : users.extent(0), each = vectors ? interest.candidates() : 1;
    expects(!ids || users.extent(0) == rows, "FactorizationMachine: ", users.extent(0), " user ids came for ", rows,
            " interests");
    Matrix<Real, Space> p, b;
    if (ids) p = user_factors(context, users), b = user_bias(context, users);
    const Index all = checked_size(block_name, "users times vectors", std::int64_t{rows} * each);
    const auto y = pair_side<Real, Space>(
        context, settings.factors,
        {reshape(interest.vectors, all, settings.interest), p, b, &interest_weights, &interest_factors, &mean, all, 0});
    return reshape(y, rows, each, settings.factors + 2);
  }
  Matrix<Real, Space> item_side(auto& context, const Matrix<Real, Space>& x, const Matrix<Real, Space>& p,
                                const Matrix<Real, Space>& b, Index rows) const {
    return pair_side<Real, Space>(context, settings.factors,
                                  {x, p, b, &candidate_weights, &candidate_factors, nullptr, rows, 1});
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
