// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/team_sums.hpp>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("sum_teams: adds up the first columns of each team in order, more than a chunk of them", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int size : {0, 1, 511, 512, 1300})
    for (const int teams : {0, 1, 3}) {
      CAPTURE(size);
      CAPTURE(teams);
      const int stride = size + 5;
      const auto sums = random_tensor<Real, 2, Space>(ls::Random(3), teams, stride);
      const auto numbers = numbers_of(sums.view());
      for (const auto update : {ls::Update::write, ls::Update::add}) {
        auto to =
            filled_tensor<Real, 1, Space>(std::vector<Real>(static_cast<std::size_t>(size) + 1, Real(2)), size + 1);
        ls::sum_teams<Real, Space>(Space(), sums.data(), teams, stride, size, to.data(), update);
        const auto actual = numbers_of(to.view());
        for (int i = 0; i < size; ++i) {
          Real expected = update == ls::Update::add ? Real(2) : Real(0);
          for (int p = 0; p < teams; ++p)
            expected += static_cast<Real>(numbers[static_cast<std::size_t>(p * stride + i)]);
          REQUIRE(actual[static_cast<std::size_t>(i)] == static_cast<double>(expected));
        }
        CHECK(actual[static_cast<std::size_t>(size)] == 2);
      }
    }
}

TEST_CASE_TEMPLATE("TeamSums: columns go to a part of a target, or nowhere", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto numbers = filled_tensor<Real, 1, Space>({1, 2, 3, 4, 10, 20, 30, 40}, 8);
  auto to = filled_tensor<Real, 1, Space>({7, 7, 7, 7}, 4);
  const ls::TeamSums<Real> sums{numbers.data(), 2, 4};
  sums.add_to(Space(), 1, 2, ls::Target<Real, 1, Space>{to.view(), ls::Update::write}, 2);
  CHECK(numbers_of(to.view()) == std::vector<double>{7, 7, 22, 33});
  sums.add_to(Space(), 3, 1, ls::Target<Real, 1, Space>{to.view(), ls::Update::add}, 0);
  CHECK(numbers_of(to.view()) == std::vector<double>{51, 7, 22, 33});
  sums.add_to(Space(), 0, 4, ls::Target<Real, 1, Space>{}, 0);
  CHECK(numbers_of(to.view()) == std::vector<double>{51, 7, 22, 33});
}
