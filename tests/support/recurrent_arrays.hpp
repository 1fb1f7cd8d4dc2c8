// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <longshore/kernels/recurrent_products.hpp>
#include <longshore/kernels/sequence_groups.hpp>
#include <utility>
#include <vector>

#include "kernel_case.hpp"

/// One layer in one direction, for recurrent kernels that are called alone: inputs, outputs, and loops beside them.
///
/// `Kernel` has gates, has_cell, cell(layer, x, before) for the loops, forward(arrays) and backward(arrays, targets).
template <class Real, class Space, class Kernel>
struct RecurrentArrays {
  using Index = longshore::Index;
  template <int Rank>
  using Array = longshore::Tensor<Real, Rank, Space>;
  static constexpr int margin = 2;  // columns of y that belong to somebody else

  std::vector<Index> lengths;
  Index in, hidden, batch, steps = 0;
  bool reverse, biased;
  Array<2> x, weights_input, weights_hidden, initial_hidden,
      initial_cell;                                   // (N, D), (gates H, D), (gates H, H), (B, H)
  Array<1> bias_input, bias_hidden;                   // (gates H), or empty
  Array<2> y, last_hidden, last_cell, memory, cells;  // (N, H + margin), (B, H), (N, 4H), (N, H)
  Array<2> dy, dlast_hidden, dlast_cell;              // (N, H), (B, H)
  longshore::Tensor<Index, 1, Space> rows, order;     // (B + 1), (B)

  RecurrentArrays(const std::vector<Index>& its_lengths, Index its_in, Index its_hidden, bool its_reverse = false,
                  bool has_bias = true)
      : lengths(its_lengths),
        in(its_in),
        hidden(its_hidden),
        batch(static_cast<Index>(lengths.size())),
        reverse(its_reverse),
        biased(has_bias),
        rows(batch + 1),
        order(batch) {
    std::vector<Index> offsets{0};
    for (const Index length : lengths) offsets.push_back(offsets.back() + length);
    steps = offsets.back();
    longshore::copy_from_host(offsets, rows.view());
    const longshore::Random random(17);
    const auto draw = [&](const char* name, Index a, Index b) {
      return random_tensor<Real, 2, Space>(random.stream(name), a, b);
    };
    const Index gates = Kernel::gates * hidden;
    x = draw("x", steps, in);
    weights_input = draw("weights_input", gates, in);
    weights_hidden = draw("weights_hidden", gates, hidden);
    initial_hidden = draw("initial_hidden", batch, hidden);
    initial_cell = draw("initial_cell", batch, hidden);
    bias_input = random_tensor<Real, 1, Space>(random.stream("bias_input"), biased ? gates : 0);
    bias_hidden = random_tensor<Real, 1, Space>(random.stream("bias_hidden"), biased ? gates : 0);
    dy = draw("dy", steps, hidden);
    dlast_hidden = draw("dlast_hidden", batch, hidden);
    dlast_cell = draw("dlast_cell", batch, hidden);
    y = filled_tensor<Real, 2, Space>(std::vector<Real>(static_cast<std::size_t>(steps * (hidden + margin)), Real(7)),
                                      steps, hidden + margin);
    last_hidden = Array<2>(batch, hidden);
    last_cell = Array<2>(batch, hidden);
    memory = Array<2>(steps, 4 * hidden);
    cells = Array<2>(steps, hidden);
    longshore::order_by_length(Space(), offsets_of(), order.view());
  }

  longshore::Offsets<Space> offsets_of() const {
    return {std::as_const(rows).view(), lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end())};
  }
  longshore::SequenceGroups<Space> groups() const { return {offsets_of(), std::as_const(order).view(), reverse}; }
  longshore::RecurrentWeights<Real, Space> weights() const {
    return {weights_input.view(), weights_hidden.view(), bias_input.view(), bias_hidden.view()};
  }
  /// The H columns of y in the middle of its rows.
  longshore::Strided<Real> columns() { return {y.data() + 1, y.extent(1)}; }

  /// Scratch of that many numbers, with guards behind it.
  static Array<1> guarded(std::size_t size) {
    return filled_tensor<Real, 1, Space>(std::vector<Real>(size + 64, Real(11)), static_cast<Index>(size + 64));
  }
  /// Whether nobody wrote behind the scratch.
  static bool in_bounds(const Array<1>& scratch) {
    const auto numbers = numbers_of(scratch.view());
    return std::all_of(numbers.end() - 64, numbers.end(), [](double guard) { return guard == 11; });
  }
};
