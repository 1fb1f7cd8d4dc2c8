// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "recurrent_arrays.hpp"
#include "recurrent_loops.hpp"

namespace check {

/// Largest difference of a kernel's array from the loops'.
template <class View>
double away(const View& actual, const reference::Numbers& expected) {
  const auto numbers = numbers_of(actual);
  REQUIRE(numbers.size() == expected.size());
  double worst = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) worst = std::max(worst, std::abs(numbers[i] - expected[i]));
  return worst;
}

/// Lengths with none, one and several steps; more sequences than a group has slots; no sequence at all.
inline std::vector<std::vector<longshore::Index>> recurrent_lengths() {
  return {{1}, {3, 0, 1, 5}, {2, 7, 1, 2, 0, 9, 2, 2, 3, 1, 4, 1, 1, 6, 2}, {0, 0}, {}};
}

/// The kernel alone equals loops over the steps, in both directions, with and without biases, and writes nothing else.
template <class Real, class Space, class Kernel>
void recurrent_forward_alone() {
  for (const auto& lengths : recurrent_lengths())
    for (const bool reverse : {false, true})
      for (const longshore::Index hidden : {1, 5, 17}) {
        CAPTURE(lengths.size());
        CAPTURE(hidden);
        RecurrentArrays<Real, Space, Kernel> arrays(lengths, 3, hidden, reverse, hidden != 5);
        RecurrentLoops loops(arrays, Kernel());
        loops.run();
        CHECK(Kernel::forward(arrays));
        const double allowed = std::is_same_v<Real, float> ? 2e-6 : 1e-14;
        reference::Numbers expected;
        for (std::size_t row = 0; row * loops.hidden < loops.y.size(); ++row) {
          expected.push_back(7);
          for (std::size_t u = 0; u < loops.hidden; ++u) expected.push_back(loops.y[row * loops.hidden + u]);
          expected.push_back(7);
        }
        CHECK(away(arrays.y.view(), expected) <= allowed);
        CHECK(away(arrays.last_hidden.view(), loops.last_hidden) <= allowed);
        if (Kernel::has_cell) CHECK(away(arrays.last_cell.view(), loops.last_cell) <= allowed);
      }
}

/// Where gradients go; each starts with 1 in every element.
template <class Real, class Space>
struct RecurrentGradients {
  longshore::Tensor<Real, 2, Space> x, weights_input, weights_hidden, initial_hidden, initial_cell;
  longshore::Tensor<Real, 1, Space> bias_input, bias_hidden;
  longshore::Update update;
  bool wanted = true;

  template <class Arrays>
  RecurrentGradients(const Arrays& arrays, longshore::Update its_update) : update(its_update) {
    const auto like = [](const auto& tensor) {
      auto ones = tensor;
      longshore::copy_from_host(std::vector<Real>(tensor.size(), Real(1)), ones.view());
      return ones;
    };
    x = like(arrays.x);
    weights_input = like(arrays.weights_input);
    weights_hidden = like(arrays.weights_hidden);
    initial_hidden = like(arrays.initial_hidden);
    initial_cell = like(arrays.initial_cell);
    bias_input = like(arrays.bias_input);
    bias_hidden = like(arrays.bias_hidden);
  }
  template <int Rank>
  longshore::Target<Real, Rank, Space> to(longshore::Tensor<Real, Rank, Space>& tensor) {
    if (!wanted || tensor.size() == 0) return {};
    return {tensor.view(), update};
  }
  longshore::RecurrentWeightTargets<Real, Space> weights() {
    return {to(weights_input), to(weights_hidden), to(bias_input), to(bias_hidden)};
  }
};

/// The backward kernel alone equals central differences of the loops, and adds or writes as its targets say.
///
/// @param of_steps  whether the gradient by x is looked at, too
template <class Space, class Kernel>
void recurrent_backward_alone(const std::vector<longshore::Index>& lengths, longshore::Index in,
                              longshore::Index hidden, bool reverse, bool of_steps = true) {
  RecurrentArrays<double, Space, Kernel> arrays(lengths, in, hidden, reverse);
  REQUIRE(Kernel::forward(arrays));
  RecurrentLoops loops(arrays, Kernel());
  const auto dy = numbers_of(arrays.dy.view()), dlast = numbers_of(arrays.dlast_hidden.view()),
             dlast_cell = numbers_of(arrays.dlast_cell.view());
  const auto objective = [&] {
    loops.run();
    double sum = 0;
    for (std::size_t i = 0; i < dy.size(); ++i) sum += dy[i] * loops.y[i];
    for (std::size_t i = 0; i < dlast.size(); ++i) sum += dlast[i] * loops.last_hidden[i];
    for (std::size_t i = 0; loops.has_cell && i < dlast.size(); ++i) sum += dlast_cell[i] * loops.last_cell[i];
    return sum;
  };
  const auto differences = [&](reference::Numbers& numbers) {
    reference::Numbers gradient;
    for (double& number : numbers) {
      const double before = number, step = 1e-5;
      number = before + step;
      const double above = objective();
      number = before - step;
      gradient.push_back((above - objective()) / (2 * step));
      number = before;
    }
    return gradient;
  };
  RecurrentGradients<double, Space> written(arrays, longshore::Update::write), added(arrays, longshore::Update::add),
      unwanted(arrays, longshore::Update::write);
  unwanted.wanted = false;
  CHECK(Kernel::backward(arrays, written));
  CHECK(Kernel::backward(arrays, added));
  CHECK(Kernel::backward(arrays, unwanted));
  const auto equal = [&](const char* name, reference::Numbers& numbers, const auto& to, const auto& plus,
                         const auto& none) {
    CAPTURE(name);
    auto expected = differences(numbers);
    double largest = 1;
    for (const double g : expected) largest = std::max(largest, std::abs(g));
    CHECK(away(to.view(), expected) <= 1e-8 * largest);
    for (double& g : expected) g += 1;
    CHECK(away(plus.view(), expected) <= 1e-8 * largest);
    CHECK(away(none.view(), reference::Numbers(expected.size(), 1)) == 0);
  };
  if (of_steps) equal("x", loops.x, written.x, added.x, unwanted.x);
  equal("weights_input", loops.layer.weights_input, written.weights_input, added.weights_input, unwanted.weights_input);
  equal("weights_hidden", loops.layer.weights_hidden, written.weights_hidden, added.weights_hidden,
        unwanted.weights_hidden);
  equal("bias_input", loops.layer.bias_input, written.bias_input, added.bias_input, unwanted.bias_input);
  equal("bias_hidden", loops.layer.bias_hidden, written.bias_hidden, added.bias_hidden, unwanted.bias_hidden);
  equal("initial_hidden", loops.initial_hidden, written.initial_hidden, added.initial_hidden, unwanted.initial_hidden);
  if (Kernel::has_cell)
    equal("initial_cell", loops.initial_cell, written.initial_cell, added.initial_cell, unwanted.initial_cell);
}

/// All shapes of `recurrent_lengths`, sequences longer than what is summed at once, and enough steps for several teams.
template <class Space, class Kernel>
void recurrent_backward_everywhere() {
  for (const auto& lengths : recurrent_lengths())
    for (const bool reverse : {false, true}) recurrent_backward_alone<Space, Kernel>(lengths, 2, 3, reverse);
  recurrent_backward_alone<Space, Kernel>({70, 1, 40}, 1, 2, false);
  recurrent_backward_alone<Space, Kernel>(std::vector<longshore::Index>(150, 14), 1, 1, false, false);
}

}  // namespace check
