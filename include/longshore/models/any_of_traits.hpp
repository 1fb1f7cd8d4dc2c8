// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <type_traits>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/concepts.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A block that can be called with this context and these inputs.
template <class Block, class Context, class... Inputs>
concept CalledWith = std::invocable<const Block&, Context&, const Inputs&...>;

/// Says how much each of its inputs counted.
template <class Block, class Context, class... Inputs>
concept HandsOutWeights =
    requires(const Block& block, Context& context, const Inputs&... inputs) { block.weights(context, inputs...); };

/// What the blocks of an `AnyOf` have in common, and what some of them want beside it.
///
/// Cost: none at run time.
template <class First, class... Rest>
struct AnyOfTraits {
 private:
  /// Losses are of every Real and Space; something must stand for them.
  struct OfEverySpace {
    using real = float;
    using space = Kokkos::DefaultHostExecutionSpace;
  };

 public:
  template <class Block>
  static constexpr bool is_block = requires { typename BlockTraits<Block>::real; };
  template <class Block>
  using Traits = std::conditional_t<is_block<Block>, BlockTraits<Block>, OfEverySpace>;
  using Real = typename Traits<First>::real;
  using Space = typename Traits<First>::space;
  static_assert((std::is_same_v<Real, typename Traits<Rest>::real> && ...) &&
                    (std::is_same_v<Space, typename Traits<Rest>::space> && ...),
                "longshore: AnyOf chooses among blocks of one Real and Space; these differ");

  template <class Block>
  static constexpr bool is_scorer = Scorer<Block, Real, Space> || ScorerByIds<Block, Real, Space>;
  template <class Block>
  static constexpr bool is_pooling = Pooling<Block, Real, Space> || TargetPooling<Block, Real, Space>;
  static constexpr bool scorers = (is_scorer<First> && ... && is_scorer<Rest>);
  static constexpr bool poolings = (is_pooling<First> && ... && is_pooling<Rest>);
  template <class Block, class Weight>
  static constexpr bool weighs_by =
      CalledWith<Block, Inference<Space>, Windowed<Real, Space>, View<const Weight, 1, Space>>;

  /// Whether the blocks are scorers, of which some are products; of which some look at ids.
  static constexpr bool products = scorers && (ProductScorer<First> || ... || ProductScorer<Rest>);
  static constexpr bool scores_by_ids =
      scorers && (ScorerByIds<First, Real, Space> || ... || ScorerByIds<Rest, Real, Space>);
  /// Whether the blocks are poolings, of which some look at candidates; of which some weigh steps.
  static constexpr bool pools_by_target =
      poolings && (TargetPooling<First, Real, Space> || ... || TargetPooling<Rest, Real, Space>);
  template <class Weight>
  static constexpr bool pools_by = poolings && (weighs_by<First, Weight> || ... || weighs_by<Rest, Weight>);
};

}  // namespace longshore::inline LONGSHORE_ABI
