// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/self_attention.hpp>
#include <vector>

#include "../support/attention_arrays.hpp"
#include "../support/check_block.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("self_attention_forward: on views, equals loops over sequences, heads, steps and keys", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool causal : {false, true})
    for (const auto& lengths : {std::vector<ls::Index>{1}, {0, 3, 0, 20, 1}, {90, 2, 40, 40, 0}}) {
      CAPTURE(causal);
      AttentionArraysOf<Real, Space> given(lengths, 2, 3, causal);
      check::close<double>(given.forward(), AttentionNumbers(given).output(), tolerance<Real>);
    }
}

TEST_CASE_TEMPLATE("self_attention_forward: leaves what backward needs: projections, mixed values, peaks and sums",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  AttentionArraysOf<Real, Space> given({2}, 1, 1, true);
  ls::copy_from_host<Real>({1, 2}, given.x.view());
  ls::copy_from_host<Real>({1, 3, 10}, given.in_weights.view());  // q = x, k = 3 x, v = 10 x + 1
  ls::copy_from_host<Real>({0, 0, 1}, given.in_bias.view());
  ls::copy_from_host<Real>({2}, given.out_weights.view());
  ls::copy_from_host<Real>({5}, given.out_bias.view());
  const auto y = given.forward();
  check::close<double>(numbers_of(given.projected.view()), {1, 3, 11, 2, 6, 21}, tolerance<Real>);
  // Step 1 sees itself alone, step 2 scores the keys 6 and 12.
  const double rest = std::exp(-6.0), mixed = (21 + 11 * rest) / (1 + rest);
  check::close<double>(numbers_of(given.attended.view()), {11, mixed}, tolerance<Real>);
  check::close<double>(numbers_of(given.statistics.view()), {3, 1, 12, 1 / (1 + rest)}, tolerance<Real>);
  check::close<double>(y, {27, 2 * mixed + 5}, tolerance<Real>);
}

TEST_CASE("sequences_per_team: about a hundred rows on a host, at least one sequence, at most all") {
  using Space = Kokkos::Serial;
  const auto each = [](const std::vector<ls::Index>& lengths) {
    const Ragged<Space> ragged(lengths);
    return ls::sequences_per_team(ragged.offsets(), ragged.steps());
  };
  CHECK(each({500, 400}) == 1);
  CHECK(each(std::vector<ls::Index>(100, 10)) == 12);
  CHECK(each({1, 1, 1}) == 3);
  CHECK(each({0, 0}) == 2);
  CHECK(each({}) == 1);
}

TEST_CASE("AttentionArrays: teams share the sequences, the last one takes what is left") {
  using Space = Kokkos::Serial;
  AttentionArraysOf<float, Space> given({5, 1, 0, 7, 2}, 2, 1, false);
  auto arrays = given.arrays();
  arrays.sequences_each = 2;
  CHECK(arrays.width() == 2);
  CHECK(arrays.teams() == 3);
  CHECK(arrays.first_row(1) == 6);
  CHECK(arrays.rows(1) == 7);
  CHECK(arrays.last_sequence(2) == 5);
  CHECK(arrays.rows(2) == 2);
}
