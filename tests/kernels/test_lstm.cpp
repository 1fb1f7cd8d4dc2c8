// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/lstm.hpp>

#include "../support/check_recurrent_kernels.hpp"

namespace ls = longshore;

namespace {

struct LstmKernel {
  static constexpr ls::Index gates = 4;
  static constexpr bool has_cell = true;
  static constexpr auto cell = reference::lstm_cell;

  template <class Real, class Space>
  static bool forward(RecurrentArrays<Real, Space, LstmKernel>& a) {
    const auto size = ls::lstm_forward_workspace<Real, Space>(a.batch, a.in, a.hidden);
    auto scratch = a.guarded(size);
    ls::lstm_forward<Real, Space>(Space(), std::as_const(a.x).view(), a.groups(), a.weights(),
                                  {std::as_const(a.initial_hidden).view(), std::as_const(a.initial_cell).view()},
                                  a.columns(), {a.last_hidden.view(), a.last_cell.view()},
                                  {a.memory.view(), a.cells.view()}, scratch.view());
    return a.in_bounds(scratch);
  }
  template <class Real, class Space>
  static bool backward(RecurrentArrays<Real, Space, LstmKernel>& a, check::RecurrentGradients<Real, Space>& to) {
    const auto size = ls::lstm_backward_workspace<Real, Space>(a.steps, a.batch, a.in, a.hidden);
    auto scratch = a.guarded(size);
    ls::lstm_backward<Real, Space>(
        Space(), {a.dy.data(), a.hidden}, {std::as_const(a.dlast_hidden).view(), std::as_const(a.dlast_cell).view()},
        std::as_const(a.x).view(), a.groups(), a.weights(),
        {std::as_const(a.initial_hidden).view(), std::as_const(a.initial_cell).view()},
        {a.columns().data, a.columns().row_stride}, {std::as_const(a.memory).view(), std::as_const(a.cells).view()},
        to.to(to.x), to.weights(), to.to(to.initial_hidden), to.to(to.initial_cell), scratch.view());
    return a.in_bounds(scratch);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("lstm_forward: equals loops over the steps, and stays within its columns and its scratch", Where,
                   LONGSHORE_EVERYWHERE) {
  check::recurrent_forward_alone<typename Where::Real, typename Where::Space, LstmKernel>();
}

TEST_CASE_TEMPLATE("lstm_backward: equals central differences of the loops; targets are written, added to or left out",
                   Where, On<double, Kokkos::Serial>, On<double, Kokkos::DefaultExecutionSpace>) {
  check::recurrent_backward_everywhere<typename Where::Space, LstmKernel>();
}

TEST_CASE_TEMPLATE("lstm_forward: without memory, last states and initial states it gives the same steps from zeros",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  RecurrentArrays<Real, Space, LstmKernel> full({4, 2}, 3, 5), bare({4, 2}, 3, 5);
  ls::copy_from_host(std::vector<Real>(full.initial_hidden.size(), Real(0)), full.initial_hidden.view());
  ls::copy_from_host(std::vector<Real>(full.initial_cell.size(), Real(0)), full.initial_cell.view());
  LstmKernel::forward(full);
  auto scratch = bare.guarded(ls::lstm_forward_workspace<Real, Space>(2, 3, 5));
  ls::lstm_forward<Real, Space>(Space(), std::as_const(bare.x).view(), bare.groups(), bare.weights(), {},
                                bare.columns(), {}, {}, scratch.view());
  CHECK(numbers_of(bare.y.view()) == numbers_of(full.y.view()));
}
