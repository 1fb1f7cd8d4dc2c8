// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <longshore/core/copy.hpp>
#include <longshore/core/fill.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/training.hpp>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

namespace check {

/// Output and gradients of one forward and backward pass, on the host.
template <class Real>
struct Outcome {
  std::vector<Real> output;
  std::map<std::string, std::vector<Real>> gradients;
};

/// A cotangent for an output of that many elements.
template <class Real>
std::vector<Real> random_cotangent(std::size_t size) {
  std::vector<Real> cotangent(size);
  for (std::size_t i = 0; i < size; ++i) cotangent[i] = Real(2) * longshore::Random(99).uniform<Real>(i) - Real(1);
  return cotangent;
}

/// Gradients of a row-sparse parameter, added up row by row.
template <class Real, class Space>
void add_rows(const longshore::ParameterGradient<Real, 2, Space>& gradient, std::vector<Real>& sum) {
  for (auto* use = gradient.rows; use; use = use->next) {
    const auto ids = longshore::copy_to_host(use->ids);
    const auto rows = longshore::copy_to_host(use->rows);
    const auto features = static_cast<std::size_t>(use->rows.extent(1));
    for (std::size_t i = 0; i < ids.size(); ++i)
      for (std::size_t d = 0; d < features; ++d)
        sum[static_cast<std::size_t>(ids[i]) * features + d] += rows[i * features + d];
  }
}

/// Makes a context new for the same step: what is random in it comes again.
template <class Context>
void repeat_step(Context& context) {
  if constexpr (Context::training) {
    const auto step = context.step();
    context.reset();
    context.set_step(step);
  } else {
    context.reset();
  }
}

/// Runs a case forward and backward. No gradient comes from an output without elements: all are 0 then.
template <class Real, class Context, class Case>
Outcome<Real> run(Context& context, const Case& example, const std::vector<Real>* cotangent = nullptr) {
  using Space = typename Context::space;
  Outcome<Real> outcome;
  repeat_step(context);
  // What backward is asked for and does not write stays not-a-number.
  longshore::visit_parameters(example, [&](const longshore::Path&, const auto& parameter) {
    const auto target = context.gradient_to(parameter);
    if (target) longshore::fill(context.executor(), target.view, std::numeric_limits<Real>::quiet_NaN());
  });
  context.fence();
  repeat_step(context);
  const auto value = example(context);
  context.fence();
  outcome.output = longshore::copy_to_host(value.data);
  const auto given = cotangent ? *cotangent : random_cotangent<Real>(outcome.output.size());
  auto memory = value.data;
  // Not null for an output without elements: backward skips what no gradient reached.
  longshore::Tensor<Real, 1, Space> buffer(static_cast<longshore::Index>(std::max<std::size_t>(given.size(), 1)));
  longshore::copy_from_host(given, longshore::View<Real, 1, Space>(buffer.data(), given.size()));
  memory.pointer = buffer.data();
  using Given = std::remove_cvref_t<decltype(context.gradient_of(value))>;
  if (!given.empty() || value.gradient) context.backward(value, Given(memory));
  context.fence();
  longshore::visit_parameters(example, [&](const longshore::Path& path, const auto& parameter) {
    if (parameter.frozen) return;
    const auto gradient = context.gradient_of(parameter);
    std::vector<Real> all(parameter.size(), Real(0));
    if (gradient.dense.data()) all = longshore::copy_to_host(gradient.dense);
    if constexpr (std::remove_cvref_t<decltype(parameter)>::rank == 2) add_rows(gradient, all);
    CAPTURE(path.text());
    if (given.empty()) CHECK(std::ranges::count(all, Real(0)) == static_cast<std::ptrdiff_t>(all.size()));
    outcome.gradients[path.text()] = all;
  });
  return outcome;
}

}  // namespace check
