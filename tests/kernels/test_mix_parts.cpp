// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/mix_parts.hpp>

#include "../support/part_arrays.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("mix_parts: weights of an array, for all, for each user, or for each candidate", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(2, 2);
  arrays.add(2, 1, 1, {1, 2}).add(2, 2, 1, {10, 20, 30, 40});
  const auto mixed = [&](int users, int candidates, const std::vector<Real>& numbers) {
    const auto weights = tensor_of<Real, 3, Space>(numbers, users, candidates, 2);
    ls::Tensor<Real, 3, Space> y(2, 2, 1), spread(2, 2, 2);
    const auto given = ls::mix_weights<Real, Space>(weights.view());
    ls::mix_parts_forward<Real, Space>(Space(), arrays.parts(), given, y.view());
    ls::spread_weights<Real, Space>(Space(), arrays.parts(), given, spread.view());
    const auto each = numbers_of(spread);
    const auto result = numbers_of(y);
    for (std::size_t r = 0; r < 4; ++r) {
      const Real first = r < 2 ? Real(1) : Real(2), second = static_cast<Real>(10 * (r + 1));
      CHECK(result[r] == each[2 * r] * first + each[2 * r + 1] * second);
    }
    return result;
  };
  CHECK(mixed(1, 1, {1, 2}) == std::vector<Real>{21, 41, 62, 82});
  CHECK(mixed(2, 1, {1, 0, 0, 1}) == std::vector<Real>{1, 1, 30, 40});
  CHECK(mixed(2, 2, {1, 0, 0, 1, 2, 0, 0, 2}) == std::vector<Real>{1, 20, 4, 80});
}

TEST_CASE_TEMPLATE("mix_parts: gradients by parts and by weights, written, added or left out", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(1, 2);
  arrays.add(1, 1, 2, {1, 2}).add(1, 2, 2, {3, 4, 5, 6}).add(1, 1, 2, {0, 1});
  ls::MixWeights<Real> weights;
  weights.constants[0] = 2;
  weights.constants[1] = 3;
  weights.constants[2] = 5;
  const auto dy = tensor_of<Real, 3, Space>({1, 10, 100, 1000}, 1, 2, 2);
  ls::Tensor<Real, 3, Space> dweights(1, 2, 3);
  ls::mix_parts_backward<Real, Space>(Space(), dy.view(), arrays.parts(), weights, arrays.targets(0b011, 0b010, 7),
                                      dweights.view());
  CHECK(arrays.gradient(0) == std::vector<Real>{202, 2020});
  CHECK(arrays.gradient(1) == std::vector<Real>{10, 37, 307, 3007});
  CHECK(arrays.gradient(2) == std::vector<Real>{7, 7});
  CHECK(numbers_of(dweights) == std::vector<Real>{21, 43, 10, 2100, 6500, 1000});
  // Without dweights, only the parts.
  ls::mix_parts_backward<Real, Space>(Space(), dy.view(), arrays.parts(), weights, arrays.targets(0b100, 0, 7), {});
  CHECK(arrays.gradient(2) == std::vector<Real>{505, 5050});
}
