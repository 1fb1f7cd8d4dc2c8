// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/packed_weights.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <string>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

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
  ls::Index turn = 0;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    ls::multiply_packed<Real>(team, rows, first, last, a, weights, c, update, bias, turn);
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

TEST_CASE_TEMPLATE("multiply_packed: one row alone, in either turn, has the bits that it has among others", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int columns : {1, 64, 100, 128, 192, 200, 256, 300, 512})
    for (const int inner : {1, 33, 64})
      for (const auto update : {ls::Update::write, ls::Update::add})
        for (const bool biased : {false, true}) {
          const int rows = 3;
          CAPTURE(columns);
          CAPTURE(inner);
          const ls::Random random(6);
          const auto weights = random_tensor<Real, 2, Space>(random.stream("w"), columns, inner);
          const auto a = random_tensor<Real, 2, Space>(random.stream("a"), rows, inner);
          const auto bias = random_tensor<Real, 1, Space>(random.stream("b"), columns);
          ls::Tensor<Real, 1, Space> memory(ls::Workspace<Real>::size(columns, inner));
          ls::Workspace<Real> pieces{memory.data()};
          const Real* panels = ls::pack<Real, Space>(Space(), weights.view(), pieces);
          const auto multiplied = [&](ls::Index together, ls::Index turn) {
            auto c = random_tensor<Real, 2, Space>(random.stream("c"), rows, columns);
            for (ls::Index r = 0; r < rows; r += together)
              ls::for_each_team<Space>(Space(), 1,
                                       MultiplyPacked<Real>{together,
                                                            0,
                                                            columns,
                                                            {a.data() + r * inner, inner},
                                                            {panels, columns, inner},
                                                            {c.data() + r * columns, columns},
                                                            update,
                                                            biased ? bias.data() : nullptr,
                                                            turn});
            return numbers_of(c.view());
          };
          const auto among_others = multiplied(rows, 0);
          CHECK(multiplied(1, 0) == among_others);
          CHECK(multiplied(1, 1) == among_others);
        }
}
