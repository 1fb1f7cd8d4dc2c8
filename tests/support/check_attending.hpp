// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <longshore/core/inference.hpp>
#include <longshore/core/training.hpp>

#include "count_allocations.hpp"
#include "ragged_case.hpp"
#include "sanitized.hpp"

/// What encoders that attend have in common, beside what every block has.
namespace check {

/// P13: output and gradients are finite where steps are of that size.
template <class Real, class Space, template <class, class> class Encoder>
Outcome<Real> finite(RaggedCase<Real, Space, Encoder>& example, double size) {
  namespace ls = longshore;
  ls::initialise(example.x, ls::normal(size), ls::Random(3));
  ls::Training<Space> context(example);
  const auto outcome = run<Real>(context, example);
  REQUIRE(!outcome.output.empty());
  for (const Real number : outcome.output) REQUIRE(std::isfinite(static_cast<double>(number)));
  for (const auto& entry : outcome.gradients)
    for (const Real number : entry.second) REQUIRE(std::isfinite(static_cast<double>(number)));
  return outcome;
}

/// What a causal encoder gives at a step does not depend on the steps behind it, bit for bit.
template <class Real, class Space, template <class, class> class Encoder>
void causal(RaggedCase<Real, Space, Encoder>& example) {
  namespace ls = longshore;
  REQUIRE(example.block.settings.causal);
  const ls::Index features = example.block.settings.features;
  example.ragged = Ragged<Space>({70});
  example.x = random_input<Real, 2, Space>(ls::Random(3), 70, features);
  ls::Inference<Space> context;
  const auto before = ls::copy_to_host(example(context).data);
  auto numbers = ls::copy_to_host(example.x.view());
  const std::size_t changed = 41 * static_cast<std::size_t>(features);
  for (std::size_t i = changed; i < numbers.size(); ++i) numbers[i] += 3;
  ls::copy_from_host(numbers, example.x.mutable_view());
  context.reset();
  const auto after = ls::copy_to_host(example(context).data);
  for (std::size_t i = 0; i < changed; ++i) REQUIRE(before[i] == after[i]);
  CHECK(before[changed] != after[changed]);
}

/// A sequence of 10,000 steps needs no memory that grows with the square.
///
/// @param block  of 4 features, in float
template <template <class, class> class Encoder, class Space>
void long_sequence(const Encoder<float, Space>& block) {
  namespace ls = longshore;
  constexpr ls::Index length = sanitized ? 1000 : 10'000;
  const Ragged<Space> ragged({length, 1});
  auto x = random_input<float, 2, Space>(ls::Random(1), length + 1, 4);
  ls::Training<Space> context(block);
  const auto y = block(context, ls::Sequences<float, Space>{x.mutable_view(), ragged.offsets()});
  const std::vector<float> cotangent((length + 1) * 4, 1e-3f);
  context.backward(y.steps, ls::View<const float, 2, Space>(cotangent.data(), length + 1, 4));
  for (const float number : ls::copy_to_host(y.steps.data)) REQUIRE(std::isfinite(number));
  CHECK(context.high_water() < 2'000u * length);  // 20 MB; 800 MB would hold the scores of one sequence
}

/// After the first ones a training step allocates nothing.
template <template <class, class> class Encoder>
void allocates_nothing(const RaggedCase<float, Kokkos::Serial, Encoder>& example) {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  ls::Training<Space, ls::Inline> context(example);
  const ls::Tensor<float, 2, Space> cotangent(example.x.extent(0), example.x.extent(1));
  const auto step = [&] {
    context.reset();
    const auto y = example(context);
    context.backward(y, ls::View<const float, 2, Space>(cotangent.view()));
  };
  step();
  step();
  const auto before = count_allocations();
  for (int i = 0; i < 3; ++i) step();
  CHECK(count_allocations() == before);
}

}  // namespace check
