// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <longshore/core/fill.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/core/training.hpp>
#include <longshore/core/use.hpp>

#include "golden.hpp"
#include "spaces.hpp"

/// What every block is put through. A block's test describes it once, as a case:
///
///     template <class Real, class Space>
///     struct LinearCase {
///       Parameter<Real, 2, Space> x;      // an input, kept as a parameter so that its gradient is checked too
///       Linear<Real, Space> block;
///       LinearCase(const Random& random, int shape);                 // the shape-th random example, edges included
///       LinearCase(const Golden& golden, const std::string& name);   // sizes from the golden tensors of a case
///       auto operator()(auto& context) const { return block(context, use(context, x)); }     // a Value
///       void visit(auto&& visitor) { visitor("x", x); visitor("block", block); }
///     };
///
/// Inputs are of order one. `golden` tensors have the names of `visit`: `<case>/x`, `<case>/block.weights`, then
/// `<case>/cotangent`, `<case>/output` and `<case>/grad/x`, ....
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

/// Runs a case forward and backward.
template <class Real, class Context, class Case>
Outcome<Real> run(Context& context, const Case& example, const std::vector<Real>* cotangent = nullptr) {
  using Space = typename Context::space;
  Outcome<Real> outcome;
  context.reset();
  // What backward is asked for and does not write stays not-a-number.
  longshore::visit_parameters(example, [&](const longshore::Path&, const auto& parameter) {
    const auto target = context.gradient_to(parameter);
    if (target) longshore::fill(context.executor(), target.view, std::numeric_limits<Real>::quiet_NaN());
  });
  context.fence();
  context.reset();
  const auto value = example(context);
  context.fence();
  outcome.output = longshore::copy_to_host(value.data);
  const auto given = cotangent ? *cotangent : random_cotangent<Real>(outcome.output.size());
  auto memory = value.data;
  longshore::Tensor<Real, 1, Space> buffer(static_cast<longshore::Index>(given.size()));
  longshore::copy_from_host(given, buffer.view());
  memory.pointer = buffer.data();
  using Given = std::remove_cvref_t<decltype(context.gradient_of(value))>;
  if (!given.empty()) context.backward(value, Given(memory));
  context.fence();
  longshore::visit_parameters(example, [&](const longshore::Path& path, const auto& parameter) {
    if (parameter.frozen) return;
    const auto gradient = context.gradient_of(parameter);
    std::vector<Real> all(parameter.size(), Real(0));
    if (gradient.dense.data()) all = longshore::copy_to_host(gradient.dense);
    if constexpr (std::remove_cvref_t<decltype(parameter)>::rank == 2) add_rows(gradient, all);
    outcome.gradients[path.text()] = all;
  });
  return outcome;
}

/// The scalar whose gradient is checked: <cotangent, output>.
template <class Context, class Case>
double objective(Context& context, const Case& example, const std::vector<double>& cotangent) {
  context.reset();
  const auto value = example(context);
  double sum = 0;
  for (std::size_t i = 0; i < cotangent.size(); ++i) sum += cotangent[i] * value.data.data()[i];
  return sum;
}

/// Compares every gradient with central differences in double: the whole within 1e-6 (relative norm), each entry within
/// 1e-5 + 1e-3 of its size (as torch.autograd.gradcheck).
template <template <class, class> class Case>
void gradients(int shapes = 20) {
  using Space = Kokkos::Serial;
  bool any = false;
  for (int shape = 0; shape < shapes; ++shape) {
    CAPTURE(shape);
    Case<double, Space> example(longshore::Random(1234).stream(static_cast<std::uint32_t>(shape)), shape);
    longshore::Training<Space> context(example);
    const auto outcome = run<double>(context, example);
    const auto cotangent = random_cotangent<double>(outcome.output.size());
    for (const double x : outcome.output) REQUIRE(std::isfinite(x));
    longshore::visit_parameters(example, [&](const longshore::Path& path, auto& parameter) {
      if (parameter.frozen) return;
      const auto& analytic = outcome.gradients.at(path.text());
      CAPTURE(path.text());
      double error = 0, size = 0;
      const double eps = 1e-6;
      for (std::size_t i = 0; i < parameter.size(); ++i) {
        double& element = parameter.mutable_view().data()[i];
        const double before = element;
        element = before + eps;
        const double above = objective(context, example, cotangent);
        element = before - eps;
        const double below = objective(context, example, cotangent);
        element = before;
        const double numeric = (above - below) / (2 * eps);
        CAPTURE(i);
        REQUIRE(std::abs(analytic[i] - numeric) <= 1e-5 + 1e-3 * std::abs(numeric));
        error += (analytic[i] - numeric) * (analytic[i] - numeric);
        size += numeric * numeric;
        any = any || analytic[i] != 0;
      }
      if (size > 1e-12) CHECK(std::sqrt(error / size) <= 1e-6);
    });
  }
  CHECK_MESSAGE(any, "all gradients are zero: the check says nothing");
}

/// What a few roundings change in a number of order one.
template <class Real>
inline constexpr double roundings = 8 * static_cast<double>(std::numeric_limits<Real>::epsilon());

/// Compares element by element: relative to the largest expected one, or to `least` if that is larger; `rounding` is
/// allowed on top.
template <class Real>
void close(const std::vector<Real>& actual, const std::vector<double>& expected, double relative, double least = 1e-3,
           double rounding = 0) {
  REQUIRE(actual.size() == expected.size());
  double largest = 0, worst = 0;
  for (const double x : expected) largest = std::max(largest, std::abs(x));
  for (std::size_t i = 0; i < actual.size(); ++i) {
    REQUIRE(std::isfinite(static_cast<double>(actual[i])));
    worst = std::max(worst, std::abs(static_cast<double>(actual[i]) - expected[i]));
  }
  CHECK(worst <= relative * std::max(largest, least) + rounding);
}

/// Forward and backward give the same bits on Serial, on every other host space at its number of threads, with the
/// `Inline` executor, and twice in a row; on a device the same numbers to rounding.
template <template <class, class> class Case, class Real>
void same_bits_in(int shapes) {
  for (int shape = 0; shape < shapes; ++shape) {
    CAPTURE(shape);
    const auto random = longshore::Random(4321).stream(static_cast<std::uint32_t>(shape));
    const Case<Real, Kokkos::Serial> serial(random, shape);
    longshore::Training<Kokkos::Serial> context(serial, longshore::Random(5));
    const auto expected = run<Real>(context, serial);
    const auto equal = [&](const Outcome<Real>& actual) {
      const auto same = [](const std::vector<Real>& a, const std::vector<Real>& b) {
        return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0);
      };
      CHECK(same(actual.output, expected.output));
      for (const auto& entry : expected.gradients) {
        CAPTURE(entry.first);
        CHECK(same(actual.gradients.at(entry.first), entry.second));
      }
    };
    equal(run<Real>(context, serial));
    longshore::Training<Kokkos::Serial, longshore::Inline> direct(serial, longshore::Random(5));
    equal(run<Real>(direct, serial));
    for_every_other_space([&](auto space) {
      using Space = decltype(space);
      const Case<Real, Space> other(random, shape);
      longshore::Training<Space> elsewhere(other, longshore::Random(5));
      for (int repetition = 0; repetition < 2; ++repetition) {
        const auto actual = run<Real>(elsewhere, other);
        if constexpr (longshore::is_host_space<Space>) {
          equal(actual);
        } else {
          const auto wide = [](const std::vector<Real>& v) { return std::vector<double>(v.begin(), v.end()); };
          close(actual.output, wide(expected.output), 10 * tolerance<Real>);
          for (const auto& [name, gradient] : expected.gradients)
            close(actual.gradients.at(name), wide(gradient), 10 * tolerance<Real>);
        }
      }
    });
  }
}

/// The same in float and double.
template <template <class, class> class Case>
void same_bits(int shapes = 8) {
  same_bits_in<Case, float>(shapes);
  same_bits_in<Case, double>(shapes);
}

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

/// Output without gradients: what `Inference` gives equals what `Training` gives, bit for bit.
template <template <class, class> class Case>
void inference_equals_training(int shapes = 8) {
  for (int shape = 0; shape < shapes; ++shape) {
    const Case<float, Kokkos::Serial> example(longshore::Random(77).stream(static_cast<std::uint32_t>(shape)), shape);
    longshore::Training<Kokkos::Serial> training(example);
    longshore::Inference<Kokkos::Serial> inference;
    const auto a = longshore::copy_to_host(example(training).data);
    const auto b = longshore::copy_to_host(example(inference).data);
    REQUIRE(a.size() == b.size());
    CHECK((a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0));
  }
}

}  // namespace check

/// A parameter of random numbers of order one, kept as an input of a case.
template <class Real, int Rank, class Space, class... Extents>
longshore::Parameter<Real, Rank, Space> random_input(const longshore::Random& random, Extents... extents) {
  longshore::Parameter<Real, Rank, Space> parameter(extents...);
  longshore::initialise(parameter, longshore::normal(1), random);
  return parameter;
}
