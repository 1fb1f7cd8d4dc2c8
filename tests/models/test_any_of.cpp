// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/concepts.hpp>
#include <longshore/fusers/concat_fuser.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <vector>

#include "../support/check_block.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using AnyPooling = ls::AnyOf<ls::MeanPooling<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>>;

/// Windows over a few steps, pooled by one block of two.
template <class Real, class Space>
struct AnyPoolingCase {
  ls::Parameter<Real, 2, Space> steps{6, 3};
  ls::Tensor<ls::Index, 1, Space> offsets{4};
  AnyPooling<Real, Space> block;

  AnyPoolingCase(const ls::Random& random, int shape) {
    ls::initialise(steps, ls::normal(1), random.stream("steps"));
    ls::copy_from_host<ls::Index>({0, 2, 2, 6}, offsets.view());
    if (shape % 2) block = ls::AdditiveAttentionPooling<Real, Space>({.in = 3, .hidden = 2}, random);
  }
  auto operator()(auto& context) const {
    return block(context, ls::Windowed<Real, Space>(ls::Sequences<Real, Space>{ls::use(context, steps), {offsets.view(), 4}}));
  }
  void visit(auto&& visitor) {
    visitor("steps", steps);
    visitor("block", block);
  }
};

}  // namespace

TEST_CASE("AnyOf models the concept of its blocks") {
  using Space = Kokkos::Serial;
  static_assert(ls::Pooling<AnyPooling<float, Space>, float, Space>);
  static_assert(ls::Fuser<ls::AnyOf<ls::ConcatFuser<float, Space>, ls::MeanFuser<float, Space>>, float, Space>);
  static_assert(std::is_same_v<ls::RealOf<AnyPooling<float, Space>>, float>);
  CHECK(AnyPooling<float, Space>().block.index() == 0);
}

TEST_CASE("parameters are those of the chosen block, by its names") {
  const AnyPoolingCase<float, Kokkos::Serial> plain(ls::Random(1), 0), attentive(ls::Random(1), 1);
  int count = 0;
  bool named = false;
  ls::visit_parameters(plain.block, [&](const ls::Path&, const auto&) { ++count; });
  CHECK(count == 0);
  ls::visit_parameters(attentive, [&](const ls::Path& path, const auto&) { named = named || path.text().starts_with("block."); });
  CHECK(named);
}

TEST_CASE("P1: gradients pass through the chosen block; P4: with the same bits everywhere") {
  check::gradients<AnyPoolingCase>(4);
  check::same_bits<AnyPoolingCase>(4);
}

TEST_CASE("a fuser takes its interests in braces through AnyOf too") {
  using Space = Kokkos::Serial;
  ls::AnyOf<ls::ConcatFuser<float, Space>, ls::MeanFuser<float, Space>> fuse = ls::MeanFuser<float, Space>{};
  std::vector<float> a{1, 2}, b{3, 6};
  ls::Inference<Space> context;
  const ls::Interest<float, Space> x(ls::Matrix<float, Space>(ls::View<float, 2, Space>(a.data(), 1, 2))),
      y(ls::Matrix<float, Space>(ls::View<float, 2, Space>(b.data(), 1, 2)));
  const auto mean = fuse(context, {}, {x, y});
  CHECK(mean.vectors.data(0, 0, 1) == 4);
  CHECK(fuse.weights(context, {}, {x, y})(0, 0, 0) == 0.5f);
  CHECK_FALSE(fuse.sees_candidates());
  fuse = ls::ConcatFuser<float, Space>{};
  CHECK(fuse(context, {}, {x, y}).features() == 4);
}
