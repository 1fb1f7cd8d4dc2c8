// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/mean_of_values.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("mean_of_values: reference: none, one, and more than one chunk, alike on every space", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const std::int64_t count :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{65536}, std::int64_t{65537}, std::int64_t{200'000}}) {
    std::vector<Real> values(static_cast<std::size_t>(count));
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[i] = static_cast<Real>(1 + i % 5);
    const auto on_space = filled_tensor<Real, 1, Space>(values, values.size());
    ls::Tensor<double, 1, Space> workspace(ls::mean_of_values_workspace(count));
    const auto mean = filled_tensor<Real, 1, Space>({Real(7)}, 1);
    ls::mean_of_values<Real>(Space(), on_space.data(), count, const_cast<Real*>(mean.data()), workspace.data());
    CHECK(numbers_of(mean.view())[0] ==
          static_cast<double>(static_cast<Real>(count > 0 ? sum / static_cast<double>(count) : 0)));
  }
}
