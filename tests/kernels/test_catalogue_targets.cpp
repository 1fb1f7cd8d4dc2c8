// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/catalogue_targets.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("catalogue_targets: takes candidate 0; a target that does not count weighs nothing", Where,
                   LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  const auto candidates = filled_tensor<ls::Id, 2, Space>({2, 9, 3, 9, 0, 9}, 3, 2);
  const auto given = filled_tensor<float, 2, Space>({0.5f, 9, 7, 9, 2, 9}, 3, 2);
  auto targets = filled_tensor<ls::Id, 1, Space>({77, 77, 77}, 3);
  auto weights = filled_tensor<float, 1, Space>({77, 77, 77}, 3);
  ls::catalogue_targets<Space>(Space(), candidates.view(), given.view(), 3, targets.view(), weights.view());
  CHECK(numbers_of(targets.view()) == std::vector<double>{2, 0, 0});
  CHECK(numbers_of(weights.view()) == std::vector<double>{0.5, 0, 2});
  ls::catalogue_targets<Space>(Space(), candidates.view(), {}, 4, targets.view(), weights.view());
  CHECK(numbers_of(targets.view()) == std::vector<double>{2, 3, 0});
  CHECK(numbers_of(weights.view()) == std::vector<double>{1, 1, 1});
  const auto none = filled_tensor<ls::Id, 2, Space>({-1, 9, -2000000000, 9, 2147483647, 9}, 3, 2);
  ls::catalogue_targets<Space>(Space(), none.view(), {}, 4, targets.view(), weights.view());
  CHECK(numbers_of(targets.view()) == std::vector<double>{0, 0, 0});
  CHECK(numbers_of(weights.view()) == std::vector<double>{0, 0, 0});
}
