// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <concepts>
#include <limits>
#include <string>
#include <vector>

#include <longshore/core/concepts.hpp>

#include "error_text.hpp"
#include "pooling_case.hpp"

/// What poolings without parameters have in common, beside what every block has.
namespace check {

/// It models Pooling, and sequences are pooled as windows over each.
template <template <class, class> class Block>
void models_pooling() {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  static_assert(ls::Pooling<Block<float, Space>, float, Space>);
  static_assert(ls::Pooling<Block<double, Space>, double, Space>);
  static_assert(!ls::Pooling<Block<float, Space>, double, Space>);  // deleted overloads are no match
  static_assert(!std::invocable<const Block<float, Space>&, ls::Inference<Space>&, const ls::Matrix<float, Space>&>);
  const PlacedWindows<Space> placed({{0, 2}, {2, 3}, 3});
  ls::Tensor<ls::Index, 1, Space> offsets(3);
  ls::copy_from_host<ls::Index>({0, 2, 3}, offsets.view());
  ls::Tensor<float, 2, Space> x(3, 1);
  ls::copy_from_host<float>({1, 2, 4}, x.view());
  ls::Inference<Space> context;
  const Block<float, Space> pool;
  const auto of_sequences = pool(context, ls::Sequences<float, Space>{x.view(), {offsets.view(), 2}});
  const auto of_windows = pool(context, {x.view(), placed.windows()});
  CHECK(ls::copy_to_host(of_sequences.data) == ls::copy_to_host(of_windows.data));
}

/// Five steps of two features, (1, -1) (3, 5) (8, 5) (1, -4) (9, 9), in four windows: the first two, the second and
/// the third, the fourth, none; the fifth is in no window.
///
/// @param expected      (4, 2)
/// @param step_weights  (5), or none
template <template <class, class> class Block, class Real, class Space>
void four_windows(const std::vector<Real>& expected, const std::vector<float>& step_weights = {}) {
  namespace ls = longshore;
  const PlacedWindows<Space> placed({{0, 1, 3, 4}, {2, 3, 4, 4}, 5});
  ls::Tensor<Real, 2, Space> x(5, 2);
  ls::copy_from_host<Real>({1, -1, 3, 5, 8, 5, 1, -4, 9, 9}, x.view());
  const ls::Windowed<Real, Space> windowed(x.view(), placed.windows());
  const Block<Real, Space> pool;
  ls::Inference<Space> context;
  auto z = pool(context, windowed);
  ls::Tensor<float, 1, Space> weights(static_cast<ls::Index>(step_weights.size()));
  if constexpr (PoolsByWeights<Block<Real, Space>, Space>)
    if (!step_weights.empty()) {
      ls::copy_from_host<float>(step_weights, weights.view());
      z = pool(context, windowed, weights.view());
    }
  context.fence();
  CHECK(ls::copy_to_host(z.data) == expected);
}

/// Of logarithms of weights only the differences within a window count: 1 and 4 pooled by neighbours, 0 and 1; the same
/// far from 0; ages beyond every number; one that does not count; and none that does.
///
/// @param expected  (5)
template <template <class, class> class Block, class Real, class Space>
void log_weights(const std::vector<double>& expected) {
  namespace ls = longshore;
  const PlacedWindows<Space> placed({{0, 2, 4, 6, 8}, {2, 4, 6, 8, 10}, 10});
  ls::Tensor<Real, 2, Space> x(10, 1);
  ls::copy_from_host<Real>({1, 4, 1, 4, 1, 4, 1, 4, 1, 4}, x.view());
  const double never = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::max();
  ls::Tensor<ls::LogWeight, 1, Space> weights(10);
  ls::copy_from_host<ls::LogWeight>(
      {{-1}, {0}, {1e15 - 1}, {1e15}, {-most}, {most}, {never}, {-1e300}, {never}, {never}}, weights.view());
  ls::Inference<Space> context;
  const auto z = Block<Real, Space>()(context, {x.view(), placed.windows()}, weights.view());
  context.fence();
  close(ls::copy_to_host(z.data), expected, tolerance<Real>);
}

/// Weights that are none are refused by their number, as such and as logarithms; those of 0 are not.
template <template <class, class> class Block>
void refuses_step_weights(const std::string& name) {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  const PlacedWindows<Space> placed({{0, 2}, {2, 4}, 4});
  ls::Tensor<float, 2, Space> x(4, 2);
  const float infinite = std::numeric_limits<float>::infinity(), none = std::numeric_limits<float>::quiet_NaN();
  const auto refusal = [&](auto weight) {
    using Weight = decltype(weight);
    ls::Tensor<Weight, 1, Space> weights(4);
    ls::copy_from_host<Weight>({Weight{1}, Weight{0}, Weight{0}, weight}, weights.view());
    ls::Inference<Space> context;
    return test::error_text<ls::DataError>([&] {
      Block<float, Space>()(context, {x.view(), placed.windows()}, weights.view());
    });
  };
  const std::string weight = name + ": a step's weight is finite and at least 0, number 3 is ";
  CHECK(refusal(-1e-30f) == weight + "-1e-30");
  CHECK(refusal(infinite) == weight + "inf");
  CHECK(refusal(-infinite) == weight + "-inf");
  CHECK(refusal(none).starts_with(weight));
  CHECK(refusal(0.0f) == "nothing was thrown");
  CHECK(refusal(-0.0f) == "nothing was thrown");
  CHECK(refusal(std::numeric_limits<float>::max()) == "nothing was thrown");
  const std::string logarithm = name + ": the logarithm of a step's weight is finite or minus infinity, number 3 is ";
  CHECK(refusal(ls::LogWeight{infinite}) == logarithm + "inf");
  CHECK(refusal(ls::LogWeight{none}).starts_with(logarithm));
  CHECK(refusal(ls::LogWeight{-none}).starts_with(logarithm));
  CHECK(refusal(ls::LogWeight{-infinite}) == "nothing was thrown");
  CHECK(refusal(ls::LogWeight{-1e300}) == "nothing was thrown");
}

/// Windows whose arrays do not fit each other, or that are out of order, are refused; weights of other steps too.
template <template <class, class> class Block>
void refuses_windows(const std::string& name) {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  const Block<float, Space> pool;
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(4, 2);
  ls::Tensor<ls::Index, 1, Space> two(2), three(3);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), ls::Windows<Space>(two.view(), three.view(), three.view(), 0, 0)}),
                       (name + ": the windows have 2 begins and 3 ends").c_str(), ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool(context, {x.view(), ls::Windows<Space>(two.view(), two.view(), two.view(), 0, 0)}),
                       (name + ": 2 windows need 3 pair offsets, 2 came").c_str(), ls::ShapeError);
  const PlacedWindows<Space> unordered({{2, 0}, {4, 2}, 4});
  CHECK_THROWS_AS(pool(context, {x.view(), unordered.windows()}), ls::DataError);
  if constexpr (PoolsByWeights<Block<float, Space>, Space>) {
    const PlacedWindows<Space> placed({{0, 2}, {2, 4}, 4});
    ls::Tensor<float, 1, Space> weights(3);
    CHECK_THROWS_WITH_AS(pool(context, {x.view(), placed.windows()}, weights.view()),
                         (name + ": 3 weights came for 4 steps").c_str(), ls::ShapeError);
  }
}

}  // namespace check
