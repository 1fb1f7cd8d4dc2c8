// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check_block.hpp"

namespace check {

/// A value that a block uses twice gets the sum of both gradients, and so do the block's parameters: backward kernels add
/// where they are told to. In double, exact up to the order of the sum.
///
/// @param example  a case with an input `x` and `apply(context, value)`, which its call uses
template <class Case>
void twice(const Case& example) {
  using Space = Kokkos::Serial;
  longshore::Training<Space> context(example);
  const auto once = run<double>(context, example);
  repeat_step(context);
  const auto x = longshore::use(context, example.x);
  const auto first = example.apply(context, x), second = example.apply(context, x);
  const auto cotangent = random_cotangent<double>(once.output.size());
  // Backward starts from the second result; the first one has its gradient already.
  first.gradient->data = const_cast<double*>(cotangent.data());
  auto given = context.gradient_of(first);
  context.backward(second, given);
  longshore::visit_parameters(example, [&](const longshore::Path& path, const auto& parameter) {
    CAPTURE(path.text());
    std::vector<double> doubled;
    for (const double g : once.gradients.at(path.text())) doubled.push_back(2 * g);
    close(longshore::copy_to_host(context.gradient_of(parameter).dense), doubled, 1e-13);
  });
}

}  // namespace check
