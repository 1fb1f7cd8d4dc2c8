// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <longshore/core/block_traits.hpp>
#include <longshore/core/log_weight.hpp>
#include <vector>

#include "../reference/poolings.hpp"
#include "check_block.hpp"
#include "window_list.hpp"

/// Features of the steps in the shape-th example: one, and sizes around the widths of registers.
inline longshore::Index features_of(int shape) {
  const longshore::Index features[] = {1, 3, 17, 4, 8, 5, 33};
  return features[shape % 7];
}

/// A pooling that takes weights of the steps.
template <class Block, class Space>
concept PoolsByWeights = requires(
    const Block& block, longshore::Inference<Space>& context, const longshore::View<const float, 1, Space>& weights,
    const longshore::Windowed<longshore::RealOf<Block>, Space>& windowed) { block(context, windowed, weights); };

/// A case (see check_block.hpp) for poolings without parameters. Where they take weights of the steps, every other shape
/// has some, by turns as they are and as logarithms: above 0 in the first ones, a third of them 0 in the others.
template <template <class, class> class Block, class Real, class Space>
struct PoolingCase {
  WindowList list;
  PlacedWindows<Space> placed;
  longshore::Parameter<Real, 2, Space> x;  // (N, D)
  Block<Real, Space> block;
  bool weighted = false, logarithmic = false;
  longshore::Tensor<float, 1, Space> step_weights;               // (N), or empty
  longshore::Tensor<longshore::LogWeight, 1, Space> logarithms;  // (N), or empty

  PoolingCase(const longshore::Random& random, int shape)
      : list(WindowList::example(random.stream("windows"), shape)),
        placed(list),
        x(random_input<Real, 2, Space>(random.stream("x"), list.steps, features_of(shape))) {
    if (shape % 2 == 0 || !PoolsByWeights<Block<Real, Space>, Space>) return;
    std::vector<float> weights;
    for (longshore::Index row = 0; row < list.steps; ++row) {
      const auto i = static_cast<std::uint64_t>(row);
      const bool none = shape >= 7 && random.stream("none").below(i, 3) == 0;
      weights.push_back(none ? 0.0f : 0.25f + random.stream("weights").uniform<float>(i));
    }
    logarithmic = shape % 4 == 3;
    weigh(weights);
  }
  PoolingCase(const Golden& golden, const std::string& name)
      : list(golden, name), placed(list), x(golden.shape(name + "/x")[0], golden.shape(name + "/x")[1]) {
    if (!golden.has(name + "/step_weights")) return;
    const auto weights = golden.numbers(name + "/step_weights");
    weigh({weights.begin(), weights.end()});
  }
  void weigh(const std::vector<float>& weights) {
    weighted = true;
    std::vector<longshore::LogWeight> log_weights;
    for (const float weight : weights) log_weights.push_back({1000 + std::log2(double{weight})});
    logarithms = longshore::Tensor<longshore::LogWeight, 1, Space>(static_cast<longshore::Index>(weights.size()));
    longshore::copy_from_host<longshore::LogWeight>(log_weights, logarithms.view());
    step_weights = longshore::Tensor<float, 1, Space>(static_cast<longshore::Index>(weights.size()));
    longshore::copy_from_host<float>(weights, step_weights.view());
  }
  /// A weight for each step of window w: 1 where there are none; of logarithms relative to the greatest.
  naive::Row weights(std::size_t w) const {
    if (!weighted) return naive::Row(static_cast<std::size_t>(list.length(w)), 1.0);
    const auto all = longshore::copy_to_host(step_weights.view());
    naive::Row weights(all.begin() + list.begin[w], all.begin() + list.end[w]);
    const double greatest = weights.empty() ? 0 : *std::max_element(weights.begin(), weights.end());
    if (logarithmic && greatest > 0)
      for (double& weight : weights) weight /= greatest;
    return weights;
  }

  auto operator()(auto& context) const {
    const longshore::Windowed<Real, Space> windowed(longshore::use(context, x), placed.windows());
    if constexpr (PoolsByWeights<Block<Real, Space>, Space>)
      if (weighted && logarithmic) return block(context, windowed, logarithms.view());
    if constexpr (PoolsByWeights<Block<Real, Space>, Space>)
      if (weighted) return block(context, windowed, step_weights.view());
    return block(context, windowed);
  }
  void visit(auto&& visitor) { visitor("x", x); }
};

namespace check {

/// What a case gives on 20 shapes equals `expected(case)`, numbers that naive loops computed.
template <template <class, class> class Case, class Real, class Space>
void reference(const std::function<std::vector<double>(const Case<Real, Space>&)>& expected) {
  for (int shape = 0; shape < 20; ++shape) {
    CAPTURE(shape);
    const Case<Real, Space> example(longshore::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    longshore::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    close(longshore::copy_to_host(value.data), expected(example), tolerance<Real>);
  }
}

/// Nothing is read before it is written, and every element of a gradient is: memory full of not-a-number changes no bit.
template <template <class, class> class Case>
void dirty_memory() {
  using Space = Kokkos::Serial;
  for (int shape = 0; shape < 20; ++shape) {
    CAPTURE(shape);
    const Case<float, Space> example(longshore::Random(31).stream(static_cast<std::uint32_t>(shape)), shape);
    longshore::Training<Space> clean(example), dirty(example);
    const auto expected = run<float>(clean, example);
    const longshore::Index numbers = 1 << 20;
    const auto scratch = longshore::scratch<float>(dirty, numbers);
    for (longshore::Index i = 0; i < numbers; ++i) scratch(i) = std::numeric_limits<float>::quiet_NaN();
    const auto actual = run<float>(dirty, example);  // resets first: the same memory is handed out again
    CHECK(dirty.high_water() <= (std::size_t{1} << 22) + 65536);
    CHECK(actual.output == expected.output);
    CHECK(actual.gradients == expected.gradients);
  }
}

/// Empty windows give zeros, no windows no rows, and rows that no window holds get a gradient of zero.
template <template <class, class> class Case, class Real, class Space>
void outside_windows() {
  for (const int shape : {3, 4, 5}) {
    CAPTURE(shape);
    const Case<Real, Space> example(longshore::Random(3), shape);
    longshore::Training<Space> context(example);
    const auto outcome = run<Real>(context, example);
    const auto& list = example.list;
    const std::size_t columns = list.size() > 0 ? outcome.output.size() / list.size() : 0;
    REQUIRE(outcome.output.size() == list.size() * columns);
    for (std::size_t w = 0; w < list.size(); ++w)
      for (std::size_t d = 0; d < columns; ++d) CHECK((outcome.output[w * columns + d] == 0) == (list.length(w) == 0));
    if (list.steps == 0) continue;
    const auto features = static_cast<std::size_t>(example.x.extent(1));
    const auto& dx = outcome.gradients.at("x");
    for (longshore::Index row = 0; row < list.steps; ++row) {
      bool held = false;
      for (std::size_t w = 0; w < list.size(); ++w) held = held || (list.begin[w] <= row && row < list.end[w]);
      for (std::size_t d = 0; d < features && !held; ++d) CHECK(dx[static_cast<std::size_t>(row) * features + d] == 0);
    }
  }
}

}  // namespace check
