// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <longshore/core/check_scored.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/scratch_scope.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/kernels/linear_parts.hpp>
#include <longshore/kernels/multiply_parts.hpp>
#include <longshore/layers/mlp.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `NeuMf`.
struct NeuMfSettings {
  Index users = 0;                        // of the block's own tables; 0: the calls bring interests and candidates
  Index items = 0;                        // the same of items: one more, if the model's table has an unknown row
  Index features = 8;                     // D: what is multiplied
  Index mlp_features = 0;                 // D' of each side of the perceptron; 0: as many as features
  SmallList<Index> hidden = {32, 16, 8};  // layers of the perceptron; none: the product alone (GMF)
  ActivationKind activation = ActivationKind::relu;
  double dropout = 0;  // rate behind the activations of the perceptron, but not behind the last
  GradientKind gradient = GradientKind::row_sparse;
  Initialiser factors = normal(0.01);
};

/// Scores an item by a weighted inner product and by what a perceptron makes of both vectors.
///
///   s_bc = <w, [p_u * q_i, MLP([p'_u, q'_i])]> + b        (* feature by feature)
///
/// p, q, p' and q' are four tables of the block, looked up by ids; or an interest u and a candidate v that other blocks
/// made are p and p', q and q' at once. The last layer of the perceptron has its activation, too.
///
/// Models: Scorer. State: mlp, output, and with users and items gmf_users (U, D), gmf_items (I, D), mlp_users (U, D')
/// and mlp_items (I, D'), with row-sparse gradients. Cost: O(B C (D + hidden)); what is one for all candidates goes
/// through the first layer once. Does not allow exact top-K by one product: every item is scored for every user.
/// Source: He et al. 2017 (NCF), equation 12; its tables start with N(0, 0.01), too. Differs from the authors' code:
/// gives logits, no sigmoid, and `Linear` starts as PyTorch's. Ids are checked as an `EmbeddingTable` checks them.
template <class Real, class Space>
struct NeuMf {
  static constexpr std::string_view block_name = "NeuMf";
  /// Users times items that `catalogue` takes through the hidden layers at once in inference, but 64 items or more.
  static constexpr Index catalogue_pairs = 16384;
  NeuMfSettings settings;
  EmbeddingTable<Real, Space> gmf_users, gmf_items, mlp_users, mlp_items;
  Mlp<Real, Space> mlp;
  Linear<Real, Space> output;

  NeuMf() = default;

  /// @throws ShapeError if features is below 1, if only one of users and items is given, if a size is negative or more
  ///                    than an `Index` holds, if there are more than 8 hidden layers, or if the rate is not in [0, 1)
  explicit NeuMf(const NeuMfSettings& its_settings, const Random& random = Random(0)) : settings(its_settings) {
    expects(settings.features > 0 && settings.mlp_features >= 0,
            "NeuMf: features is at least 1 and mlp_features at least 0, they are ", settings.features, " and ",
            settings.mlp_features);
    expects((settings.users > 0 && settings.items > 0) || (settings.users == 0 && settings.items == 0),
            "NeuMf: users and items are both at least 1, or both 0 for given vectors, they are ", settings.users,
            " and ", settings.items);
    if (settings.mlp_features == 0) settings.mlp_features = settings.features;
    if (!settings.hidden.empty()) {
      const Index in = checked_size(block_name, "twice mlp_features", 2 * std::int64_t{settings.mlp_features});
      mlp = Mlp<Real, Space>({.in = in,
                              .sizes = settings.hidden.within("NeuMf: .hidden"),
                              .activation = settings.activation,
                              .last_activation = settings.activation,
                              .dropout = settings.dropout},
                             random.stream("mlp"));
    }
    const Index last = settings.hidden.empty() ? 0 : mlp.out();
    output = Linear<Real, Space>(
        {.in = checked_size(block_name, "features and the last hidden layer", std::int64_t{settings.features} + last),
         .out = 1},
        random.stream("output"));
    if (settings.users == 0) return;
    const auto table = [&](Index rows, Index features, const char* stream) {
      return EmbeddingTable<Real, Space>(
          {.rows = rows, .features = features, .gradient = settings.gradient, .initial = settings.factors},
          random.stream(stream));
    };
    gmf_users = table(settings.users, settings.features, "gmf_users");
    gmf_items = table(settings.items, settings.features, "gmf_items");
    if (settings.hidden.empty()) return;
    mlp_users = table(settings.users, settings.mlp_features, "mlp_users");
    mlp_items = table(settings.items, settings.mlp_features, "mlp_items");
  }

  /// Scores by the block's own tables.
  ///
  /// @param users  (B) ids; must live until the end of the step, as all ids here
  /// @param items  (B, C) ids
  /// @return       (B, C)
  /// @throws ShapeError if the ids differ in number, or if there are no tables
  Matrix<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items) const {
    expects_tables();
    expects(users.extent(0) == items.extent(0), "NeuMf: ", users.extent(0), " user ids came for items of ",
            items.extent(0));
    const InterestList<Real, Space> factors("NeuMf", {gmf_users(context, users), gmf_items(context, items)});
    if (settings.hidden.empty()) return scored(context, factors, {});
    return scored(context, factors, {"NeuMf", {mlp_users(context, users), mlp_items(context, items)}});
  }
  /// The same for one item a user, (B): gives (B, 1).
  Matrix<Real, Space> operator()(auto& context, const View<const Id, 1, Space>& users,
                                 const View<const Id, 1, Space>& items) const {
    return (*this)(context, users, reshape(items, items.extent(0), 1));
  }

  /// Scores by vectors that other blocks made, each in both places.
  ///
  /// @param interest    (B, 1 or C, D)
  /// @param candidates  (B, C, D)
  /// @return            (B, C)
  /// @throws ShapeError if users, candidates or features differ, or if the perceptron reads another number of features
  Matrix<Real, Space> operator()(auto& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates) const {
    check_scored("NeuMf", interest, candidates);
    check_features(interest, candidates.extent(2));
    const InterestList<Real, Space> both("NeuMf", {interest, Interest<Real, Space>(candidates)});
    return scored(context, both, both);
  }
  void operator()(auto&, ...) const = delete;  // NeuMf: give ids, or interests, candidates (B, C, D) of its Real

  /// Scores every item for each of the users (B), by the block's own tables: (B, I). Gradients of items are dense.
  Matrix<Real, Space> catalogue(auto& context, const View<const Id, 1, Space>& users) const {
    expects_tables();
    const auto factors = gmf_users(context, users), items = gmf_items.whole(context);
    if (settings.hidden.empty()) return for_all(context, factors, items, factors, items);
    return for_all(context, factors, items, mlp_users(context, users), mlp_items.whole(context));
  }

  /// The same for given interests and item vectors.
  ///
  /// Memory in inference: O(B I), and of the layers that of `catalogue_pairs`, since the items are taken in chunks; in
  /// training O(B I (D + hidden)), because backward needs all: train on sampled candidates.
  ///
  /// @param interest  (B, 1, D)
  /// @param items     (I, D)
  /// @return          (B, I)
  /// @throws ShapeError if the interest differs from candidate to candidate, or if features do not fit
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items) const {
    const auto users = one_a_user("NeuMf", interest);
    check_features(interest, items.extent(1));
    return for_all(context, users, items, users, items);
  }

  /// Refuses ids that are outside the tables, on the host, before the step; see `BiasedFactorScorer::check`.
  ///
  /// @throws DataError naming the array, the position, the id and the number of rows
  template <class Host>
  void check(const View<const Id, 1, Host>& its_users, const View<const Id, 2, Host>& its_items) const {
    check_ids("NeuMf: users", its_users.data(), its_users.size(), settings.users);
    check_ids("NeuMf: items", its_items.data(), its_items.size(), settings.items);
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("gmf_users", gmf_users);
    visitor("gmf_items", gmf_items);
    visitor("mlp_users", mlp_users);
    visitor("mlp_items", mlp_items);
    visitor("mlp", mlp);
    visitor("output", output);
  }

 private:
  void expects_tables() const {
    expects(settings.users > 0, "NeuMf: it has no tables of its own (users is 0); pass an interest and candidates");
  }
  void check_features(const Interest<Real, Space>& interest, Index features) const {
    expects(interest.features() == settings.features && features == settings.features, "NeuMf: the interest has ",
            interest.features(), " features and the items ", features, ", ", settings.features, " are expected");
    expects(settings.hidden.empty() || settings.mlp_features == settings.features,
            "NeuMf: given vectors go to the perceptron too, which reads ", settings.mlp_features, " features, not ",
            settings.features, "; leave .mlp_features out");
  }

  /// (B, C) of two parts that are multiplied, and two that the perceptron reads, if there is one.
  Matrix<Real, Space> scored(auto& context, const InterestList<Real, Space>& factors,
                             const InterestList<Real, Space>& read) const {
    check_values("NeuMf", context, factors);
    const auto parts = parts_of(factors);
    const auto product = make_value<Real>(context, factors.users, factors.candidates, settings.features);  // (B, C, D)
    multiply_parts_forward<Real, Space>(context.executor(), parts, product.data);
    context.record(product, [factors, parts, product](auto& c) {
      multiply_parts_backward<Real, Space>(c.executor(), c.gradient_of(product), parts,
                                           part_targets<Real, Space>(c, factors));
    });
    InterestList<Real, Space> both("NeuMf", {Interest<Real, Space>(Cube<Real, Space>(product))});
    if (!settings.hidden.empty()) both.add("NeuMf", mlp(context, read));  // (B, C, last hidden)
    const auto scores = output(context, both);                            // (B, C, 1)
    return reshape(scores, scores.extent(0), scores.extent(1));
  }

  /// (B, I) of (B, D) and (I, D), which are multiplied, and (B, D') and (I, D'), which the perceptron reads.
  Matrix<Real, Space> for_all(auto& context, const Matrix<Real, Space>& users, const Matrix<Real, Space>& items,
                              const Matrix<Real, Space>& read_users, const Matrix<Real, Space>& read_items) const {
    check_values("NeuMf", context, users, items, read_users, read_items);
    const Index rows = users.extent(0), count = items.extent(0);
    if constexpr (std::remove_cvref_t<decltype(context)>::training) {
      return scored(context, {"NeuMf", {users, repeated(context, items, rows)}},
                    {"NeuMf", {read_users, some_items(read_items, 0, count)}});
    } else {
      const auto scores = make_value<Real>(context, rows, count);  // (B, I)
      if (rows == 0) return scores;
      const Index chunk = std::max(catalogue_pairs / rows, Index{64});
      for (Index first = 0; first < count; first += chunk) {
        const ScratchScope scope(context);
        const Index some = std::min(chunk, count - first);
        const auto part = scored(context, {"NeuMf", {users, some_items(items, first, some)}},
                                 {"NeuMf", {read_users, some_items(read_items, first, some)}});
        place_columns<Real>(context.executor(), rows, some, part.data.data(), first, count, scores.data.data(),
                            Update::write);
      }
      return scores;
    }
  }

  /// Rows of a matrix as items that all users share, (1, some, D); all of them share its gradient.
  static Cube<Real, Space> some_items(const Matrix<Real, Space>& items, Index first, Index some) {
    if (first == 0 && some == items.extent(0)) return reshape(items, 1, some, items.extent(1));
    return View<Real, 3, Space>(items.data.row(first), 1, some, items.extent(1));
  }

  /// The items once for each user, since a product's gradient is worked out user by user: (B, I, D).
  static Cube<Real, Space> repeated(auto& context, const Matrix<Real, Space>& items, Index users) {
    const Index count = items.extent(0), features = items.extent(1);
    Parts<const Real> shared;
    shared.count = 1;
    shared.users = users, shared.candidates = count;
    shared.part[0] = {items.data.data(), features, 0, 1};
    const auto y = make_value<Real>(context, users, count, features);  // (B, I, D)
    add_parts<Real, Space>(context.executor(), shared, y.data.data(), Update::write);
    context.record(y, [items, users, count, features, y](auto& c) {
      const auto target = c.gradient_to(items);
      if (!target) return;
      const auto sums = scratch<Real>(c, count, features);  // (I, D)
      for_each_team<Space>(c.executor(), count,
                           SumSharedRows<Real>{c.gradient_of(y).data(), features, users, 1, count, sums.data()});
      add_to<Real, 2, Space>(c.executor(), View<const Real, 2, Space>(sums), target);
    });
    return y;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
