// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/self_attention_backward.hpp>
#include <vector>

#include "../support/attention_arrays.hpp"
#include "../support/check_block.hpp"
#include "../support/numeric_gradient.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct Gradients {
  ls::Tensor<Real, 2, Space> dx, din, dout;
  ls::Tensor<Real, 1, Space> din_bias, dout_bias;
};

/// Forward and backward on views; each gradient starts as `start` and is added to, unless `start` is 0: then written.
template <class Real, class Space>
Gradients<Real, Space> backward(AttentionArraysOf<Real, Space>& given, const ls::Tensor<Real, 2, Space>& dy,
                                double start, bool by_x = true, bool by_parameters = true) {
  given.forward();
  const auto arrays = given.arrays();
  const auto like = [&](const auto& tensor) {
    auto gradient = tensor;
    ls::fill<Real>(Space(), gradient.view(), static_cast<Real>(start == 0 ? 99 : start));  // what is written over
    return gradient;
  };
  Gradients<Real, Space> result{like(given.x), like(given.in_weights), like(given.out_weights), like(given.in_bias),
                                like(given.out_bias)};
  const auto update = start == 0 ? ls::Update::write : ls::Update::add;
  ls::AttentionTargets<Real, Space> targets;
  if (by_parameters)
    targets = {{result.din.view(), update},
               {result.din_bias.view(), update},
               {result.dout.view(), update},
               {result.dout_bias.view(), update}};
  ls::Target<Real, 2, Space> dx;
  if (by_x) dx = {result.dx.view(), update};
  const ls::Index steps = given.ragged.steps();
  ls::Tensor<Real, 1, Space> workspace(static_cast<ls::Index>(ls::self_attention_backward_workspace(arrays, steps)));
  ls::self_attention_backward<Real, Space>(
      Space(), dy.view(), std::as_const(given.x).view(), std::as_const(given.in_weights).view(),
      std::as_const(given.out_weights).view(), arrays, dx, targets, workspace.view());
  return result;
}

}  // namespace

TEST_CASE_TEMPLATE("self_attention_backward: on views, equals central differences of naive loops, written and added",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double within = std::is_same_v<Real, float> ? 2e-5 : 1e-8;
  for (const bool causal : {false, true})
    for (const auto& lengths : {std::vector<ls::Index>{1}, {0, 3, 0, 18, 1}}) {
      CAPTURE(causal);
      AttentionArraysOf<Real, Space> given(lengths, 2, 2, causal);
      const auto dy = random_tensor<Real, 2, Space>(ls::Random(5), given.ragged.steps(), given.features);
      const auto cotangent = numbers_of(dy.view());
      AttentionNumbers numbers(given);
      const auto by = [&](std::vector<double>& some) {
        return numeric_gradient(some, cotangent, [&] { return numbers.output(); });
      };
      const std::vector<std::vector<double>> expected{by(numbers.x), by(numbers.in_weights), by(numbers.out_weights),
                                                      by(numbers.in_bias), by(numbers.out_bias)};
      for (const double start : {0.0, 3.0}) {
        auto actual = backward<Real, Space>(given, dy, start);
        const std::vector<std::vector<double>> found{numbers_of(actual.dx.view()), numbers_of(actual.din.view()),
                                                     numbers_of(actual.dout.view()), numbers_of(actual.din_bias.view()),
                                                     numbers_of(actual.dout_bias.view())};
        for (std::size_t i = 0; i < expected.size(); ++i) {
          CAPTURE(i);
          auto sums = expected[i];
          for (double& sum : sums) sum += start;
          check::close<double>(found[i], sums, within, 1);
        }
      }
    }
}

TEST_CASE_TEMPLATE("self_attention_backward: leaves out what nobody wants, the rest is the same", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  AttentionArraysOf<Real, Space> given({4, 0, 2}, 1, 3, true);
  const auto dy = random_tensor<Real, 2, Space>(ls::Random(5), 6, 3);
  auto all = backward<Real, Space>(given, dy, 0), by_x = backward<Real, Space>(given, dy, 0, true, false),
       by_parameters = backward<Real, Space>(given, dy, 0, false, true);
  CHECK(numbers_of(by_x.dx.view()) == numbers_of(all.dx.view()));
  CHECK(numbers_of(by_x.din.view()) == std::vector<double>(27, 99));
  CHECK(numbers_of(by_parameters.din.view()) == numbers_of(all.din.view()));
  CHECK(numbers_of(by_parameters.dout_bias.view()) == numbers_of(all.dout_bias.view()));
  CHECK(numbers_of(by_parameters.dx.view()) == std::vector<double>(18, 99));
}

TEST_CASE_TEMPLATE("self_attention_backward: without steps the gradients of parameters are zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  AttentionArraysOf<Real, Space> given({0, 0}, 1, 2, false);
  auto actual = backward<Real, Space>(given, ls::Tensor<Real, 2, Space>(0, 2), 0);
  CHECK(numbers_of(actual.din.view()) == std::vector<double>(12, 0));
  CHECK(numbers_of(actual.din_bias.view()) == std::vector<double>(6, 0));
  CHECK(numbers_of(actual.dout.view()) == std::vector<double>(4, 0));
  CHECK(numbers_of(actual.dout_bias.view()) == std::vector<double>(2, 0));
}
