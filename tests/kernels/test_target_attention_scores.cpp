// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/target_attention_scores.hpp>

#include "../support/check_block.hpp"
#include "../support/target_attention_arrays.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("target_attention_scores: equal the network on the joined vectors, with and without keeping", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 12; ++shape)
    for (const ls::Index candidates : {1, 30}) {  // many candidates: a window lies in several groups
      CAPTURE(shape);
      const auto list = WindowList::example(ls::Random(3).stream(static_cast<std::uint32_t>(shape)), shape);
      TargetAttentionArrays<Real, Space> arrays(list, candidates, 3 + shape % 2 * 14, {9, 4});
      arrays.forward(Real(0.5), true);
      check::close(ls::copy_to_host(arrays.scores.view()), arrays.expected(0.5), tolerance<Real>);
      const auto kept = numbers_of(arrays.scores.view());
      arrays.forward(Real(0.5), false);
      CHECK(numbers_of(arrays.scores.view()) == kept);
    }
}
