// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/visit.hpp>
#include <longshore/models/any_of_traits.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One of several blocks of a concept, chosen at run time; models the concept itself. Each block is instantiated once,
/// so programs with options (`--fuser gate`) need not instantiate every combination.
///
///     AnyOf<WeightedFuser<Real, Space>, GateFuser<Real, Space>> fuse = GateFuser<Real, Space>({.features = 64});
///
/// Blocks that are called differently may be mixed: scorers by ids (`ScorerByIds`), poolings by target
/// (`TargetPooling`) and losses on models with others, which leave aside what they have no use for.
///
/// Parameters have the names of the chosen block's. Cost: one jump a call.
template <class First, class... Rest>
struct AnyOf {
  using first_part = First;
  using Offer = AnyOfTraits<First, Rest...>;
  using Real = typename Offer::Real;
  using Space = typename Offer::Space;
  static constexpr std::string_view block_name = "AnyOf";

  std::variant<First, Rest...> block;

  AnyOf() = default;
  template <class Chosen>
    requires(std::is_same_v<Chosen, First> || (std::is_same_v<Chosen, Rest> || ...))
  AnyOf(Chosen chosen) : block(std::move(chosen)) {}

  template <class Context, class... Inputs>
    requires(Offer::template all_called_with<Context, Inputs...>)
  std::invoke_result_t<const First&, Context&, const Inputs&...> operator()(Context& context,
                                                                            const Inputs&... inputs) const {
    return std::visit([&](const auto& chosen) { return chosen(context, inputs...); }, block);
  }
  /// For fusers, whose interests come as a list in braces.
  template <class Context>
    requires(Offer::fusers)
  Interest<Real, Space> operator()(Context& context, const Interest<Real, Space>& candidates,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    return std::visit([&](const auto& chosen) { return chosen(context, candidates, interests); }, block);
  }
  /// For scorers of which some look at ids: users (B), and items (B, C) of the candidates.
  template <class Context>
    requires(Offer::scores_by_ids)
  Matrix<Real, Space> operator()(Context& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items) const {
    return std::visit(
        [&]<class Chosen>(const Chosen& chosen) {
          if constexpr (ScorerByIds<Chosen, Real, Space>)
            return chosen(context, interest, candidates, users, items);
          else
            return chosen(context, interest, candidates);
        },
        block);
  }
  /// For poolings of which some look at the candidates (W, C, D); gives (W, 1 or C, D).
  template <class Context>
    requires(Offer::pools_by_target)
  Cube<Real, Space> operator()(Context& context, const Interest<Real, Space>& candidates,
                               const Windowed<Real, Space>& windowed) const {
    return std::visit(
        [&]<class Chosen>(const Chosen& chosen) -> Cube<Real, Space> {
          if constexpr (TargetPooling<Chosen, Real, Space>) {
            return chosen(context, candidates, windowed);
          } else {
            const Matrix<Real, Space> pooled = chosen(context, windowed);
            return reshape(pooled, pooled.extent(0), 1, pooled.extent(1));
          }
        },
        block);
  }
  /// For poolings of which some take a weight for each step (N). @throws ShapeError if the chosen one takes none
  template <class Context, class Weight>
    requires(Offer::template pools_by<Weight>)
  Matrix<Real, Space> operator()(Context& context, const Windowed<Real, Space>& windowed,
                                 const View<const Weight, 1, Space>& step_weights) const {
    return std::visit(
        [&]<class Chosen>(const Chosen& chosen) -> Matrix<Real, Space> {
          if constexpr (Offer::template weighs_by<Chosen, Weight>) return chosen(context, windowed, step_weights);
          throw ShapeError(text_of("AnyOf: the chosen pooling, ", chosen_name(),
                                   ", takes no weights of steps; MeanPooling and SumPooling do"));
        },
        block);
  }
  /// For losses of which some take the model: the others take its scores.
  template <class Context, class Model, class Examples>
    requires(!Offer::template is_block<First> && CalledWith<Model, Context, Examples> &&
             Offer::template some_called_with<Context, Model, Examples>)
  auto operator()(Context& context, const Model& model, const Examples& batch) const {
    return std::visit(
        [&]<class Chosen>(const Chosen& chosen) {
          if constexpr (CalledWith<Chosen, Context, Model, Examples>)
            return chosen(context, model, batch);
          else
            return chosen(context, model(context, batch), batch);
        },
        block);
  }
  /// For fusers.
  template <class Context>
    requires(Offer::fusers)
  View<Real, 3, Space> weights(Context& context, const Interest<Real, Space>& candidates,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    return std::visit([&](const auto& chosen) { return chosen.weights(context, candidates, interests); }, block);
  }
  /// For poolings and branches of which some say how much each step counted; empty where the chosen one does not.
  template <class Context, class... Inputs>
    requires(Offer::template some_hand_out_weights<Context, Inputs...>)
  View<Real, 1, Space> weights(Context& context, const Inputs&... inputs) const {
    return std::visit(
        [&]<class Chosen>(const Chosen& chosen) -> View<Real, 1, Space> {
          if constexpr (HandsOutWeights<Chosen, Context, Inputs...>)
            return chosen.weights(context, inputs...);
          else if constexpr (sizeof...(Inputs) == 2 && HandsOutWeights<Chosen, Context, Windowed<Real, Space>>)
            return chosen.weights(context, std::get<sizeof...(Inputs) - 1>(std::tie(inputs...)));  // no candidates
          return {};
        },
        block);
  }
  Matrix<Real, Space> catalogue(auto& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items) const {
    return std::visit([&](const auto& chosen) { return chosen.catalogue(context, interest, items); }, block);
  }
  /// For scorers of which some look at ids: users (B).
  template <class Context>
    requires(Offer::scores_by_ids)
  Matrix<Real, Space> catalogue(Context& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items, const View<const Id, 1, Space>& users) const {
    return std::visit(
        [&]<class Chosen>(const Chosen& chosen) {
          if constexpr (ScorerByIds<Chosen, Real, Space>)
            return chosen.catalogue(context, interest, items, users);
          else
            return chosen.catalogue(context, interest, items);
        },
        block);
  }
  /// Refuses ids on the host that the chosen scorer does not know, if it looks at any. @throws DataError as it says
  template <class Host>
    requires(Offer::scores_by_ids)
  void check(const View<const Id, 1, Host>& users, const View<const Id, 2, Host>& items) const {
    std::visit(
        [&]<class Chosen>(const Chosen& chosen) {
          if constexpr (ScorerByIds<Chosen, Real, Space>) chosen.check(users, items);
        },
        block);
  }
  /// Whether the chosen scorer's scores of a catalogue are the product of `queries` and `keys`.
  bool one_product() const
    requires(Offer::products)
  {
    return std::visit(
        []<class Chosen>(const Chosen& chosen) {
          if constexpr (ProductScorer<Chosen>) return chosen.one_product();
          return false;
        },
        block);
  }
  /// @param users  (B) if some of the scorers look at ids
  /// @throws ShapeError if the chosen scorer is no product, `keys` too
  template <class Context>
    requires(Offer::products)
  Matrix<Real, Space> queries(Context& context, const Interest<Real, Space>& interest,
                              const std::same_as<View<const Id, 1, Space>> auto&... users) const {
    return std::visit(
        [&]<class Chosen>(const Chosen& chosen) -> Matrix<Real, Space> {
          if constexpr (ProductScorer<Chosen> && ScorerByIds<Chosen, Real, Space>)
            return chosen.queries(context, interest, users...);
          else if constexpr (ProductScorer<Chosen>)
            return chosen.queries(context, interest);
          throw_no_product();
        },
        block);
  }
  /// What the product multiplies the queries with: a row for each of all items (I, D).
  template <class Context>
    requires(Offer::products)
  Matrix<Real, Space> keys(Context& context, const Matrix<Real, Space>& items) const {
    return std::visit(
        [&]<class Chosen>(const Chosen& chosen) -> Matrix<Real, Space> {
          if constexpr (ProductScorer<Chosen>) return chosen.keys(context, items);
          throw_no_product();
        },
        block);
  }
  /// Whether the interest of the chosen pooling or branch depends on the candidate.
  bool sees_candidates() const {
    return std::visit(
        []<class Chosen>(const Chosen& chosen) {
          if constexpr (Offer::template is_pooling<Chosen>)
            return TargetPooling<Chosen, Real, Space>;
          else
            return chosen.sees_candidates();
        },
        block);
  }
  /// For encoders: whether a step's state depends on later steps.
  bool sees_ahead() const {
    return std::visit([](const auto& chosen) { return chosen.sees_ahead(); }, block);
  }
  /// For encoders: whether it depends on earlier ones.
  bool sees_behind() const {
    return std::visit(
        [](const auto& chosen) {
          if constexpr (requires { chosen.sees_behind(); }) return chosen.sees_behind();
          return true;
        },
        block);
  }
  /// What the chosen block calls itself, such as "GateFuser".
  std::string_view chosen_name() const {
    return std::visit([](const auto& chosen) { return shown_name_of(chosen, block_name); }, block);
  }
  /// Hands out which block is chosen, as a setting, then the block's parts: a copy to another space chooses the same.
  void visit(auto&& visitor) {
    std::size_t choice = block.index();
    visitor("choice", choice);
    if (choice != block.index()) choose(choice, std::index_sequence_for<First, Rest...>{});
    std::visit([&](auto& chosen) { chosen.visit(visitor); }, block);
  }

 private:
  [[noreturn]] void throw_no_product() const {
    throw ShapeError(text_of("AnyOf: the chosen scorer, ", chosen_name(),
                             ", is no product of queries and keys; it scores the catalogue pair by pair"));
  }
  template <std::size_t... position>
  void choose(std::size_t choice, std::index_sequence<position...>) {
    (void)((position == choice ? (block.template emplace<position>(), true) : false) || ...);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
