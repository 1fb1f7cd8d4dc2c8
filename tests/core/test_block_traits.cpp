// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/block_traits.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/kokkos.hpp>
#include <type_traits>

namespace ls = longshore;

namespace {

struct Here {};
struct There {};

template <class Real, class Space>
struct Simple {};
template <class Real, class Space>
struct Other {};

/// Made of blocks, and says so.
template <class First, class Second>
struct Pair {
  using first_part = First;
};
template <class... Parts>
struct Several {
  using first_part = void;
};

template <class Block>
concept HasTraits = requires { typename ls::BlockTraits<Block>::real; };

}  // namespace

TEST_CASE("BlockTraits: a block has its scalar and space, and is the same block with others") {
  using Block = Simple<float, Here>;
  static_assert(std::is_same_v<ls::RealOf<Block>, float>);
  static_assert(std::is_same_v<ls::SpaceOf<Block>, Here>);
  CHECK(std::is_same_v<ls::BlockTraits<Block>::rebind<There, double>, Simple<double, There>>);
}

TEST_CASE("BlockTraits: a composition takes both from its first block, and rebinds every part, nested ones too") {
  using Inner = Pair<Other<float, Here>, Simple<float, Here>>;
  using Outer = Several<Inner, Simple<float, Here>, Inner>;
  static_assert(ls::ComposedBlock<Inner> && ls::ComposedBlock<Outer> && !ls::ComposedBlock<Simple<float, Here>>);
  static_assert(std::is_same_v<ls::RealOf<Outer>, float>);
  static_assert(std::is_same_v<ls::SpaceOf<Outer>, Here>);
  using MovedInner = Pair<Other<double, There>, Simple<double, There>>;
  CHECK(std::is_same_v<ls::BlockTraits<Outer>::rebind<There, double>,
                       Several<MovedInner, Simple<double, There>, MovedInner>>);
}

TEST_CASE("BlockTraits: what is no block has none") {
  static_assert(!HasTraits<int>);
  static_assert(!HasTraits<Here>);
  CHECK(HasTraits<Simple<float, Here>>);
}
