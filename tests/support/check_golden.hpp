// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
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
/// largest element.
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
    close(outcome.output, values.numbers(name + "/output"), relative);
    // A gradient may be a sum whose terms cancel: it is at best as exact as they are, so a few roundings of a number of
    // the size of the case's largest gradient are allowed on top.
    double largest = 0;
    for (const auto& entry : outcome.gradients)
      if (values.has(name + "/grad/" + entry.first))
        for (const double x : values.numbers(name + "/grad/" + entry.first)) largest = std::max(largest, std::abs(x));
    int compared = 0;
    for (const auto& entry : outcome.gradients) {
      CAPTURE(entry.first);
      if (!values.has(name + "/grad/" + entry.first)) continue;
      close(entry.second, values.numbers(name + "/grad/" + entry.first), relative, 0, roundings<Real> * largest);
      ++compared;
    }
    CHECK(compared == static_cast<int>(outcome.gradients.size()));
  }
}

}  // namespace check
