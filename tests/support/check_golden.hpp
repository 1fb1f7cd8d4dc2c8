// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <longshore/core/training.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "close.hpp"
#include "golden.hpp"
#include "outcome.hpp"
#include "spaces.hpp"

namespace check {

/// Fills the parameters of a case from golden tensors of the same names.
template <class Case>
void assign(Case& example, const Golden& golden, const std::string& name) {
  longshore::visit_parameters(example, [&](const longshore::Path& path, auto& parameter) {
    using Real = typename std::remove_cvref_t<decltype(parameter)>::value_type;
    const auto numbers = golden.numbers(name + "/" + path.text());
    longshore::copy_from_host(std::vector<Real>(numbers.begin(), numbers.end()), parameter.mutable_view());
  });
}

/// Output and gradients equal what PyTorch computed: each array in float within 1e-5, in double within 1e-12 of its
/// largest element, or a few roundings where terms cancel.
///
/// @param file      folder and block, "layers/linear"; at least five cases
/// @param relative  another measure, for blocks whose gradients divide by small numbers
template <template <class, class> class Case, class Real, class Space>
void golden(const std::string& file, double relative = tolerance<Real>) {
  const Golden values(file);
  CHECK(values.cases().size() >= 5);
  for (const auto& name : values.cases()) {
    CAPTURE(name);
    Case<Real, Space> example(values, name);
    assign(example, values, name);
    longshore::Training<Space> context(example);
    const auto wide = values.numbers(name + "/cotangent");
    const std::vector<Real> cotangent(wide.begin(), wide.end());
    const auto outcome = run<Real>(context, example, &cotangent);
    // The output may be a sum whose terms cancel: what a few roundings of each input change in an element of it, in the
    // mean, is allowed on top. The gradients say how much that is.
    double changes = 0, weights = 0;
    for (const auto& entry : outcome.gradients) {
      if (!values.has(name + "/grad/" + entry.first)) continue;
      const auto inputs = values.numbers(name + "/" + entry.first);
      const auto slopes = values.numbers(name + "/grad/" + entry.first);
      for (std::size_t i = 0; i < inputs.size(); ++i) changes += inputs[i] * slopes[i] * inputs[i] * slopes[i];
    }
    for (const double x : wide) weights += x * x;
    close(outcome.output, values.numbers(name + "/output"), relative, 1e-3,
          weights > 0 ? roundings<Real> * std::sqrt(changes / weights) : 0);
    // A gradient may be a sum whose terms cancel: it is at best as exact as they are, so a few roundings of a number of
    // the size of the case's largest gradient are allowed on top; of the cotangent where all of it is zero but for
    // roundings, as that of a bias in front of a softmax is.
    const auto largest_of = [](const std::vector<double>& numbers) {
      double largest = 0;
      for (const double x : numbers) largest = std::max(largest, std::abs(x));
      return largest;
    };
    double largest = 0;
    for (const auto& entry : outcome.gradients)
      if (values.has(name + "/grad/" + entry.first))
        largest = std::max(largest, largest_of(values.numbers(name + "/grad/" + entry.first)));
    int compared = 0;
    for (const auto& entry : outcome.gradients) {
      CAPTURE(entry.first);
      if (!values.has(name + "/grad/" + entry.first)) continue;
      const auto expected = values.numbers(name + "/grad/" + entry.first);
      const bool is_zero = largest_of(expected) <= roundings<double> * largest_of(wide);
      close(entry.second, expected, relative, 0,
            roundings<Real> * (is_zero ? std::max(largest, largest_of(wide)) : largest));
      ++compared;
    }
    CHECK(compared == static_cast<int>(outcome.gradients.size()));
  }
}

}  // namespace check
