// SPDX-License-Identifier: Apache-2.0
#include <longshore/io.hpp>
#include <longshore/longshore.hpp>

int steps();

int steps() {
  const longshore::Tensor<double, 2, Kokkos::DefaultExecutionSpace> table(3, 4);
  return static_cast<int>(table.size());
}
