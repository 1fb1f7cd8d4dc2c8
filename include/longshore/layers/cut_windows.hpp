// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/windows.hpp>
#include <longshore/kernels/cut_windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes each window a sequence of its own, for encoders that must see nothing else: self-attention over the recent
/// steps.
///
/// Models: none (a function without parameters). Cost: O(pairs D) copied numbers; a pooling needs no cut, it takes
/// windows.
///
/// @param windowed  (N, D) steps and W windows over them, which may overlap
/// @return          W sequences; step gradients are summed in window order
/// @throws ShapeError, DataError  if the windows do not fit; see `check_windows`
template <class Real, class Space>
Sequences<Real, Space> cut_windows(auto& context, const Windowed<Real, Space>& windowed) {
  check_values("cut_windows", context, windowed);
  check_windows("cut_windows", windowed.windows, windowed.steps.extent(0));
  const auto& windows = windowed.windows;
  const auto rows = make_value<Real>(context, windows.pair_count, windowed.steps.extent(1));  // (pairs, D)
  cut_windows_forward<Real, Space>(context.executor(), windowed.steps.data, windows, rows.data);
  context.record(rows, [rows, windowed](auto& c) {
    cut_windows_backward<Real, Space>(c.executor(), c.gradient_of(rows), windowed.windows,
                                      c.gradient_to(windowed.steps));
  });
  return {rows, {windows.pairs, windows.longest}};
}

}  // namespace longshore::inline LONGSHORE_ABI
