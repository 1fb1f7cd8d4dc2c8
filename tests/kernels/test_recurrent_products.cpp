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

/// Lets one team multiply by packed weights.
template <class Real>
struct MultiplyPacked {
  static inline const std::string label = "test::multiply_packed";
  static constexpr int team_size = 64;
  ls::Index rows, first, last;
  ls::Strided<const Real> a;
  ls::PackedWeights<Real> weights;
  ls::Strided<Real> c;
  ls::Update update;
  const Real* bias;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    ls::multiply_packed<Real>(team, rows, first, last, a, weights, c, update, bias);
  }
};

}  // namespace

TEST_CASE("Workspace: pieces begin on cache lines and do not overlap") {
  CHECK(ls::Workspace<float>::size(0, 5) == 0);
  CHECK(ls::Workspace<float>::size(1, 1) == 16);
  CHECK(ls::Workspace<float>::size(4, 4) == 16);
  CHECK(ls::Workspace<float>::size(17, 1) == 32);
  CHECK(ls::Workspace<double>::size(70000, 70000) == 4900000000u);
  std::vector<float> memory(64);
  ls::Workspace<float> pieces{memory.data()};
  CHECK(pieces.take(3, 5) == memory.data());
  CHECK(pieces.take(0, 5) == memory.data() + 16);
  CHECK(pieces.take(1, 17) == memory.data() + 16);
  CHECK(pieces.next == memory.data() + 48);
}

TEST_CASE_TEMPLATE("pack, multiply_packed: columns of A W^T + bias, across panels, and no other column", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int columns : {1, 63, 64, 65, 150})
    for (const int inner : {1, 7, 33})
      for (const auto update : {ls::Update::write, ls::Update::add})
        for (const bool biased : {false, true}) {
          const int rows = 5, first = columns / 3, last = columns - columns / 5;
          CAPTURE(columns);
          CAPTURE(inner);
          const ls::Random random(4);
          const auto weights = random_tensor<Real, 2, Space>(random.stream("w"), columns, inner);
          const auto a = random_tensor<Real, 2, Space>(random.stream("a"), rows, inner + 2);
          const auto bias = random_tensor<Real, 1, Space>(random.stream("b"), columns);
          auto c = random_tensor<Real, 2, Space>(random.stream("c"), rows, columns + 1);
          const auto w = numbers_of(weights.view()), x = numbers_of(a.view()), b = numbers_of(bias.view()),
                     before = numbers_of(c.view());
          ls::Tensor<Real, 1, Space> memory(ls::Workspace<Real>::size(columns, inner));
          ls::Workspace<Real> pieces{memory.data()};
          const Real* panels = ls::pack<Real, Space>(Space(), weights.view(), pieces);
          CHECK(pieces.next == memory.data() + memory.size());
          ls::for_each_team<Space>(Space(), 1,
                                   MultiplyPacked<Real>{rows,
                                                        first,
                                                        last,
                                                        {a.data(), inner + 2},
                                                        {panels, columns, inner},
                                                        {c.data(), columns + 1},
                                                        update,
                                                        biased ? bias.data() : nullptr});
          const auto actual = numbers_of(c.view());
          for (int i = 0; i < rows; ++i)
            for (int j = 0; j <= columns; ++j) {
              const auto at = static_cast<std::size_t>(i * (columns + 1) + j);
              double expected = before[at];
              if (j >= first && j < last) {
                if (update == ls::Update::write) expected = 0;
                if (biased) expected += b[static_cast<std::size_t>(j)];
                for (int k = 0; k < inner; ++k)
                  expected +=
                      x[static_cast<std::size_t>(i * (inner + 2) + k)] * w[static_cast<std::size_t>(j * inner + k)];
              }
              REQUIRE(std::abs(actual[at] - expected) <= 4 * tolerance<Real>);
            }
        }
}

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
