// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

/// The gradient of <cotangent, function(x)> by every number of x, from central differences: 1e-8 of it may be wrong.
///
/// @param x  changed in between, as it was afterwards; the function looks at it
template <class Function>
std::vector<double> numeric_gradient(std::vector<double>& x, const std::vector<double>& cotangent, Function function) {
  const auto objective = [&] {
    const std::vector<double> y = function();
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += cotangent.at(i) * y[i];
    return sum;
  };
  std::vector<double> gradient(x.size());
  const double step = 1e-5;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double before = x[i];
    x[i] = before + step;
    const double above = objective();
    x[i] = before - step;
    gradient[i] = (above - objective()) / (2 * step);
    x[i] = before;
  }
  return gradient;
}
