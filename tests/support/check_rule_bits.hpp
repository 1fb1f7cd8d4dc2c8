// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <longshore/optimizers/optimizer.hpp>

#include "check_rule_numbers.hpp"
#include "spaces.hpp"

namespace rules {

namespace ls = longshore;

/// Twelve steps with schedule and clipping give the same bits on Serial, on every other host space at its number of
/// threads, with the `Inline` executor, and twice in a row; on a device the same numbers to rounding.
template <class Real, class Rule>
void same_bits(const Rule& rule) {
  const auto run = [&]<class Space, class Executor>(const Space&, const Executor& executor) {
    Model<Real, Space> model(30, 300, 4100, 60, 20);
    randomise(model, ls::Random(5));
    ls::Optimizer<Rule, Space> optimizer(
        model, rule, {.clip_norm = 3, .schedule = {.kind = ls::Schedule::Kind::exponential, .decay = 0.9}});
    ls::Training<Space, Executor> context(model, ls::Random(0), executor);
    for (int step = 0; step < 12; ++step) {
      give(context, model, random_gradients(model, ls::Random(6).at(whole(step)), 100 * step));
      optimizer.step(model, context);
    }
    context.fence();
    optimizer.check();
    Numbers result = numbers_of(model);
    result.merge(moments_of(optimizer, model));
    result["norm"] = {optimizer.status().norm};
    return result;
  };
  const Numbers serial = run(Kokkos::Serial{}, Kokkos::Serial{});
  CHECK(run(Kokkos::Serial{}, ls::Inline{}) == serial);
  for_every_other_space([&](auto space) {
    for (int repetition = 0; repetition < 2; ++repetition) {
      const Numbers other = run(space, space);
      if constexpr (ls::is_host_space<decltype(space)>)
        CHECK(other == serial);
      else
        for (const auto& [part, numbers] : serial) CHECK(distance(other.at(part), numbers) <= after_many<Real>);
    }
  });
}

}  // namespace rules
