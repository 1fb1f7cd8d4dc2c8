// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/gather_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("gather_rows: copies the rows that ids name, in their order, repeated ones too", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto table = filled_tensor<Real, 2, Space>({0, 1, 10, 11, 20, 21}, 3, 2);
  const auto ids = filled_tensor<ls::Id, 1, Space>({2, 0, 2, 1}, 4);
  ls::Tensor<Real, 2, Space> rows(4, 2);
  ls::gather_rows<Real, Space>(Space{}, table.view(), ids.view(), rows.view());
  CHECK(numbers_of(rows.view()) == std::vector<double>{20, 21, 0, 1, 20, 21, 10, 11});
}

TEST_CASE_TEMPLATE("gather_rows: any width and number of rows, none too", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index features : {1, 7, 64, 100})
    for (const ls::Index count : {0, 1, 513}) {
      const auto table = random_tensor<Real, 2, Space>(ls::Random(1), 50, features);
      std::vector<ls::Id> which;
      for (ls::Index i = 0; i < count; ++i) which.push_back((i * 17) % 50);
      const auto ids = filled_tensor<ls::Id, 1, Space>(which, count);
      ls::Tensor<Real, 2, Space> rows(count, features);
      ls::gather_rows<Real, Space>(Space{}, table.view(), ids.view(), rows.view());
      const auto from = numbers_of(table.view()), to = numbers_of(rows.view());
      for (std::size_t i = 0; i < to.size(); ++i) {
        const auto width = static_cast<std::size_t>(features);
        REQUIRE(to[i] == from[static_cast<std::size_t>(which[i / width]) * width + i % width]);
      }
    }
}
