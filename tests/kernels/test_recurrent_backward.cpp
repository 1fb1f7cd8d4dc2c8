// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <longshore/kernels/recurrent_backward.hpp>

#include "../support/check_recurrent_kernels.hpp"

namespace ls = longshore;

namespace {

/// Back through h = W' h' + W x + b: the gradient before the sum is dh itself.
template <class Real, class Space>
struct LinearBackwardCell {
  static constexpr const char* label = "test::linear_backward";
  static constexpr ls::Index width = 1, own = 1;
  ls::Index hidden;
  const Real* weights;  // (H, H)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team&, ls::Index, ls::Index, Real*) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team&, ls::Index, ls::Index, const Real*) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const ls::RecurrentStep<Real, Space>& step, Real* rows) const {
    ls::copy_run(team, step.running * hidden, step.states, rows);
    team.barrier();
    ls::multiply<Real>(team, step.running, hidden, hidden, ls::Strided<const Real>{rows, hidden},
                       ls::Strided<const Real>{weights, hidden}, ls::Strided<Real>{step.states, hidden},
                       ls::Update::write);
    team.barrier();
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void sum(const Team& team, ls::Index count, const Real* rows, const Real* before,
                                  const Real* x, const ls::RecurrentSums<Real>& sums) const {
    sums.add_input(team, count, 0, hidden, {rows, hidden}, x);
    sums.add_hidden(team, count, 0, hidden, {rows, hidden}, {before, hidden});
  }
};

/// The same cell for loops, and the kernel under test.
struct LinearKernel {
  static constexpr ls::Index gates = 1;
  static constexpr bool has_cell = false;

  static reference::State cell(const reference::Layer& layer, const reference::Numbers& x,
                               const reference::State& before) {
    reference::State after = before;
    for (std::size_t u = 0; u < before.hidden.size(); ++u)
      after.hidden[u] = reference::row_times(layer.weights_input, layer.bias_input, u, x) +
                        reference::row_times(layer.weights_hidden, layer.bias_hidden, u, before.hidden);
    return after;
  }
  /// The loops serve: only the walk back is under test here.
  template <class Real, class Space>
  static bool forward(RecurrentArrays<Real, Space, LinearKernel>& a) {
    RecurrentLoops loops(a, LinearKernel());
    loops.run();
    std::vector<Real> y;
    for (std::size_t row = 0; row * loops.hidden < loops.y.size(); ++row) {
      y.push_back(7);
      for (std::size_t u = 0; u < loops.hidden; ++u) y.push_back(static_cast<Real>(loops.y[row * loops.hidden + u]));
      y.push_back(7);
    }
    ls::copy_from_host(y, a.y.view());
    return true;
  }
  template <class Real, class Space>
  static bool backward(RecurrentArrays<Real, Space, LinearKernel>& a, check::RecurrentGradients<Real, Space>& to) {
    using Walk = ls::RecurrentBackward<Real, Space, LinearBackwardCell<Real, Space>>;
    auto scratch = a.guarded(Walk::workspace_size(a.steps, a.batch, a.in, a.hidden, a.hidden));
    const auto weights = to.weights();
    const ls::RecurrentPass<Real, Space> pass{a.groups(),
                                              std::as_const(a.x).view(),
                                              a.weights(),
                                              {a.columns().data, a.columns().row_stride},
                                              {a.dy.data(), a.hidden},
                                              std::as_const(a.initial_hidden).view(),
                                              std::as_const(a.dlast_hidden).view(),
                                              to.to(to.x),
                                              to.to(to.initial_hidden),
                                              weights};
    const auto sums =
        Walk::run(Space(), pass, LinearBackwardCell<Real, Space>{a.hidden, a.weights_hidden.data()}, scratch.view());
    sums.add_to(Space(), 0, a.hidden, weights.bias_input, 0);
    sums.add_to(Space(), 0, a.hidden, weights.bias_hidden, 0);
    Kokkos::fence();
    return a.in_bounds(scratch);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("a walk back: gradients of a linear cell equal central differences of loops", Where,
                   On<double, Kokkos::Serial>, On<double, Kokkos::DefaultExecutionSpace>) {
  for (const auto& lengths : check::recurrent_lengths())
    for (const bool reverse : {false, true})
      check::recurrent_backward_alone<typename Where::Space, LinearKernel>(lengths, 2, 2, reverse);
}

TEST_CASE_TEMPLATE(
    "the number of teams depends on the sizes only: enough steps for each, not more than there are groups", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  using Walk = ls::RecurrentBackward<Real, Space, LinearBackwardCell<Real, Space>>;
  constexpr ls::Index slots = ls::SequenceGroups<Space>::slots;
  CHECK(Walk::team_count(0, 0) == 0);
  CHECK(Walk::team_count(5, 1) == 1);
  CHECK(Walk::team_count(Walk::least_rows - 1, 1000) == 1);
  CHECK(Walk::team_count(3 * Walk::least_rows, 1000) == 3);
  CHECK(Walk::team_count(3 * Walk::least_rows, 2 * slots) == 2);
  CHECK(Walk::team_count(1000 * Walk::least_rows, 1000 * slots) == Walk::most_teams);
}
