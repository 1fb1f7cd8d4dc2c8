// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <longshore/core/random.hpp>
#include <longshore/core/training.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "outcome.hpp"

namespace check {

/// The scalar whose gradient is checked: <cotangent, output>.
template <class Context, class Case>
double objective(Context& context, const Case& example, const std::vector<double>& cotangent) {
  context.reset();
  const auto value = example(context);
  double sum = 0;
  for (std::size_t i = 0; i < cotangent.size(); ++i) sum += cotangent[i] * value.data.data()[i];
  return sum;
}

/// What the check of gradients finds.
struct GradientReport {
  std::string mistake;   // the first one; empty: none
  bool reached = false;  // some gradient is not zero: else the check says nothing
};

/// Compares every gradient of one example with central differences in double: each entry within 1e-5 + 1e-3 of its size
/// (as torch.autograd.gradcheck), the whole within 1e-6 (relative norm).
template <class Case>
GradientReport compare_gradients(Case& example) {
  longshore::Training<Kokkos::Serial> context(example);
  const auto outcome = run<double>(context, example);
  const auto cotangent = random_cotangent<double>(outcome.output.size());
  GradientReport report;
  std::ostringstream mistake;
  for (const double x : outcome.output)
    if (!std::isfinite(x) && mistake.tellp() == 0) mistake << "an output is " << x;
  longshore::visit_parameters(example, [&](const longshore::Path& path, auto& parameter) {
    if (parameter.frozen || mistake.tellp() != 0) return;
    const auto& analytic = outcome.gradients.at(path.text());
    double error = 0, size = 0;
    constexpr double step = 1e-6;
    for (std::size_t i = 0; i < parameter.size() && mistake.tellp() == 0; ++i) {
      double& element = parameter.mutable_view().data()[i];
      const double before = element;
      element = before + step;
      const double above = objective(context, example, cotangent);
      element = before - step;
      const double below = objective(context, example, cotangent);
      element = before;
      const double numeric = (above - below) / (2 * step), difference = std::abs(analytic[i] - numeric);
      if (!(difference <= 1e-5 + 1e-3 * std::abs(numeric)))
        mistake << path.text() << ": gradient " << i << " is " << analytic[i] << ", expected " << numeric;
      error += difference * difference;
      size += numeric * numeric;
      report.reached = report.reached || analytic[i] != 0;
    }
    if (mistake.tellp() == 0 && size > 1e-12 && !(std::sqrt(error / size) <= 1e-6))
      mistake << path.text() << ": the gradients are off by " << std::sqrt(error / size) << " of their norm";
  });
  report.mistake = mistake.str();
  return report;
}

/// Compares the gradients of that many examples of a case, each another shape.
template <template <class, class> class Case>
void gradients(int shapes = 20) {
  bool reached = false;
  for (int shape = 0; shape < shapes; ++shape) {
    CAPTURE(shape);
    Case<double, Kokkos::Serial> example(longshore::Random(1234).stream(static_cast<std::uint32_t>(shape)), shape);
    const GradientReport report = compare_gradients(example);
    REQUIRE(report.mistake == "");
    reached = reached || report.reached;
  }
  CHECK_MESSAGE(reached, "all gradients are zero: the check says nothing");
}

}  // namespace check
