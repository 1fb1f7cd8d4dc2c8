// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <longshore/core/random.hpp>
#include <vector>

#include "kernels.hpp"

/// Numbers in [-0.5, 0.5), the same at every call.
inline std::vector<Real> draw_numbers(std::size_t count, std::uint64_t seed) {
  const ls::Random random(seed);
  std::vector<Real> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = random.uniform<Real>(i) - Real(0.5);
  return numbers;
}

/// Derivatives of sum(dy * function(inputs)) by each input: central differences, in double.
template <class Function>
std::vector<double> numeric_gradients(const Function& function, std::vector<double> inputs,
                                      const std::vector<Real>& dy) {
  constexpr double step = 1e-5;
  const auto sum = [&] {
    const std::vector<double> y = function(inputs);
    double result = 0;
    for (std::size_t i = 0; i < y.size(); ++i) result += static_cast<double>(dy[i]) * y[i];
    return result;
  };
  std::vector<double> gradients;
  for (double& input : inputs) {
    const double here = input;
    input = here + step;
    const double above = sum();
    input = here - step;
    gradients.push_back((above - sum()) / (2 * step));
    input = here;
  }
  return gradients;
}

/// The greatest difference of two numbers; relative where they are above 1.
inline double greatest_difference(const std::vector<Real>& numbers, const std::vector<double>& expected) {
  double greatest = numbers.size() == expected.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < numbers.size() && i < expected.size(); ++i) {
    const double difference = std::abs(static_cast<double>(numbers[i]) - expected[i]);
    greatest = std::max(greatest, difference / std::max(1.0, std::abs(expected[i])));
    if (std::isnan(difference)) return INFINITY;
  }
  return greatest;
}

/// Compares an outcome with a loop over the same numbers.
///
/// @param function  from all inputs, in the order of the gradients, to y
template <class Function>
void compare(Outcome& outcome, const Function& function, const std::vector<Real>& inputs, const std::vector<Real>& dy) {
  const std::vector<double> exact(inputs.begin(), inputs.end());
  outcome.y_difference = greatest_difference(outcome.y, function(exact));
  outcome.gradient_difference = greatest_difference(outcome.gradients, numeric_gradients(function, exact, dy));
}
