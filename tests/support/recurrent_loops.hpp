// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "../reference/recurrent.hpp"
#include "kernel_case.hpp"

/// The arrays of a layer that have gradients, in double, and what loops make of them.
struct RecurrentLoops {
  std::vector<int> lengths;
  std::size_t in, hidden;
  bool reverse, has_cell;
  reference::Cell cell;
  reference::Layer layer;
  reference::Numbers x, initial_hidden, initial_cell;
  reference::Numbers y, last_hidden, last_cell;  // what `run` gives

  template <class Arrays, class Kernel>
  RecurrentLoops(const Arrays& arrays, const Kernel&)
      : lengths(arrays.lengths.begin(), arrays.lengths.end()),
        in(static_cast<std::size_t>(arrays.in)),
        hidden(static_cast<std::size_t>(arrays.hidden)),
        reverse(arrays.reverse),
        has_cell(Kernel::has_cell),
        cell(Kernel::cell),
        layer{numbers_of(arrays.weights_input.view()), numbers_of(arrays.weights_hidden.view()),
              numbers_of(arrays.bias_input.view()), numbers_of(arrays.bias_hidden.view())},
        x(numbers_of(arrays.x.view())),
        initial_hidden(numbers_of(arrays.initial_hidden.view())),
        initial_cell(numbers_of(arrays.initial_cell.view())) {}

  void run() {
    y.assign(x.size() / in * hidden, 0);
    last_hidden.assign(initial_hidden.size(), 0);
    last_cell.assign(initial_hidden.size(), 0);
    std::size_t row = 0;
    for (std::size_t b = 0; b < lengths.size(); ++b) {
      const auto part = [](const reference::Numbers& all, std::size_t which, std::size_t width) {
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(which * width);
        return reference::Numbers(first, first + static_cast<std::ptrdiff_t>(width));
      };
      reference::State state{part(initial_hidden, b, hidden), part(initial_cell, b, hidden)};
      const auto length = static_cast<std::size_t>(lengths[b]);
      for (std::size_t i = 0; i < length; ++i) {
        const std::size_t t = row + (reverse ? length - 1 - i : i);
        state = cell(layer, part(x, t, in), state);
        std::copy(state.hidden.begin(), state.hidden.end(), y.begin() + static_cast<std::ptrdiff_t>(t * hidden));
      }
      row += length;
      const auto at = static_cast<std::ptrdiff_t>(b * hidden);
      std::copy(state.hidden.begin(), state.hidden.end(), last_hidden.begin() + at);
      std::copy(state.cell.begin(), state.cell.end(), last_cell.begin() + at);
    }
  }
};
