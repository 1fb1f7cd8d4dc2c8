// expects: longshore: AnyOf chooses among blocks of one Space; this Block is of another one than First
// SPDX-License-Identifier: Apache-2.0
#include <longshore/fusers/max_fuser.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/models/any_of.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

/// Another space than any that Kokkos was built with.
struct Elsewhere : Kokkos::Serial {
  using execution_space = Elsewhere;
};

ls::AnyOf<ls::MeanFuser<float, Space>, ls::MaxFuser<float, Space>> fitting;
#ifndef LONGSHORE_CONTROL
ls::AnyOf<ls::MeanFuser<float, Space>, ls::MaxFuser<float, Elsewhere>> one_elsewhere;
#endif
