// expects: longshore: AnyOf chooses among blocks of one Real; this Block has another one than First
// SPDX-License-Identifier: Apache-2.0
#include <longshore/fusers/max_fuser.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/models/any_of.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

ls::AnyOf<ls::MeanFuser<float, Space>, ls::MaxFuser<float, Space>> fitting;
#ifndef LONGSHORE_CONTROL
ls::AnyOf<ls::MeanFuser<float, Space>, ls::MaxFuser<double, Space>> one_in_double;
#endif
