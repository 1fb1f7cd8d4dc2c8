// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/inference.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/core/training.hpp>
#include <longshore/core/use.hpp>

#include "check_golden.hpp"
#include "check_gradients.hpp"
#include "check_same_bits.hpp"
#include "extents.hpp"

// What every block is put through. A block's test describes it once, as a case:
//
//     template <class Real, class Space>
//     struct LinearCase {
//       Parameter<Real, 2, Space> x;      // an input, kept as a parameter so that its gradient is checked too
//       Linear<Real, Space> block;
//       LinearCase(const Random& random, int shape);                 // the shape-th random example, edges included
//       LinearCase(const Golden& golden, const std::string& name);   // sizes from the golden tensors of a case
//       auto operator()(auto& context) const { return block(context, use(context, x)); }     // a Value
//       void visit(auto&& visitor) { visitor("x", x); visitor("block", block); }
//     };
//
// Inputs are of order one. `golden` tensors have the names of `visit`: `<case>/x`, `<case>/block.weights`, then
// `<case>/cotangent`, `<case>/output` and `<case>/grad/x`, ....

/// A parameter of random numbers of order one, kept as an input of a case.
template <class Real, int Rank, class Space, class... Extents>
longshore::Parameter<Real, Rank, Space> random_input(const longshore::Random& random, Extents... extents) {
  longshore::Parameter<Real, Rank, Space> parameter(extents...);
  longshore::initialise(parameter, longshore::normal(1), random);
  return parameter;
}
