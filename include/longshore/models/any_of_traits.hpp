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
/// Blocks of a kind of one's own, which is none of those of `core/concepts.hpp`, may be chosen among, too.
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

  template <class Block, class ItsReal = Real, class ItsSpace = Space>
  static constexpr bool is_scorer = Scorer<Block, ItsReal, ItsSpace> || ScorerByIds<Block, ItsReal, ItsSpace>;
  template <class Block, class ItsReal = Real, class ItsSpace = Space>
  static constexpr bool is_pooling = Pooling<Block, ItsReal, ItsSpace> || TargetPooling<Block, ItsReal, ItsSpace>;
  /// Of a concept that can be told without a model and a batch, which losses need.
  template <class Block, class ItsReal, class ItsSpace>
  static constexpr bool is_told =
      Encoder<Block, ItsReal, ItsSpace> || is_pooling<Block, ItsReal, ItsSpace> || Fuser<Block, ItsReal, ItsSpace> ||
      is_scorer<Block, ItsReal, ItsSpace> || Branch<Block, ItsReal, ItsSpace> || Layer<Block, ItsReal, ItsSpace>;

 private:
  /// What each further block has in common with the first. A type of its own, so that a compiler names both.
  template <class Block>
  struct Beside {
    // Those of the one that has any; losses have none.
    using ItsReal = std::conditional_t<is_block<First>, Real, typename Traits<Block>::real>;
    using ItsSpace = std::conditional_t<is_block<First>, Space, typename Traits<Block>::space>;
    static constexpr bool one_real = !is_block<Block> || std::is_same_v<ItsReal, typename Traits<Block>::real>;
    static constexpr bool one_space = !is_block<Block> || std::is_same_v<ItsSpace, typename Traits<Block>::space>;
    static_assert(one_real, "longshore: AnyOf chooses among blocks of one Real; this Block has another one than First");
    static_assert(one_space,
                  "longshore: AnyOf chooses among blocks of one Space; this Block is of another one than First");
    static constexpr bool one_concept =
        (Encoder<First, ItsReal, ItsSpace> && Encoder<Block, ItsReal, ItsSpace>) ||
        (is_pooling<First, ItsReal, ItsSpace> && is_pooling<Block, ItsReal, ItsSpace>) ||
        (Fuser<First, ItsReal, ItsSpace> && Fuser<Block, ItsReal, ItsSpace>) ||
        (is_scorer<First, ItsReal, ItsSpace> && is_scorer<Block, ItsReal, ItsSpace>) ||
        (Branch<First, ItsReal, ItsSpace> && Branch<Block, ItsReal, ItsSpace>) ||
        (Layer<First, ItsReal, ItsSpace> && Layer<Block, ItsReal, ItsSpace>) ||
        (!is_told<First, ItsReal, ItsSpace> && !is_told<Block, ItsReal, ItsSpace>);
    static_assert(one_concept || !one_real || !one_space,
                  "longshore: AnyOf chooses among blocks of one concept: all encoders, or all poolings, fusers, "
                  "scorers, branches, layers or losses; this Block is of another one than First");
    static constexpr bool looked_at = true;
  };

 public:
  static_assert((Beside<Rest>::looked_at && ...));
  static constexpr bool fusers = (Fuser<First, Real, Space> && ... && Fuser<Rest, Real, Space>);
  static constexpr bool scorers = (is_scorer<First> && ... && is_scorer<Rest>);
  static constexpr bool poolings = (is_pooling<First> && ... && is_pooling<Rest>);
  /// Whether every block can be called with this context and these inputs; whether some can; whether some say how much
  /// each input counted.
  template <class Context, class... Inputs>
  static constexpr bool all_called_with =
      (CalledWith<First, Context, Inputs...> && ... && CalledWith<Rest, Context, Inputs...>);
  template <class Context, class... Inputs>
  static constexpr bool some_called_with =
      (CalledWith<First, Context, Inputs...> || ... || CalledWith<Rest, Context, Inputs...>);
  template <class Context, class... Inputs>
  static constexpr bool some_hand_out_weights =
      (HandsOutWeights<First, Context, Inputs...> || ... || HandsOutWeights<Rest, Context, Inputs...>);

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
