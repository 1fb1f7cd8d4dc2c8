// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/fill.hpp>
#include <longshore/kernels/transformer_layer_backward.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/numeric_gradient.hpp"
#include "../support/transformer_arrays.hpp"

namespace ls = longshore;

namespace {

/// Gradients by x and by the parameters, in the order of `TransformerWeights`.
template <class Real, class Space>
std::vector<std::vector<double>> backward(TransformerArraysOf<Real, Space>& given, const ls::Tensor<Real, 2, Space>& dy,
                                          bool adds) {
  given.forward();
  auto& attention = given.attention;
  const auto update = adds ? ls::Update::add : ls::Update::write;
  const auto like = [&](const auto& tensor) {
    auto gradient = tensor;
    ls::fill<Real>(Space(), gradient.view(), Real(2));
    return gradient;
  };
  auto dx = like(attention.x);
  ls::Tensor<Real, 2, Space> matrices[] = {like(attention.in_weights), like(attention.out_weights), like(given.linear1),
                                           like(given.linear2)};
  ls::Tensor<Real, 1, Space> vectors[] = {
      like(attention.in_bias),   like(attention.out_bias), like(given.linear1_bias),  like(given.linear2_bias),
      like(given.norm1_weights), like(given.norm1_bias),   like(given.norm2_weights), like(given.norm2_bias)};
  const auto matrix = [&](int i) { return ls::Target<Real, 2, Space>{matrices[i].view(), update}; };
  const auto vector = [&](int i) { return ls::Target<Real, 1, Space>{vectors[i].view(), update}; };
  const ls::TransformerTargets<Real, Space> targets{matrix(0), matrix(1), matrix(2), matrix(3), vector(0), vector(1),
                                                    vector(2), vector(3), vector(4), vector(5), vector(6), vector(7)};
  const auto arrays = given.arrays();
  ls::Tensor<Real, 1, Space> workspace(static_cast<ls::Index>(ls::transformer_layer_backward_workspace(arrays)));
  ls::transformer_layer_backward<Real, Space>(Space(), dy.view(), attention.x.view(), given.weights(), arrays,
                                              ls::Target<Real, 2, Space>{dx.view(), update}, targets, workspace.view());
  std::vector<std::vector<double>> found{numbers_of(dx.view())};
  for (int i = 0; i < 4; ++i) {
    found.push_back(numbers_of(matrices[i].view()));
    found.push_back(numbers_of(vectors[i].view()));
  }
  for (int i = 4; i < 8; ++i) found.push_back(numbers_of(vectors[i].view()));
  return found;
}

}  // namespace

TEST_CASE_TEMPLATE("transformer_layer_backward: on views, equals central differences of loops, written and added",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double within = std::is_same_v<Real, float> ? 5e-5 : 1e-7;
  for (const bool norm_first : {false, true})
    for (const auto& lengths : {std::vector<ls::Index>{1}, {0, 3, 0, 17, 1}}) {
      CAPTURE(norm_first);
      TransformerArraysOf<Real, Space> given(lengths, 2, 2, 5, norm_first, norm_first, true);
      const auto dy = random_tensor<Real, 2, Space>(ls::Random(5), given.attention.ragged.steps(), 4);
      TransformerNumbers numbers(given);
      auto& w = numbers.weights;
      std::vector<std::vector<double>> expected;
      for (auto* some : {&numbers.x, &w.in_weights, &w.in_bias, &w.out_weights, &w.out_bias, &w.weights1, &w.bias1,
                         &w.weights2, &w.bias2, &w.norm1_weights, &w.norm1_bias, &w.norm2_weights, &w.norm2_bias})
        expected.push_back(numeric_gradient(*some, numbers_of(dy.view()), [&] { return numbers.output(); }));
      for (const bool adds : {false, true}) {
        const auto found = backward<Real, Space>(given, dy, adds);
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
          CAPTURE(i);
          auto sums = expected[i];
          for (double& sum : sums) sum += adds ? 2 : 0;
          check::close<double>(found[i], sums, within, 1);
        }
      }
    }
}

TEST_CASE_TEMPLATE("transformer_layer_backward: without steps the gradients of parameters are zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool norm_first : {false, true}) {
    TransformerArraysOf<Real, Space> given({0, 0}, 1, 2, 3, false, norm_first, false);
    const auto found = backward<Real, Space>(given, ls::Tensor<Real, 2, Space>(0, 2), false);
    REQUIRE(found.size() == 13);
    for (std::size_t i = 1; i < found.size(); ++i) {
      CAPTURE(i);
      CHECK(found[i] == std::vector<double>(found[i].size(), 0));
    }
  }
}
