// expects: longshore: InterestBranch joins an encoder and a pooling of one Real and Space; the second is neither a Pooling
// SPDX-License-Identifier: Apache-2.0
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/pooling/mean_pooling.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

ls::InterestBranch<ls::NoEncoder<float, Space>, ls::MeanPooling<float, Space>> fitting;
#ifndef LONGSHORE_CONTROL
ls::InterestBranch<ls::NoEncoder<float, Space>, ls::MeanPooling<double, Space>> a_pooling_in_double;
#endif
