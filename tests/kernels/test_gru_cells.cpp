// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/team.hpp>
#include <longshore/kernels/gru_cells.hpp>
#include <vector>

#include "../reference/recurrent.hpp"

namespace ls = longshore;

namespace {

using Space = Kokkos::Serial;
using Numbers = std::vector<double>;
using reference::sigmoid;

/// One sequence of one step; H = 1.
struct OneStep {
  std::vector<ls::Index> rows{0, 1}, order{0};
  ls::SequenceGroups<Space> groups{{ls::View<const ls::Index, 1, Space>(rows.data(), 2), 1},
                                   ls::View<const ls::Index, 1, Space>(order.data(), 1)};
};

const Numbers weights{0.5, -1, 2}, bias{0.1, 0.2, 0.3};  // of r, z, n
constexpr double h = 0.5;
const double r = sigmoid(1 + 0.25 + 0.1), z = sigmoid(2 - 0.5 + 0.2);

void equal(const Numbers& actual, const Numbers& expected) {
  REQUIRE(actual.size() == expected.size());
  for (std::size_t k = 0; k < actual.size(); ++k) CHECK(actual[k] == doctest::Approx(expected[k]).epsilon(1e-14));
}

/// State and memory after a step from h, with 1, 2 and -0.5 from x.
Numbers stepped(ls::GruVariant variant, bool keeps) {
  const OneStep one;
  constexpr std::size_t slots = static_cast<std::size_t>(ls::SequenceGroups<Space>::slots);
  Numbers inputs{1, 2, -0.5}, own(4 * slots), states{h}, kept(4, -7);
  const ls::GruForwardCell<double, Space> cell{variant, 1, weights.data(), bias.data(), keeps ? kept.data() : nullptr};
  cell.step(ls::HostTeam{0}, {one.groups, 0, 0, 1, states.data(), own.data(), nullptr}, inputs.data());
  kept.insert(kept.begin(), states[0]);
  return kept;
}

/// dh before the step, then the row of the step, from a gradient of 1.5 by h after it.
Numbers differentiated(ls::GruVariant variant, const Numbers& kept) {
  const OneStep one;
  constexpr std::size_t slots = static_cast<std::size_t>(ls::SequenceGroups<Space>::slots);
  Numbers own(slots), states{1.5}, rows(4);
  const Numbers before{h};
  const ls::GruBackwardCell<double, Space> cell{variant, 1, weights.data(), kept.data()};
  cell.step(ls::HostTeam{0}, {one.groups, 0, 0, 1, states.data(), own.data(), before.data()}, rows.data());
  rows.insert(rows.begin(), states[0]);
  return rows;
}

}  // namespace

TEST_CASE("GruForwardCell: a step of one unit by hand, the reset gate behind the product") {
  const double product = 2 * h + 0.3, n = std::tanh(-0.5 + r * product);
  equal(stepped(ls::GruVariant::reset_after, true), {(1 - z) * n + z * h, r, z, n, product});
  equal(stepped(ls::GruVariant::reset_after, false), {(1 - z) * n + z * h, -7, -7, -7, -7});
}

TEST_CASE("GruForwardCell: a step of one unit by hand, the reset gate before the product") {
  const double n = std::tanh(-0.5 + 2 * (r * h) + 0.3);
  equal(stepped(ls::GruVariant::reset_before, true), {(1 - z) * n + z * h, r, z, n, r * h});
}

TEST_CASE("GruBackwardCell: gradients of a step of one unit by hand, the reset gate behind the product") {
  const double n = 0.25, product = 1.3, dn = 1.5 * (1 - z) * (1 - n * n), dr = dn * product * r * (1 - r),
               dz = 1.5 * (h - n) * z * (1 - z);
  equal(differentiated(ls::GruVariant::reset_after, {r, z, n, product}),
        {1.5 * z + 0.5 * dr - dz + 2 * dn * r, dr, dz, dn * r, dn});
}

TEST_CASE("GruBackwardCell: gradients of a step of one unit by hand, the reset gate before the product") {
  const double n = 0.25, dn = 1.5 * (1 - z) * (1 - n * n), dreset_state = 2 * dn, dr = dreset_state * h * r * (1 - r),
               dz = 1.5 * (h - n) * z * (1 - z);
  equal(differentiated(ls::GruVariant::reset_before, {r, z, n, r * h}),
        {1.5 * z + dreset_state * r + 0.5 * dr - dz, dr, dz, dn, r * h});
}

TEST_CASE("GruBackwardCell: passes on to the sums what each weight multiplied") {
  const Numbers rows{1, 2, 3, 4}, before{5}, x{7}, of_input{1, 10, 100};
  const auto sums = [&](ls::GruVariant variant) {
    Numbers dx(1), input(3), hidden(3);
    const ls::GruBackwardCell<double, Space> cell{variant, 1, weights.data(), nullptr};
    cell.sum(ls::HostTeam{0}, 1, rows.data(), before.data(), x.data(),
             {1, 1, of_input.data(), dx.data(), input.data(), hidden.data(), ls::Update::write});
    dx.insert(dx.end(), input.begin(), input.end());
    dx.insert(dx.end(), hidden.begin(), hidden.end());
    return dx;
  };
  // Behind the product W' h' sees the third number, W x the fourth.
  CHECK(sums(ls::GruVariant::reset_after) == Numbers{1 + 20 + 400, 7, 14, 28, 5, 10, 15});
  // Before it, both see the third, and the fourth is the state that W' multiplied.
  CHECK(sums(ls::GruVariant::reset_before) == Numbers{1 + 20 + 300, 7, 14, 21, 5, 10, 12});
}
