// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <longshore/longshore.hpp>

int steps();

int main(int count, char** arguments) {
  const Kokkos::ScopeGuard kokkos(count, arguments);
  const longshore::Tensor<float, 2, Kokkos::DefaultExecutionSpace> table(3, 4);
  std::printf("longshore %s\n", LONGSHORE_VERSION_STRING);
  return steps() == 12 && table.size() == 12 ? 0 : 1;
}
