// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/core/visit.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One of several blocks of a concept, chosen at run time; models the concept itself. Each block is instantiated once,
/// so programs with options (`--fuser gate`) need not instantiate every combination.
///
///     AnyOf<WeightedFuser<Real, Space>, GateFuser<Real, Space>> fuse = GateFuser<Real, Space>({.features = 64});
///
/// Scorers of which some look at ids are called with ids (`ScorerByIds`); the others among them leave the ids aside.
///
/// Parameters have the names of the chosen block's. Cost: one jump a call.
template <class First, class... Rest>
struct AnyOf {
  using first_part = First;
  using Real = RealOf<First>;
  using Space = SpaceOf<First>;
  static_assert((std::is_same_v<Real, RealOf<Rest>> && ...) && (std::is_same_v<Space, SpaceOf<Rest>> && ...),
                "longshore: AnyOf chooses among blocks of one Real and Space; these differ");
  static constexpr std::string_view block_name = "AnyOf";

  /// Whether the blocks are scorers and some of them look at ids.
  static constexpr bool scores_by_ids = ((Scorer<First, Real, Space> || ScorerByIds<First, Real, Space>)&&... &&
                                         (Scorer<Rest, Real, Space> || ScorerByIds<Rest, Real, Space>)) &&
                                        (ScorerByIds<First, Real, Space> || ... || ScorerByIds<Rest, Real, Space>);

  std::variant<First, Rest...> block;

  AnyOf() = default;
  template <class Chosen>
    requires(std::is_same_v<Chosen, First> || (std::is_same_v<Chosen, Rest> || ...))
  AnyOf(Chosen chosen) : block(std::move(chosen)) {}

  template <class Context, class... Inputs>
    requires(std::invocable<const First&, Context&, const Inputs&...> && ... &&
             std::invocable<const Rest&, Context&, const Inputs&...>)
  auto operator()(Context& context, const Inputs&... inputs) const {
    return std::visit([&](const auto& chosen) { return chosen(context, inputs...); }, block);
  }
  /// For fusers, whose interests come as a list in braces.
  template <class Context>
  auto operator()(Context& context, const Interest<Real, Space>& candidates,
                  std::initializer_list<Interest<Real, Space>> interests) const {
    return std::visit([&](const auto& chosen) { return chosen(context, candidates, interests); }, block);
  }
  /// For scorers of which some look at ids: users (B), and items (B, C) of the candidates.
  template <class Context>
    requires(scores_by_ids)
  Matrix<Real, Space> operator()(Context& context, const Interest<Real, Space>& interest,
                                 const Cube<Real, Space>& candidates, const View<const Id, 1, Space>& users,
                                 const View<const Id, 2, Space>& items) const {
    return std::visit(
        [&](const auto& chosen) {
          if constexpr (ScorerByIds<std::remove_cvref_t<decltype(chosen)>, Real, Space>)
            return chosen(context, interest, candidates, users, items);
          else
            return chosen(context, interest, candidates);
        },
        block);
  }

  template <class Context>
  auto weights(Context& context, const Interest<Real, Space>& candidates,
               std::initializer_list<Interest<Real, Space>> interests) const {
    return std::visit([&](const auto& chosen) { return chosen.weights(context, candidates, interests); }, block);
  }
  template <class Context>
  Matrix<Real, Space> catalogue(Context& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items) const {
    return std::visit([&](const auto& chosen) { return chosen.catalogue(context, interest, items); }, block);
  }
  /// For scorers of which some look at ids: users (B).
  template <class Context>
    requires(scores_by_ids)
  Matrix<Real, Space> catalogue(Context& context, const Interest<Real, Space>& interest,
                                const Matrix<Real, Space>& items, const View<const Id, 1, Space>& users) const {
    return std::visit(
        [&](const auto& chosen) {
          if constexpr (ScorerByIds<std::remove_cvref_t<decltype(chosen)>, Real, Space>)
            return chosen.catalogue(context, interest, items, users);
          else
            return chosen.catalogue(context, interest, items);
        },
        block);
  }
  /// Refuses ids on the host that the chosen scorer does not know, if it looks at any.
  ///
  /// @throws DataError as the scorer says
  template <class Host>
    requires(scores_by_ids)
  void check(const View<const Id, 1, Host>& users, const View<const Id, 2, Host>& items) const {
    std::visit(
        [&](const auto& chosen) {
          if constexpr (ScorerByIds<std::remove_cvref_t<decltype(chosen)>, Real, Space>) chosen.check(users, items);
        },
        block);
  }
  bool sees_candidates() const {
    return std::visit([](const auto& chosen) { return chosen.sees_candidates(); }, block);
  }
  /// For encoders.
  bool sees_ahead() const {
    return std::visit([](const auto& chosen) { return chosen.sees_ahead(); }, block);
  }
  /// What summaries show: the chosen block's name.
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
  template <std::size_t... position>
  void choose(std::size_t choice, std::index_sequence<position...>) {
    (void)((position == choice ? (block.template emplace<position>(), true) : false) || ...);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
