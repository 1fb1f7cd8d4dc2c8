// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/initialiser.hpp>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

std::vector<double> drawn(const ls::Initialiser& how, ls::Index rows, ls::Index columns) {
  ls::Parameter<double, 2, Kokkos::Serial> parameter(rows, columns);
  ls::initialise(parameter, how, ls::Random(3).stream("weights"));
  return ls::copy_to_host(parameter.view());
}

double deviation(const std::vector<double>& x) {
  double square = 0;
  for (const double v : x) square += v * v;
  return std::sqrt(square / static_cast<double>(x.size()));
}

double largest(const std::vector<double>& x) {
  double most = 0;
  for (const double v : x) most = std::max(most, std::abs(v));
  return most;
}

}  // namespace

TEST_CASE("each initialiser has the spread that its name says") {
  const ls::Index out = 300, in = 200;
  CHECK(largest(drawn(ls::constant(2.5), out, in)) == 2.5);
  const auto is_uniform = [&](const ls::Initialiser& how, double bound) {
    const auto x = drawn(how, out, in);
    CHECK(largest(x) <= bound);
    CHECK(largest(x) > 0.99 * bound);
    CHECK(deviation(x) == doctest::Approx(bound / std::sqrt(3.0)).epsilon(0.01));
  };
  is_uniform(ls::uniform(0.3), 0.3);
  is_uniform(ls::xavier_uniform(), std::sqrt(6.0 / (in + out)));
  is_uniform(ls::kaiming_uniform(), std::sqrt(6.0 / in));
  is_uniform(ls::fan_in_uniform(), 1 / std::sqrt(double(in)));
  CHECK(deviation(drawn(ls::normal(0.05), out, in)) == doctest::Approx(0.05).epsilon(0.01));
  CHECK(deviation(drawn(ls::xavier_normal(2), out, in)) ==
        doctest::Approx(2 * std::sqrt(2.0 / (in + out))).epsilon(0.01));
  CHECK(deviation(drawn(ls::kaiming_normal(), out, in)) == doctest::Approx(std::sqrt(2.0 / in)).epsilon(0.01));
  const auto cut = drawn(ls::truncated_normal(0.01), out, in);
  CHECK(largest(cut) <= 0.02);
  CHECK(deviation(cut) == doctest::Approx(0.01 * 0.8796).epsilon(0.01));
}

TEST_CASE("orthogonal rows, or columns where there are fewer, are orthonormal times the gain") {
  for (const auto& shape : {std::pair{8, 20}, std::pair{20, 8}, std::pair{16, 16}, std::pair{1, 1}}) {
    const auto rows = shape.first, columns = shape.second;
    const auto x = drawn(ls::orthogonal(3), rows, columns);
    const bool wide = rows <= columns;
    const int count = wide ? rows : columns, length = wide ? columns : rows;
    const auto at = [&](int vector, int i) {
      return x[static_cast<std::size_t>(wide ? vector * columns + i : i * columns + vector)];
    };
    for (int a = 0; a < count; ++a)
      for (int b = 0; b <= a; ++b) {
        double product = 0;
        for (int i = 0; i < length; ++i) product += at(a, i) * at(b, i);
        CHECK(product == doctest::Approx(a == b ? 9 : 0).epsilon(1e-12));
      }
  }
  ls::Parameter<double, 1, Kokkos::Serial> vector(4);
  CHECK_THROWS_WITH_AS(ls::initialise(vector, ls::orthogonal(), ls::Random(1)),
                       "initialise: orthogonal needs a matrix, the parameter has rank 1", ls::ShapeError);
}

TEST_CASE_TEMPLATE("P4: equal seeds give equal elements on every space, others other ones", Where,
                   LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  for (const auto& how : {ls::normal(1), ls::uniform(1), ls::truncated_normal(1), ls::orthogonal()}) {
    ls::Parameter<double, 2, Space> parameter(5, 7);
    ls::initialise(parameter, how, ls::Random(3).stream("weights"));
    CHECK(ls::copy_to_host(parameter.view()) == drawn(how, 5, 7));
    ls::initialise(parameter, how, ls::Random(4).stream("weights"));
    CHECK(ls::copy_to_host(parameter.view()) != drawn(how, 5, 7));
  }
}

TEST_CASE("P14: deviations, bounds and gains that are negative or no numbers are refused, negative constants are not") {
  ls::Parameter<float, 2, Kokkos::Serial> parameter(2, 3);
  const auto start = [&](const ls::Initialiser& how) { ls::initialise(parameter, how, ls::Random(1)); };
  CHECK_THROWS_WITH_AS(
      start(ls::normal(-0.05)),
      "initialise: bound, deviation or gain is a number of at least 0, a constant is finite; it is -0.05",
      ls::ShapeError);
  CHECK_THROWS_AS(start(ls::normal(std::nan(""))), ls::ShapeError);
  CHECK_THROWS_AS(start(ls::uniform(HUGE_VAL)), ls::ShapeError);
  CHECK_THROWS_AS(start(ls::constant(std::nan(""))), ls::ShapeError);
  CHECK_NOTHROW(start(ls::constant(-1)));
  CHECK(parameter.view()(1, 2) == -1);
}
