// SPDX-License-Identifier: Apache-2.0
// One of the translation units of one program, each compiled with other flags; LONGSHORE_MIX is its number.
#include <longshore/longshore.hpp>

namespace ls = longshore;

template <int Mix>
double answer();

/// A product of matrices and a search by bytes through Kokkos, the library's own micro-kernels and this unit's
/// instruction set.
template <>
double answer<LONGSHORE_MIX>() {
  using Space = Kokkos::DefaultHostExecutionSpace;
  const ls::Linear<double, Space> linear({.in = 37, .out = 19}, ls::Random(7));
  const ls::Linear<double, Space> rows({.in = 37, .out = 11}, ls::Random(8));  // its weights serve as input
  ls::Inference<Space> context;
  double sum = 0;
  for (const double y : ls::copy_to_host(linear(context, ls::use(context, rows.weights)).data)) sum += y * y;
  const ls::Linear<float, Space> items({.in = 37, .out = 300}, ls::Random(9));
  const ls::QuantizedTopK<float, Space> index(items.weights.view());
  for (const ls::Id item : ls::copy_to_host(index(context, items.weights.view(), 5).items)) sum += item;
  return sum;
}
