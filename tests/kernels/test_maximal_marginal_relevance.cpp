// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/maximal_marginal_relevance.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("maximal_marginal_relevance: three alike and one that is not, by hand", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto table = filled_tensor<Real, 2, Space>({1, 0, 1, 0, 1, 0, 0, 1}, 4, 2);
  const auto items = filled_tensor<ls::Id, 2, Space>({0, 1, 2, 3, -1}, 1, 5);
  const auto scores = filled_tensor<Real, 2, Space>({4, 3, 2, 1, 0}, 1, 5);
  ls::Tensor<Real, 2, Space> inverse(1, 5), nearest(1, 5), chosen_scores(1, 5);
  ls::Tensor<ls::Id, 2, Space> chosen(1, 5);
  const auto order = [&](Real relevance) {
    ls::maximal_marginal_relevance<Real>(Space{}, 1,
                                         {5, 2, 5, relevance, true, false, items.data(), scores.data(), table.data(),
                                          inverse.data(), nearest.data(), chosen.data(), chosen_scores.data()});
    return numbers_of(chosen.view());
  };
  CHECK(order(1) == std::vector<double>{0, 1, 2, 3, -1});
  CHECK(order(Real(0.25)) == std::vector<double>{0, 3, 1, 2, -1});  // then .25 3 - .75, .25 2 - .75, and .25 1
  CHECK(numbers_of(chosen_scores.view())[1] == 1);
  CHECK(order(0) == std::vector<double>{0, 3, 1, 2, -1});
}
