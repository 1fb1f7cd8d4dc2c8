// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <longshore/kernels/window_weights.hpp>
#include <utility>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("window_weights: weights and shares of every pair equal loops over windows and rows", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Space space;
  for (int shape = 0; shape < 12; ++shape) {
    CAPTURE(shape);
    const auto list = WindowList::example(ls::Random(3).stream(static_cast<std::uint32_t>(shape)), shape);
    const PlacedWindows<Space> placed(list);
    const auto windows = placed.windows();
    std::vector<float> of_rows;
    for (ls::Index row = 0; row < list.steps; ++row)
      of_rows.push_back(row % 4 == 1 ? 0.0f : 0.3f * static_cast<float>(row + 1));
    const auto weights = filled_tensor<float, 1, Space>(of_rows, list.steps);
    ls::Tensor<Real, 1, Space> plain(windows.pair_count), shares(windows.pair_count);
    ls::window_weights<Real, Space>(space, windows, false, weights.view(), plain.view());
    ls::window_weights<Real, Space>(space, windows, true, weights.view(), shares.view());
    std::vector<double> expected, expected_shares;
    for (std::size_t w = 0; w < list.size(); ++w) {
      double sum = 0;
      for (ls::Index row = list.begin[w]; row < list.end[w]; ++row) sum += of_rows[static_cast<std::size_t>(row)];
      for (ls::Index row = list.begin[w]; row < list.end[w]; ++row) {
        const double weight = of_rows[static_cast<std::size_t>(row)];
        expected.push_back(weight);
        expected_shares.push_back(sum > 0 ? weight / sum : 0);
      }
    }
    std::vector<ls::LogWeight> logarithms;
    for (const float weight : of_rows) logarithms.push_back({std::log2(double{weight}) - 12345});
    ls::Tensor<ls::LogWeight, 1, Space> log_weights(list.steps);
    ls::copy_from_host<ls::LogWeight>(logarithms, log_weights.view());
    ls::Tensor<Real, 1, Space> relative(windows.pair_count), log_shares(windows.pair_count);
    ls::window_weights<Real, Space>(space, windows, false, std::as_const(log_weights).view(), relative.view());
    ls::window_weights<Real, Space>(space, windows, true, std::as_const(log_weights).view(), log_shares.view());
    std::vector<double> expected_relative;
    for (std::size_t w = 0; w < list.size(); ++w) {
      double greatest = 0;
      for (ls::Index row = list.begin[w]; row < list.end[w]; ++row)
        greatest = std::max<double>(greatest, of_rows[static_cast<std::size_t>(row)]);
      for (ls::Index row = list.begin[w]; row < list.end[w]; ++row)
        expected_relative.push_back(greatest > 0 ? of_rows[static_cast<std::size_t>(row)] / greatest : 0);
    }
    check::close(ls::copy_to_host(relative.view()), expected_relative, tolerance<Real>);
    check::close(ls::copy_to_host(log_shares.view()), expected_shares, tolerance<Real>);
    check::close(ls::copy_to_host(plain.view()), expected, 0);
    check::close(ls::copy_to_host(shares.view()), expected_shares, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("window_weights: shares of the smallest and the greatest numbers, and of zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const PlacedWindows<Space> placed({{0, 2, 4, 6}, {2, 4, 6, 6}, 6});
  const float least = std::numeric_limits<float>::denorm_min(), most = std::numeric_limits<float>::max();
  const auto weights = filled_tensor<float, 1, Space>({least, least, most, most, 0, 0}, 6);
  ls::Tensor<Real, 1, Space> shares(6);
  ls::window_weights<Real, Space>(Space{}, placed.windows(), true, weights.view(), shares.view());
  CHECK(numbers_of(shares.view()) == std::vector<double>{0.5, 0.5, 0.5, 0.5, 0, 0});
}
