// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/last_step.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// `LastStep` has nothing to set.
struct LastStepSettings {};

/// Takes the last step of each window: of encoded steps, the state after the latest event.
///
///   z_w = x of row end_w - 1
///
/// Models: Pooling. State: none. Cost: O((N + W) D).
/// Source: Cho et al. 2014, whose encoder hands on its last state; NARM's global encoder (Li et al. 2017).
template <class Real, class Space>
struct LastStep {
  static constexpr std::string_view block_name = "LastStep";
  LastStepSettings settings;

  LastStep() = default;
  explicit LastStep(const LastStepSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {}

  /// @param windowed  (N, D) steps and W windows; an empty window gives zeros
  /// @return          (W, D)
  /// @throws ShapeError if the arrays of the windows do not fit each other
  /// @throws DataError  on a host, if windows are out of order or not among the steps; see `check_windows`
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed) const {
    check_values("LastStep", context, windowed);
    check_windows("LastStep", windowed.windows, windowed.steps.extent(0));
    const auto& [x, windows] = windowed;
    const auto z = make_value<Real>(context, windows.count(), x.extent(1));  // (W, D)
    last_step_forward<Real, Space>(context.executor(), x.data, windows, z.data);
    context.record(z, [x = x, windows = windows, z](auto& c) {
      last_step_backward<Real, Space>(c.executor(), c.gradient_of(z), windows, c.gradient_to(x));
    });
    return z;
  }
  void operator()(auto&, ...) const = delete;  // LastStep: give Windowed or Sequences of Real and Space

  void visit(auto&& visitor) { visitor("settings", settings); }
};

}  // namespace longshore::inline LONGSHORE_ABI
