// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <longshore/core/team.hpp>
#include <longshore/kernels/recurrent_products.hpp>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("runs and rows: copied, zeroed and added where they belong") {
  const ls::HostTeam team{0};
  const Numbers matrix{1, 2, 3, 4, 5, 6};
  Numbers to(4, -1);
  ls::copy_run(team, 3, matrix.data(), to.data());
  CHECK(to == Numbers{1, 2, 3, -1});
  ls::zero_run(team, 2, to.data());
  CHECK(to == Numbers{0, 0, 3, -1});
  ls::copy_row(team, matrix.data(), 1, 3, to.data());
  CHECK(to == Numbers{4, 5, 6, -1});
  ls::copy_row<double>(team, nullptr, 1, 3, to.data());
  CHECK(to == Numbers{0, 0, 0, -1});
  Numbers sums{10, 20, 30, 40};
  const ls::View<double, 2, Kokkos::Serial> view(sums.data(), 2, 2);
  const auto add = [&](const ls::Target<double, 2, Kokkos::Serial>& target) {
    ls::add_row(team, matrix.data(), target, 1);
  };
  add({view, ls::Update::add});
  CHECK(sums == Numbers{10, 20, 31, 42});
  add({view, ls::Update::write});
  CHECK(sums == Numbers{10, 20, 1, 2});
  add({});
  CHECK(sums == Numbers{10, 20, 1, 2});
}

TEST_CASE("RecurrentSums: dx and the sums of both weights from some of the gates, or nothing where nothing is wanted") {
  const ls::HostTeam team{0};
  // Two gates of H = 1, D = 2, two rows; the gradients of the gates lie at a stride of 3.
  const Numbers weights{1, 2, 10, 20}, dgates{1, 2, -9, 3, 4, -9}, x{5, 6, 7, 8}, states{2, 3};
  Numbers dx(4, 100), input(4, 100), hidden(2, 100);
  ls::RecurrentSums<double> sums{2, 1, weights.data(), dx.data(), input.data(), hidden.data(), ls::Update::write};
  const ls::Strided<const double> gates{dgates.data(), 3};
  sums.add_input(team, 2, 0, 2, gates, x.data());
  CHECK(dx == Numbers{1 + 20, 2 + 40, 3 + 40, 6 + 80});
  CHECK(input == Numbers{1 * 5 + 3 * 7, 1 * 6 + 3 * 8, 2 * 5 + 4 * 7, 2 * 6 + 4 * 8});
  sums.add_hidden(team, 2, 0, 2, gates, {states.data(), 1});
  CHECK(hidden == Numbers{1 * 2 + 3 * 3, 2 * 2 + 4 * 3});
  // The second gate alone, added: dx adds from the second gate on, whatever the sums do.
  sums.update = ls::Update::add;
  sums.add_input(team, 2, 1, 1, gates.from(0, 1), x.data());
  CHECK(dx == Numbers{21 + 20, 42 + 40, 43 + 40, 86 + 80});
  CHECK(input == Numbers{26, 30, 38 + 38, 44 + 44});
  sums.add_hidden(team, 2, 1, 1, gates.from(0, 1), {states.data(), 1});
  CHECK(hidden == Numbers{11, 16 + 16});
  // All gates again, added to the sums: dx is of these rows only.
  sums.add_input(team, 2, 0, 2, gates, x.data());
  CHECK(dx == Numbers{21, 42, 43, 86});
  CHECK(input == Numbers{52, 60, 114, 132});
  const ls::RecurrentSums<double> nothing{2, 1, weights.data(), nullptr, nullptr, nullptr, ls::Update::write};
  nothing.add_input(team, 2, 0, 2, gates, x.data());
  nothing.add_hidden(team, 2, 0, 2, gates, {states.data(), 1});
  CHECK(hidden == Numbers{11, 32});
}
