// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/part_scores.hpp>

#include "../support/part_arrays.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("part_scores: a query for all, for a user, or for a candidate", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(1, 2);
  arrays.add(1, 1, 2, {1, 2}).add(1, 2, 2, {3, 4, 5, 6});
  ls::Tensor<Real, 3, Space> scores(1, 2, 2);
  const auto one = tensor_of<Real, 3, Space>({1, 10}, 1, 1, 2),
             each = tensor_of<Real, 3, Space>({1, 10, 0, 1}, 1, 2, 2);
  ls::part_scores_forward<Real, Space>(Space(), arrays.parts(), one.view(), Real(2), scores.view());
  CHECK(numbers_of(scores) == std::vector<Real>{42, 86, 42, 130});
  ls::part_scores_forward<Real, Space>(Space(), arrays.parts(), each.view(), Real(1), scores.view());
  CHECK(numbers_of(scores) == std::vector<Real>{21, 43, 2, 6});

  const auto dscores = tensor_of<Real, 3, Space>({1, 2, 3, 4}, 1, 2, 2);
  auto shared = tensor_of<Real, 3, Space>({7, 7}, 1, 1, 2), own = tensor_of<Real, 3, Space>({7, 7, 7, 7}, 1, 2, 2);
  const auto backward = [&](const auto& query, Real scale, unsigned wanted, unsigned adding, auto dquery) {
    ls::part_scores_backward<Real, Space>(Space(), dscores.view(), arrays.parts(), query.view(), scale,
                                          arrays.targets(wanted, adding, 7), dquery);
  };
  using Target = ls::Target<Real, 3, Space>;
  backward(one, Real(2), 0b11, 0b10, Target{shared.view(), ls::Update::write});
  CHECK(arrays.gradient(0) == std::vector<Real>{8, 80});
  CHECK(arrays.gradient(1) == std::vector<Real>{11, 47, 15, 87});
  CHECK(numbers_of(shared) == std::vector<Real>{60, 80});
  backward(each, Real(1), 0b01, 0b01, Target{own.view(), ls::Update::write});
  CHECK(arrays.gradient(0) == std::vector<Real>{8, 20});
  CHECK(arrays.gradient(1) == std::vector<Real>{7, 7, 7, 7});
  CHECK(numbers_of(own) == std::vector<Real>{7, 10, 23, 30});
  backward(each, Real(1), 0, 0, Target{own.view(), ls::Update::add});
  CHECK(numbers_of(own) == std::vector<Real>{14, 20, 46, 60});
  backward(each, Real(1), 0, 0, Target{});
}
