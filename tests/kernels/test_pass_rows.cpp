// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/pass_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

// Every width of registers, every remainder of four entries, rows that are parts of longer ones.
TEST_CASE_TEMPLATE("pass_rows: scores, and what they add, equal a loop over numbers", Real, float, double) {
  const ls::EntryWeights<Real> weights{2, Real(0.25), 3, 1, false};
  for (const ls::Index features : {1, 2, 3, 5, 8, 13, 16, 21, 32, 40, 64, 128, 256})
    for (const ls::Index count : {0, 1, 2, 3, 4, 9}) {
      CAPTURE(features);
      CAPTURE(count);
      const ls::Index rows = 11, stride = features + 2;
      const auto table = random_tensor<Real, 2, Kokkos::Serial>(ls::Random(1), rows, stride);
      const auto vector = random_tensor<Real, 1, Kokkos::Serial>(ls::Random(2), features);
      std::vector<ls::Id> columns;
      std::vector<Real> values;
      for (ls::Index e = 0; e < count; ++e) {
        columns.push_back(rows - 1 - e);
        values.push_back(static_cast<Real>(e % 3));  // zeros too
      }
      const auto y = numbers_of(table.view()), p = numbers_of(vector.view());
      const auto size = static_cast<std::size_t>(features);
      std::vector<double> scores, residual(size), product(size);
      double targets = 0, squares = 0;
      for (std::size_t e = 0; e < columns.size(); ++e) {
        const double* row = &y[static_cast<std::size_t>(columns[e] * stride) + 1];
        const double value = static_cast<double>(values[e]);
        const double a = 2 * value + 0.25, b = value == 0 ? 0 : 3 * value + 1;
        double score = 0;
        for (std::size_t d = 0; d < size; ++d) score += row[d] * p[d];
        for (std::size_t d = 0; d < size; ++d) {
          residual[d] += (b - a * score) * row[d];
          product[d] += a * score * row[d];
        }
        scores.push_back(score + 1);
        targets += b * score;
        squares += a * score * score;
      }
      ls::with_row_lanes<Real>(features, [&](const auto& lanes) {
        const auto room = static_cast<std::size_t>(lanes.spread_size());
        std::vector<Real> spread(room), sum(room), joined(size);
        lanes.spread(vector.data(), spread.data());
        const auto pass = [&]<ls::RowPass which>(std::integral_constant<ls::RowPass, which>, Real* list) {
          std::fill(sum.begin(), sum.end(), Real(0));
          const Real result = ls::pass_rows<which>(lanes, weights, table.data() + 1, stride, columns.data(),
                                                   values.data(), count, spread.data(), sum.data(), list);
          lanes.join(sum.data(), joined.data());
          return std::vector<Real>{result};
        };
        using ls::RowPass;
        const double relative = 10 * tolerance<Real>;
        check::close(pass(std::integral_constant<RowPass, RowPass::residual>{}, nullptr), {targets}, relative);
        check::close(joined, residual, relative);
        pass(std::integral_constant<RowPass, RowPass::product>{}, nullptr);
        check::close(joined, product, relative);
        check::close(pass(std::integral_constant<RowPass, RowPass::quadratic>{}, nullptr), {squares}, relative);
        std::vector<Real> list(columns.size(), Real(1));  // added to
        pass(std::integral_constant<RowPass, RowPass::scores>{}, list.data());
        check::close(list, scores, relative);
      });
    }
}
