// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/dot_scores.hpp>

#include "../support/part_arrays.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("dot_scores: inner products and their gradients, written, added or left out", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(1, 2);
  arrays.add(1, 1, 2, {1, 2}).add(1, 2, 2, {3, 4, 5, 6});
  ls::Tensor<Real, 2, Space> scores(1, 2);
  ls::dot_scores_forward<Real, Space>(Space(), arrays.parts(), {}, Real(2), scores.view());
  CHECK(numbers_of(scores) == std::vector<Real>{22, 34});
  const auto dscores = tensor_of<Real, 2, Space>({1, 10}, 1, 2);
  const auto backward = [&](unsigned wanted, unsigned adding) {
    ls::dot_scores_backward<Real, Space>(Space(), dscores.view(), std::as_const(scores).view(), arrays.parts(), {},
                                         Real(2), arrays.targets(wanted, adding, 7));
  };
  backward(0b11, 0b10);
  CHECK(arrays.gradient(0) == std::vector<Real>{106, 128});
  CHECK(arrays.gradient(1) == std::vector<Real>{9, 11, 27, 47});
  backward(0b01, 0b01);
  CHECK(arrays.gradient(0) == std::vector<Real>{113, 135});
  CHECK(arrays.gradient(1) == std::vector<Real>{7, 7, 7, 7});
}

TEST_CASE_TEMPLATE("dot_scores: cosines, whose gradients are across the vectors", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(1, 1);
  arrays.add(1, 1, 2, {2, 0}).add(1, 1, 2, {0, 4});
  const auto first = tensor_of<Real, 1, Space>({Real(0.5)}, 1), second = tensor_of<Real, 1, Space>({Real(0.25)}, 1);
  const ls::ScoreNorms<Real> norms{{first.data(), second.data()}};
  ls::Tensor<Real, 2, Space> scores(1, 1);
  ls::dot_scores_forward<Real, Space>(Space(), arrays.parts(), norms, Real(1), scores.view());
  CHECK(numbers_of(scores) == std::vector<Real>{0});
  const auto dscores = tensor_of<Real, 2, Space>({8}, 1, 1);
  ls::dot_scores_backward<Real, Space>(Space(), dscores.view(), std::as_const(scores).view(), arrays.parts(), norms,
                                       Real(1), arrays.targets(0b11, 0, 7));
  CHECK(arrays.gradient(0) == std::vector<Real>{0, 4});
  CHECK(arrays.gradient(1) == std::vector<Real>{2, 0});
}
