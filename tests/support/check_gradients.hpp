// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <longshore/core/random.hpp>
#include <longshore/core/training.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "outcome.hpp"
#include "refuses_old_values.hpp"
#include "sanitized.hpp"

namespace check {

/// The scalar whose gradient is checked: <cotangent, output>.
template <class Context, class Case>
double objective(Context& context, const Case& example, const std::vector<double>& cotangent) {
  repeat_step(context);
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

/// How far one gradient is from central differences.
struct GradientDifference {
  std::string entry;     // the first one that is off by more than 1e-5 + 1e-3 of its size (torch.autograd.gradcheck)
  double relative = 0;   // of the whole, by the Euclidean norm
  bool reached = false;  // some entry is not zero
};

/// @param stride  1: all entries are compared; more: the first of so many, and nothing is said of the whole
template <class Context, class Case, class Parameter>
GradientDifference compare_gradient(Context& context, const Case& example, const std::vector<double>& cotangent,
                                    Parameter& parameter, const std::vector<double>& analytic, double step,
                                    std::size_t stride) {
  GradientDifference result;
  double error = 0, size = 0;
  for (std::size_t i = 0; i < parameter.size(); i += stride) {
    double& element = parameter.mutable_view().data()[i];
    const double before = element;
    element = before + step;
    const double above = objective(context, example, cotangent);
    element = before - step;
    const double below = objective(context, example, cotangent);
    element = before;
    const double numeric = (above - below) / (2 * step), difference = std::abs(analytic[i] - numeric);
    if (!(difference <= 1e-5 + 1e-3 * std::abs(numeric))) {
      std::ostringstream text;
      text << "gradient " << i << " is " << analytic[i] << ", expected " << numeric;
      result.entry = text.str();
      return result;
    }
    error += difference * difference;
    size += numeric * numeric;
    result.reached = result.reached || analytic[i] != 0;
  }
  if (stride == 1 && size > 1e-12) result.relative = std::sqrt(error / size);
  return result;
}

/// Compares every gradient of one example with central differences in double: each entry, and the whole within 1e-6.
///
/// @param most  of larger parameters only so many entries are compared
template <class Case>
GradientReport compare_gradients(Case& example, std::size_t most = std::numeric_limits<std::size_t>::max()) {
  longshore::Training<Kokkos::Serial> context(example);
  const auto outcome = run<double>(context, example);
  const auto cotangent = random_cotangent<double>(outcome.output.size());
  GradientReport report;
  std::ostringstream mistake;
  for (const double x : outcome.output)
    if (!std::isfinite(x) && mistake.tellp() == 0) mistake << "an output is " << x;
  longshore::visit_parameters(example, [&](const longshore::Path& path, auto& parameter) {
    if (parameter.frozen || mistake.tellp() != 0) return;
    const std::size_t stride = parameter.size() > most ? (parameter.size() + most - 1) / most : 1;
    const auto difference = [&](double step) {
      return compare_gradient(context, example, cotangent, parameter, outcome.gradients.at(path.text()), step, stride);
    };
    GradientDifference found = difference(1e-6);
    // Ten times the step has a tenth of the roundings, which is where a small gradient of large numbers is lost.
    if (found.entry.empty() && found.relative > 1e-6) found = difference(1e-5);
    if (!found.entry.empty())
      mistake << path.text() << ": " << found.entry;
    else if (found.relative > 1e-6)
      mistake << path.text() << ": the gradients are off by " << found.relative << " of their norm";
    report.reached = report.reached || found.reached;
  });
  report.mistake = mistake.str();
  return report;
}

/// Compares the gradients of that many examples of a case, each another shape; with sanitizers a few entries of each.
/// Each input that is a value of another step must be refused, too.
template <template <class, class> class Case>
void gradients(int shapes = 20) {
  bool reached = false;
  for (int shape = 0; shape < shapes; ++shape) {
    CAPTURE(shape);
    Case<double, Kokkos::Serial> example(longshore::Random(1234).stream(static_cast<std::uint32_t>(shape)), shape);
    const GradientReport report = sanitized ? compare_gradients(example, 4) : compare_gradients(example);
    REQUIRE(report.mistake == "");
    refuses_old_values(example);
    reached = reached || report.reached;
  }
  CHECK_MESSAGE(reached, "all gradients are zero: the check says nothing");
}

}  // namespace check
