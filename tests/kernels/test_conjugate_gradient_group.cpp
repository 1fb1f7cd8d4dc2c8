// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/conjugate_gradient_group.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/close.hpp"
#include "../support/row_system_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("ConjugateGradientGroup: tiles of any size, also those without entries, give the rows of one tile",
                   Real, float, double) {
  using Space = Kokkos::Serial;
  const ls::Index features = 19, rows = 7;
  const test::RowSystemCase<Real, Space> example(rows, 300, features, 0.2);
  const auto solve = [&](ls::Index tile, ls::Index each) {
    auto solutions = example.start;
    auto systems = example.systems;
    systems.solutions = solutions.data();
    std::vector<ls::Index> ids(static_cast<std::size_t>(rows));
    for (ls::Index g = 0; g < rows; ++g) ids[static_cast<std::size_t>(g)] = rows - 1 - g;
    std::vector<ls::ObjectiveParts> parts(static_cast<std::size_t>(rows));
    ls::with_row_lanes<Real>(features, [&]<class Lanes>(const Lanes& lanes) {
      std::vector<Real> scratch(static_cast<std::size_t>(4 * rows * lanes.spread_size()));
      const ls::ConjugateGradientGroup<Real, Space, Lanes> group{systems, lanes, example.spread.data(), 3,
                                                                 scratch.data()};
      group.solve(ids.data(), rows, tile, parts.data(), each);
    });
    double fit = 0;
    for (const auto& part : parts) fit += part.fit;
    CHECK((parts[1].fit == 0) == (each == 0));
    CHECK(fit == doctest::Approx(example.objective(ls::copy_to_host(solutions.view())).first).epsilon(1e-4));
    return ls::copy_to_host(solutions.view());
  };
  const auto whole = solve(0, 0);
  const std::vector<double> expected(whole.begin(), whole.end());
  for (const ls::Index tile : {1, 17, 64, 299, 300, 1000}) check::close(solve(tile, 1), expected, tolerance<Real>);
}

TEST_CASE_TEMPLATE("square_of_rounding: of the first residual or of the right-hand side, whichever is larger", Real,
                   float, double) {
  const auto close = [](Real found, double square) {
    CHECK(found == doctest::Approx(square * ls::least_part<Real> * ls::least_part<Real>).epsilon(1e-6));
  };
  close(ls::square_of_rounding(Real(9e16), Real(0), Real(0)), 9e16);          // a start of zeros: that is b itself
  close(ls::square_of_rounding(Real(9e16), Real(6e8), Real(0.25)), 1.44e18);  // |b| is at least 6e8 / 0.5
  close(ls::square_of_rounding(Real(4e18), Real(6e8), Real(0.25)), 4e18);
  CHECK(ls::square_of_rounding(Real(0), Real(0), Real(1)) == Real(ls::least_square));
}
