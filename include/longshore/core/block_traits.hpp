// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Scalar and space of a block, and the same block with others. Blocks are `Block<Real, Space>`; compositions are
/// templates of blocks, and take both from their first.
///
/// Cost: none at run time.
template <class Block>
struct BlockTraits;

/// A block whose template parameters are blocks themselves.
template <class Block>
concept ComposedBlock = requires { typename Block::first_part; };

template <template <class, class> class Block, class Real, class Space>
  requires(!ComposedBlock<Block<Real, Space>>)
struct BlockTraits<Block<Real, Space>> {
  using real = Real;
  using space = Space;
  template <class OtherSpace, class OtherReal>
  using rebind = Block<OtherReal, OtherSpace>;
};

template <template <class...> class Composed, class First, class... Rest>
  requires ComposedBlock<Composed<First, Rest...>>
struct BlockTraits<Composed<First, Rest...>> {
  using real = typename BlockTraits<First>::real;
  using space = typename BlockTraits<First>::space;
  template <class OtherSpace, class OtherReal>
  using rebind = Composed<typename BlockTraits<First>::template rebind<OtherSpace, OtherReal>,
                          typename BlockTraits<Rest>::template rebind<OtherSpace, OtherReal>...>;
};

/// The scalar of a block.
template <class Block>
using RealOf = typename BlockTraits<Block>::real;
/// The execution space of a block.
template <class Block>
using SpaceOf = typename BlockTraits<Block>::space;

}  // namespace longshore::inline LONGSHORE_ABI
