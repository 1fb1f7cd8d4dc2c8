// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include <longshore/core/sequences.hpp>

#include "check_block.hpp"
#include "ragged.hpp"

/// What encoders are called with: steps of sequences of any lengths. The case of an encoder (see check_block.hpp)
/// derives from it and makes the block.
template <class Real, class Space, template <class, class> class Encoder>
struct RaggedCase {
  Ragged<Space> ragged;
  longshore::Parameter<Real, 2, Space> x;  // (N, D)
  Encoder<Real, Space> block;

  RaggedCase(const longshore::Random& random, int shape, longshore::Index features)
      : ragged(Ragged<Space>::example(random.stream("lengths"), shape)),
        x(random_input<Real, 2, Space>(random.stream("x"), ragged.steps(), features)) {}
  RaggedCase(const Golden& golden, const std::string& name)
      : ragged(golden, name), x(golden.shape(name + "/x")[0], golden.shape(name + "/x")[1]) {}

  auto apply(auto& context, const longshore::Matrix<Real, Space>& steps) const {
    return block(context, longshore::Sequences<Real, Space>{steps, ragged.offsets()}).steps;
  }
  auto operator()(auto& context) const { return apply(context, longshore::use(context, x)); }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }

 protected:
  /// Draws every number of the block, so that each gradient is of order one.
  void draw_block(const longshore::Random& random) {
    std::uint32_t number = 0;
    longshore::visit_parameters(block, [&](const longshore::Path&, auto& parameter) {
      const double size = parameter.rank == 2 ? 1 / std::sqrt(parameter.extent(parameter.rank - 1)) : 1;
      longshore::initialise(parameter, longshore::normal(size), random.stream(++number));
    });
  }
};
