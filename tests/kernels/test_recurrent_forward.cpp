// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <longshore/kernels/recurrent_forward.hpp>

#include "../support/check_recurrent_kernels.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// h = 2 h' + x + 1, and a count of the steps in its own memory, which starts at 10 b and ends in `counts`.
template <class Real, class Space>
struct DoublingCell {
  static constexpr const char* label = "test::doubling";
  static constexpr ls::Index gates = 1, own = 1;
  ls::Index hidden;
  Real* counts;  // (B, H)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team& team, ls::Index slot, ls::Index b, Real* own_memory) const {
    for (ls::Index j = team.rank(); j < hidden; j += team.size())
      own_memory[slot * hidden + j] = static_cast<Real>(10 * b);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const ls::RecurrentStep<Real, Space>& step, Real* inputs) const {
    for (ls::Index i = 0; i < step.running; ++i)
      for (ls::Index j = team.rank(); j < hidden; j += team.size()) {
        step.states[i * hidden + j] = 2 * step.states[i * hidden + j] + inputs[i * hidden + j];
        step.own[i * hidden + j] += 1;
      }
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team& team, ls::Index slot, ls::Index b, const Real* own_memory) const {
    for (ls::Index j = team.rank(); j < hidden; j += team.size())
      counts[b * hidden + j] = own_memory[slot * hidden + j];
  }
};

/// What `RecurrentArrays` asks: one block of columns, one state.
struct OneGate {
  static constexpr ls::Index gates = 1;
};

}  // namespace

TEST_CASE_TEMPLATE(
    "a walk forward: every step of every sequence once, in its direction, and the memory of its own sequence", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  using Walk = ls::RecurrentForward<Real, Space, DoublingCell<Real, Space>>;
  for (const std::vector<ls::Index>& lengths :
       std::vector<std::vector<ls::Index>>{{3, 0, 5, 1}, {1, 2, 1, 4, 2, 3, 1, 2, 9, 0, 1, 1, 6, 2, 1}, {}})
    for (const bool reverse : {false, true})
      for (const bool starts : {false, true}) {
        CAPTURE(lengths.size());
        CAPTURE(reverse);
        RecurrentArrays<Real, Space, OneGate> a(lengths, 2, 2, reverse);
        // Whole numbers, so that every sum is exact: x W^T is (x0 + 2 x1, x1), and the bias 1.
        std::vector<Real> x(a.x.size());
        for (std::size_t e = 0; e < x.size(); ++e) x[e] = static_cast<Real>(e % 5) - 2;
        ls::copy_from_host(x, a.x.view());
        ls::copy_from_host<Real>({1, 2, 0, 1}, a.weights_input.view());
        ls::copy_from_host<Real>({1, 1}, a.bias_input.view());
        std::vector<Real> initial(a.initial_hidden.size());
        for (std::size_t e = 0; e < initial.size(); ++e) initial[e] = static_cast<Real>(e % 7) + 3;
        ls::copy_from_host(initial, a.initial_hidden.view());
        ls::Tensor<Real, 2, Space> counts(a.batch, 2);
        auto scratch = a.guarded(Walk::workspace_size(a.batch, 2, 2));
        ls::Tensor<Real, 1, Space> packed(16);
        ls::Workspace<Real> pieces{packed.data()};
        const Real* panels = ls::pack<Real, Space>(Space(), std::as_const(a.weights_input).view(), pieces);
        ls::for_each_team<Space>(
            Space(), a.groups().count(),
            Walk{a.groups(), 2, 2, a.x.data(), panels, a.bias_input.data(), starts ? a.initial_hidden.data() : nullptr,
                 a.columns(), a.last_hidden.data(), scratch.data(), DoublingCell<Real, Space>{2, counts.data()}});
        const auto y = numbers_of(a.y.view()), last = numbers_of(a.last_hidden.view()),
                   count = numbers_of(counts.view());
        std::size_t row = 0;
        for (std::size_t b = 0; b < lengths.size(); ++b) {
          double h[2] = {starts ? static_cast<double>(initial[2 * b]) : 0,
                         starts ? static_cast<double>(initial[2 * b + 1]) : 0};
          const auto length = static_cast<std::size_t>(lengths[b]);
          for (std::size_t i = 0; i < length; ++i) {
            const std::size_t t = row + (reverse ? length - 1 - i : i);
            const auto x0 = static_cast<double>(x[2 * t]), x1 = static_cast<double>(x[2 * t + 1]);
            h[0] = 2 * h[0] + x0 + 2 * x1 + 1;
            h[1] = 2 * h[1] + x1 + 1;
            CHECK(y[4 * t + 1] == h[0]);
            CHECK(y[4 * t + 2] == h[1]);
          }
          row += length;
          CHECK(last[2 * b] == h[0]);
          CHECK(last[2 * b + 1] == h[1]);
          CHECK(count[2 * b] == static_cast<double>(10 * b + length));
        }
        CHECK(a.in_bounds(scratch));
      }
}
