// expects: GateFuser: give candidates or {}, then {interests} of its Real
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/fusers/gate_fuser.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void interests_of_another_scalar_or_without_braces(const ls::GateFuser<float, Space>& fuse,
                                                   ls::Inference<Space>& context, const ls::Matrix<float, Space>& taste,
                                                   const ls::Matrix<double, Space>& wide) {
  fuse(context, {}, {taste, taste});
#ifndef LONGSHORE_CONTROL
  fuse(context, {}, {taste, wide});
  fuse(context, {}, taste, taste);
  fuse(context, taste);
#endif
  (void)wide;
}
