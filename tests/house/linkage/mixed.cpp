// SPDX-License-Identifier: Apache-2.0
// One of eight translation units of one program, each compiled with other flags; LONGSHORE_MIX is its number.
#include <longshore/longshore.hpp>

namespace ls = longshore;

template <int Mix>
double answer();

/// A product of matrices through Kokkos, the library's own micro-kernels and this unit's instruction set.
template <>
double answer<LONGSHORE_MIX>() {
  using Space = Kokkos::DefaultHostExecutionSpace;
  const ls::Linear<double, Space> linear({.in = 37, .out = 19}, ls::Random(7));
  const ls::Linear<double, Space> rows({.in = 37, .out = 11}, ls::Random(8));  // its weights serve as input
  ls::Inference<Space> context;
  double sum = 0;
  for (const double y : ls::copy_to_host(linear(context, ls::use(context, rows.weights)).data)) sum += y * y;
  return sum;
}
