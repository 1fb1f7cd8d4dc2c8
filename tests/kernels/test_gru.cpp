// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/gru.hpp>

#include "../support/check_recurrent_kernels.hpp"

namespace ls = longshore;

namespace {

template <ls::GruVariant variant>
struct GruKernel {
  static constexpr ls::Index gates = 3;
  static constexpr bool has_cell = false;

  static reference::State cell(const reference::Layer& layer, const reference::Numbers& x,
                               const reference::State& before) {
    return reference::gru_cell(layer, x, before, variant == ls::GruVariant::reset_after);
  }
  template <class Real, class Space>
  static bool forward(RecurrentArrays<Real, Space, GruKernel>& a) {
    auto scratch = a.guarded(ls::gru_forward_workspace<Real, Space>(a.batch, a.in, a.hidden));
    ls::gru_forward<Real, Space>(Space(), variant, std::as_const(a.x).view(), a.groups(), a.weights(),
                                 std::as_const(a.initial_hidden).view(), a.columns(), a.last_hidden.view(),
                                 a.memory.view(), scratch.view());
    return a.in_bounds(scratch);
  }
  template <class Real, class Space>
  static bool backward(RecurrentArrays<Real, Space, GruKernel>& a, check::RecurrentGradients<Real, Space>& to) {
    auto scratch = a.guarded(ls::gru_backward_workspace<Real, Space>(a.steps, a.batch, a.in, a.hidden));
    ls::gru_backward<Real, Space>(
        Space(), variant, {a.dy.data(), a.hidden}, std::as_const(a.dlast_hidden).view(), std::as_const(a.x).view(),
        a.groups(), a.weights(), std::as_const(a.initial_hidden).view(), {a.columns().data, a.columns().row_stride},
        std::as_const(a.memory).view(), to.to(to.x), to.weights(), to.to(to.initial_hidden), scratch.view());
    return a.in_bounds(scratch);
  }
};
using ResetAfter = GruKernel<ls::GruVariant::reset_after>;
using ResetBefore = GruKernel<ls::GruVariant::reset_before>;

}  // namespace

TEST_CASE_TEMPLATE("gru_forward: equals loops over the steps, and stays within its columns and its scratch", Where,
                   LONGSHORE_EVERYWHERE) {
  check::recurrent_forward_alone<typename Where::Real, typename Where::Space, ResetAfter>();
  check::recurrent_forward_alone<typename Where::Real, typename Where::Space, ResetBefore>();
}

TEST_CASE_TEMPLATE("gru_backward: equals central differences of the loops; targets are written, added to or left out",
                   Where, On<double, Kokkos::Serial>, On<double, Kokkos::DefaultExecutionSpace>) {
  check::recurrent_backward_everywhere<typename Where::Space, ResetAfter>();
  check::recurrent_backward_everywhere<typename Where::Space, ResetBefore>();
}

TEST_CASE_TEMPLATE("gru_forward: without memory, last and initial states it gives the same steps from zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  RecurrentArrays<Real, Space, ResetAfter> full({4, 2}, 3, 5), bare({4, 2}, 3, 5);
  ls::copy_from_host(std::vector<Real>(full.initial_hidden.size(), Real(0)), full.initial_hidden.view());
  ResetAfter::forward(full);
  auto scratch = bare.guarded(ls::gru_forward_workspace<Real, Space>(2, 3, 5));
  ls::gru_forward<Real, Space>(Space(), ls::GruVariant::reset_after, std::as_const(bare.x).view(), bare.groups(),
                               bare.weights(), {}, bare.columns(), {}, {}, scratch.view());
  CHECK(numbers_of(bare.y.view()) == numbers_of(full.y.view()));
}
