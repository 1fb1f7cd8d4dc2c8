// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/check_values.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/inference.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/training.hpp>
#include <longshore/core/use.hpp>
#include <longshore/layers/linear.hpp>

#include "../support/error_text.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;
using Matrix = ls::Matrix<float, Space>;
using Cube = ls::Cube<float, Space>;

namespace {

constexpr const char* text =
    "Block: a value is older than the context's `reset`, or of another context: values live until `reset`, in the "
    "context that made them";

/// The text of the error with which values are refused; empty: they are taken.
template <class Context, class... Values>
std::string refusal(const Context& context, const Values&... values) {
  try {
    ls::check_values("Block", context, values...);
  } catch (const ls::Error& error) {
    return error.what();
  }
  return "";
}

struct Nothing {
  void visit(auto&&) {}
};

struct OneParameter {
  ls::Parameter<float, 2, Space> parameter{2, 3};
  void visit(auto&& visitor) { visitor("parameter", parameter); }
};

}  // namespace

TEST_CASE("check_values: takes values of this step and constants, and refuses older ones and those of other contexts") {
  const auto meet = [](auto& context, auto& other) {
    context.reset();
    std::vector<float> memory(6);
    const Matrix constant(ls::View<float, 2, Space>(memory.data(), 2, 3));
    const Matrix first = ls::make_value<float>(context, 2, 3), foreign = ls::make_value<float>(other, 2, 3);
    CHECK(refusal(context, first, constant) == "");
    CHECK(refusal(context, first, foreign) == text);
    CHECK(refusal(context, ls::reshape(foreign, 6)) == text);
    context.reset();
    const Matrix second = ls::make_value<float>(context, 2, 3);
    CHECK(second.data.data() == first.data.data());  // it would read the newer numbers
    CHECK(refusal(context, first) == text);
    CHECK(refusal(context, second, constant) == "");
    CHECK(refusal(context, Matrix()) == "");
  };
  ls::Inference<Space> inference, direct;
  ls::Training<Space> training{Nothing{}}, beside{Nothing{}};
  meet(inference, direct);
  meet(training, beside);
  meet(inference, training);
  meet(training, inference);
}

TEST_CASE("check_values: looks into all that blocks are called with") {
  ls::Inference<Space> context, other;
  const Matrix good = ls::make_value<float>(context, 2, 3), bad = ls::make_value<float>(other, 2, 3);
  const Cube states = ls::make_value<float>(context, 1, 2, 3), old_states = ls::make_value<float>(other, 1, 2, 3);
  CHECK(refusal(context, ls::Sequences<float, Space>{good, {}}) == "");
  CHECK(refusal(context, ls::Sequences<float, Space>{bad, {}}) == text);
  CHECK(refusal(context, ls::Windowed<float, Space>(good, {})) == "");
  CHECK(refusal(context, ls::Windowed<float, Space>(bad, {})) == text);
  CHECK(refusal(context, ls::Interest<float, Space>(good)) == "");
  CHECK(refusal(context, ls::Interest<float, Space>(bad)) == text);
  CHECK(refusal(context, ls::InterestList<float, Space>("Block", {good, good})) == "");
  CHECK(refusal(context, ls::InterestList<float, Space>("Block", {good, bad})) == text);
  CHECK(refusal(context, ls::InterestList<float, Space>("Block", {bad, good})) == text);
  CHECK(refusal(context, ls::RecurrentState<float, Space>(states, states)) == "");
  CHECK(refusal(context, ls::RecurrentState<float, Space>(old_states)) == text);
  CHECK(refusal(context, ls::RecurrentState<float, Space>(states, old_states)) == text);
}

TEST_CASE("check_values: a context that comes where another one was knows its own values only") {
  std::optional<ls::Inference<Space>> context(std::in_place);
  const Matrix first = ls::make_value<float>(*context, 2, 3);
  context.emplace();
  CHECK(refusal(*context, first) == text);
  const Matrix second = ls::make_value<float>(*context, 2, 3);
  ls::Inference<Space> moved(std::move(*context));
  CHECK(refusal(moved, second) == "");
  context.emplace();
  CHECK(refusal(*context, second) == text);
}

TEST_CASE("P11: a block does not read what reset has taken back, nor another context's memory") {
  const ls::Linear<float, Space> block({.in = 3, .out = 2}, ls::Random(1));
  ls::Inference<Space> context;
  Matrix other_context;
  {
    ls::Inference<Space> gone;
    other_context = ls::make_value<float>(gone, 2, 3);
  }
  CHECK_THROWS_AS(block(context, other_context), ls::Error);  // its memory is freed
  const Matrix x = ls::make_value<float>(context, 2, 3);
  CHECK_NOTHROW(block(context, x));
  context.reset();
  CHECK_THROWS_AS(block(context, x), ls::Error);
}

TEST_CASE("check_values: a parameter used in inference is a constant; in training its gradient ends with the step") {
  OneParameter model;
  ls::Inference<Space> inference;
  const Matrix table = ls::use(inference, model.parameter);
  inference.reset();
  CHECK(refusal(inference, table) == "");
  ls::Training<Space> training(model);
  const Matrix trained = ls::use(training, model.parameter);
  CHECK(refusal(training, trained) == "");
  training.reset();
  CHECK(refusal(training, trained) == text);
  model.parameter.frozen = true;
  ls::Training<Space> frozen(model);
  const Matrix fixed = ls::use(frozen, model.parameter);
  frozen.reset();
  CHECK(refusal(frozen, fixed) == "");
}

TEST_CASE("check_values: a block that forgets to ask is stopped before its gradient is written to foreign memory") {
  ls::Training<Space> context{Nothing{}}, other{Nothing{}};
  const Matrix foreign = ls::make_value<float>(other, 2, 3), y = ls::make_value<float>(context, 2, 3);
  context.record(y, [foreign](auto& c) { c.gradient_to(foreign); });
  const std::vector<float> cotangent(6);
  CHECK(test::error_text<ls::Error>([&] {
          context.backward(y, ls::View<const float, 2, Space>(cotangent.data(), 2, 3));
        }).starts_with("Training::gradient_to: a value is older than the context's `reset`"));
}
