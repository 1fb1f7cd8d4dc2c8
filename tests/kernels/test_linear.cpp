// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/fill.hpp>
#include <longshore/kernels/linear.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

std::vector<double> times(std::vector<double> numbers, double factor) {
  for (double& number : numbers) number *= factor;
  return numbers;
}

}  // namespace

TEST_CASE_TEMPLATE("linear: on views, forward and backward equal loops, written and added, with and without bias",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // Sums over more rows than one chunk have a workspace of their own.
  for (const int rows : {0, 1, 7, 300, 1100})
    for (const bool biased : {false, true}) {
      CAPTURE(rows);
      CAPTURE(biased);
      const int in = 5, out = 3;
      auto x = random_tensor<Real, 2, Space>(ls::Random(1), rows, in),
           w = random_tensor<Real, 2, Space>(ls::Random(2), out, in),
           dy = random_tensor<Real, 2, Space>(ls::Random(4), rows, out);
      auto b = random_tensor<Real, 1, Space>(ls::Random(3), out);
      const auto wide_x = numbers_of(x.view()), wide_w = numbers_of(w.view()), wide_b = numbers_of(b.view()),
                 wide_dy = numbers_of(dy.view());
      std::vector<double> y(wide_dy.size()), dx(wide_x.size(), 0), dw(wide_w.size(), 0), db(wide_b.size(), 0);
      for (std::size_t r = 0; r < y.size() / 3; ++r)
        for (std::size_t o = 0; o < 3; ++o) {
          y[r * 3 + o] = biased ? wide_b[o] : 0;
          const double slope = wide_dy[r * 3 + o];
          db[o] += slope;
          for (std::size_t i = 0; i < 5; ++i) {
            y[r * 3 + o] += wide_w[o * 5 + i] * wide_x[r * 5 + i];
            dx[r * 5 + i] += slope * wide_w[o * 5 + i];
            dw[o * 5 + i] += slope * wide_x[r * 5 + i];
          }
        }
      ls::Tensor<Real, 2, Space> to(rows, out), to_x(rows, in), to_w(out, in);
      ls::Tensor<Real, 1, Space> to_b(out), forward(static_cast<int>(ls::linear_forward_workspace(in, out))),
          backward(static_cast<int>(ls::linear_backward_workspace(rows, in, out)));
      ls::fill<Real>(Space(), to_w.view(), Real(8));  // what is written over
      ls::fill<Real>(Space(), to_b.view(), Real(8));
      const auto bias = biased ? b.view() : ls::View<Real, 1, Space>();
      for (const auto update : {ls::Update::write, ls::Update::add}) {
        const double factor = update == ls::Update::add ? 2 : 1;
        ls::linear_forward<Real, Space>(Space(), x.view(), w.view(), bias, to.view(), forward.view(), update);
        ls::linear_backward<Real, Space>(Space(), dy.view(), x.view(), w.view(), {to_x.view(), update},
                                         {to_w.view(), update}, {to_b.view(), update}, backward.view());
        check::close<double>(numbers_of(to.view()), times(y, factor), tolerance<Real>);
        check::close<double>(numbers_of(to_x.view()), times(dx, factor), tolerance<Real>);
        check::close<double>(numbers_of(to_w.view()), times(dw, factor), tolerance<Real>);
        check::close<double>(numbers_of(to_b.view()), times(db, factor), tolerance<Real>);
      }
      const auto before = numbers_of(to_w.view());
      ls::linear_backward<Real, Space>(Space(), dy.view(), x.view(), w.view(), {}, {}, {to_b.view(), ls::Update::write},
                                       backward.view());
      CHECK(numbers_of(to_w.view()) == before);
      check::close<double>(numbers_of(to_b.view()), db, tolerance<Real>);
    }
}

TEST_CASE("strided: rows of a view lie one behind the other") {
  std::vector<float> numbers{1, 2, 3, 4, 5, 6};
  const auto rows = ls::strided(ls::View<float, 2, Kokkos::Serial>(numbers.data(), 2, 3));
  CHECK(rows(1, 0) == 4);
  CHECK(rows(0, 2) == 3);
  CHECK(rows.row_stride == 3);
}
