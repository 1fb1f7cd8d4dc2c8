// expects: They would outlive the memory: give the result a name.
// SPDX-License-Identifier: Apache-2.0
#include <longshore/interop/padded.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

ls::Index what_outlives_its_memory(const ls::View<const float, 3, Space>& vectors, std::span<const ls::Index> lengths) {
#ifndef LONGSHORE_CONTROL
  const auto sequences = ls::from_padded<Space>(vectors, lengths, ls::Padding::left).sequences();
#endif
  auto ragged = ls::from_padded<Space>(vectors, lengths, ls::Padding::left);
  return ragged.sequences().count();
}
