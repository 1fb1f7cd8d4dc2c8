// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/team.hpp>
#include <longshore/kernels/lstm_cells.hpp>
#include <vector>

#include "../reference/recurrent.hpp"

namespace ls = longshore;

namespace {

using Space = Kokkos::Serial;
using Numbers = std::vector<double>;
using reference::sigmoid;

/// Two sequences of one step each, whose rows lie in the order 1, 0 of their slots; H = 1.
struct TwoSlots {
  std::vector<ls::Index> rows{0, 1, 2}, order{1, 0};
  ls::SequenceGroups<Space> groups{{ls::View<const ls::Index, 1, Space>(rows.data(), 3), 1},
                                   ls::View<const ls::Index, 1, Space>(order.data(), 2)};
};

}  // namespace

TEST_CASE("LstmForwardCell: a step of one unit, by hand") {
  const TwoSlots two;
  const ls::HostTeam team{0};
  // Weights of i, f, g, o are packed as they are, since there is one column of states.
  const Numbers weights{0.5, -1, 2, 1}, bias{0.1, 0.2, 0.3, 0.4}, initial{9, 4};
  Numbers last(2, -1), gates(8), cells(2), own(12), states(12), inputs{1, 2, 3, 4, 0.5, 0.5, 0.5, 0.5};
  const ls::LstmForwardCell<double, Space> cell{1,           weights.data(), bias.data(), initial.data(),
                                                last.data(), gates.data(),   cells.data()};
  cell.start(team, 0, 1, own.data());
  cell.start(team, 1, 0, own.data());
  CHECK(own[0] == 4);
  CHECK(own[1] == 9);
  states[0] = 0.5;
  states[1] = -2;
  cell.step(team, {two.groups, 0, 0, 2, states.data(), own.data(), nullptr}, inputs.data());
  const double i = sigmoid(1 + 0.25 + 0.1), f = sigmoid(2 - 0.5 + 0.2), g = std::tanh(3 + 1 + 0.3),
               o = sigmoid(4 + 0.5 + 0.4), c = f * 4 + i * g;
  CHECK(own[0] == doctest::Approx(c).epsilon(1e-14));
  CHECK(states[0] == doctest::Approx(o * std::tanh(c)).epsilon(1e-14));
  // Slot 0 is sequence 1, whose step is row 1.
  const Numbers kept{i, f, g, o};
  for (std::size_t k = 0; k < 4; ++k) CHECK(gates[4 + k] == doctest::Approx(kept[k]).epsilon(1e-14));
  CHECK(cells[1] == own[0]);
  CHECK(gates[0] == doctest::Approx(sigmoid(0.5 - 1 + 0.1)).epsilon(1e-14));
  cell.finish(team, 0, 1, own.data());
  CHECK(last == Numbers{-1, own[0]});
}

TEST_CASE("LstmForwardCell: without initial states it starts from zeros, without last ones it writes none") {
  const ls::LstmForwardCell<float, Space> cell{3, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
  std::vector<float> own(6, 5.0f);
  cell.start(ls::HostTeam{0}, 1, 0, own.data());
  CHECK(own == std::vector<float>{5, 5, 5, 0, 0, 0});
  cell.finish(ls::HostTeam{0}, 1, 0, own.data());
}

TEST_CASE("LstmBackwardCell: gradients of a step of one unit, by hand") {
  const TwoSlots two;
  const ls::HostTeam team{0};
  const Numbers weights{0.5, -1, 2, 1}, gates{0, 0, 0, 0, 0.3, 0.6, -0.4, 0.8}, cells{0, 0.7}, initial{9, 4},
      dlast{0, 2};
  constexpr std::size_t slots = static_cast<std::size_t>(ls::SequenceGroups<Space>::slots);
  Numbers dinitial(2, -1), own(2 * slots), states(slots), rows(4);
  ls::Target<double, 2, Space> to{ls::View<double, 2, Space>(dinitial.data(), 2, 1), ls::Update::write};
  const ls::LstmBackwardCell<double, Space> cell{
      1, weights.data(), gates.data(), cells.data(), initial.data(), dlast.data(), to};
  cell.start(team, 0, 1, own.data());
  CHECK(own[0] == 2);
  states[0] = 1.5;
  cell.step(team, {two.groups, 0, 0, 1, states.data(), own.data(), nullptr}, rows.data());
  const double squashed = std::tanh(0.7), dc = 2 + 1.5 * 0.8 * (1 - squashed * squashed);
  const Numbers expected{dc * -0.4 * 0.3 * 0.7, dc * 4 * 0.6 * 0.4, dc * 0.3 * (1 - 0.16), 1.5 * squashed * 0.8 * 0.2};
  for (std::size_t k = 0; k < 4; ++k) CHECK(rows[k] == doctest::Approx(expected[k]).epsilon(1e-14));
  CHECK(own[0] == doctest::Approx(dc * 0.6).epsilon(1e-14));
  CHECK(states[0] == doctest::Approx(0.5 * rows[0] - rows[1] + 2 * rows[2] + rows[3]).epsilon(1e-14));
  cell.finish(team, 0, 1, own.data());
  CHECK(dinitial == Numbers{-1, own[0]});
}

TEST_CASE("LstmBackwardCell: passes gates, states and x on to the sums of their weights") {
  const Numbers weights(4), rows{1, 2, 3, 4, 10, 20, 30, 40}, before{5, 6}, x{7, 8}, of_input{1, 1, 2, 2};
  Numbers dx(2), input(4), hidden(4);
  const ls::LstmBackwardCell<double, Space> cell{1, weights.data(), nullptr, nullptr, nullptr, nullptr, {}};
  cell.sum(ls::HostTeam{0}, 2, rows.data(), before.data(), x.data(),
           {1, 1, of_input.data(), dx.data(), input.data(), hidden.data(), ls::Update::write});
  CHECK(dx == Numbers{1 + 2 + 6 + 8, 170});
  CHECK(input == Numbers{7 + 80, 14 + 160, 21 + 240, 28 + 320});
  CHECK(hidden == Numbers{5 + 60, 10 + 120, 15 + 180, 20 + 240});
}
