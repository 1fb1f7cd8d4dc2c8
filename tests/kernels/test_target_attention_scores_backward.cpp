// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/target_attention_scores_backward.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/target_attention_arrays.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("target_attention_scores_backward: every gradient equals central differences, and targets are added to") {
  TargetAttentionArrays<double, Space> arrays({{0, 1, 1, 5}, {3, 3, 4, 5}, 6}, 2, 2, {4, 3});
  const auto windows = arrays.placed.windows();
  const auto cotangent = random_tensor<double, 1, Space>(ls::Random(2), 2 * arrays.placed.pair_count);
  const auto objective = [&] {
    arrays.forward(0.5, true);
    return ls::dot(arrays.scores.data(), cotangent.data(), cotangent.extent(0));
  };
  objective();
  ls::Tensor<double, 2, Space> dpairs(arrays.placed.pair_count, 2);
  ls::Tensor<double, 3, Space> dq(4, 2, 2);
  std::vector<ls::Tensor<double, 2, Space>> dweights;
  std::vector<ls::Tensor<double, 1, Space>> dbias;
  ls::TargetAttentionLayerGradients<double, Space> targets;
  for (std::size_t l = 0; l < arrays.weights.size(); ++l) {
    dweights.emplace_back(arrays.weights[l].extent(0), arrays.weights[l].extent(1));
    dbias.emplace_back(arrays.bias[l].extent(0));
  }
  for (std::size_t l = 0; l < arrays.weights.size(); ++l) {
    targets.weights[l] = {dweights[l].view(), ls::Update::add};
    targets.bias[l] = {dbias[l].view(), ls::Update::add};
    ls::fill(Space{}, dweights[l].view(), 10.0);
    ls::fill(Space{}, dbias[l].view(), 10.0);
  }
  ls::fill(Space{}, dq.view(), 10.0);
  ls::Tensor<double, 1, Space> workspace(
      static_cast<ls::Index>(ls::target_attention_scores_backward_workspace<double>(arrays.shape, windows, 2)));
  ls::target_attention_scores_backward<double, Space>(
      Space{}, arrays.shape, ls::ActivationKind::sigmoid, 0.5, cotangent.view(), arrays.k.view(), windows,
      arrays.q.view(), arrays.layers(), arrays.packed.view(), arrays.hidden.view(), dpairs.view(),
      {dq.view(), ls::Update::add}, targets, workspace.view());
  const auto check_all = [&](double* numbers, std::size_t count, const double* gradient, double before) {
    for (std::size_t i = 0; i < count; ++i) {
      const double value = numbers[i];
      numbers[i] = value + 1e-6;
      const double above = objective();
      numbers[i] = value - 1e-6;
      const double below = objective();
      numbers[i] = value;
      CHECK(gradient[i] - before == doctest::Approx((above - below) / 2e-6).epsilon(1e-6));
    }
  };
  check_all(arrays.q.data(), arrays.q.size(), dq.data(), 10);
  for (std::size_t l = 0; l < arrays.weights.size(); ++l) {
    CAPTURE(l);
    check_all(arrays.weights[l].data(), arrays.weights[l].size(), dweights[l].data(), 10);
    check_all(arrays.bias[l].data(), arrays.bias[l].size(), dbias[l].data(), 10);
  }
  std::vector<double> dk(arrays.k.size());
  for (std::size_t w = 0; w < arrays.list.size(); ++w)
    for (ls::Index i = 0; i < arrays.list.length(w); ++i)
      for (ls::Index d = 0; d < 2; ++d)
        dk[static_cast<std::size_t>((arrays.list.begin[w] + i) * 2 + d)] +=
            dpairs.view()(arrays.list.pairs()[w] + i, d);
  check_all(arrays.k.data(), arrays.k.size(), dk.data(), 0);
}

TEST_CASE("target_attention_scores_backward: empty targets are left out") {
  TargetAttentionArrays<double, Space> arrays({{0, 1}, {3, 4}, 4}, 1, 3, {4});
  arrays.forward(1, true);
  const auto windows = arrays.placed.windows();
  ls::Tensor<double, 2, Space> dpairs(arrays.placed.pair_count, 3);
  ls::Tensor<double, 1, Space> workspace(
      static_cast<ls::Index>(ls::target_attention_scores_backward_workspace<double>(arrays.shape, windows, 1)));
  ls::target_attention_scores_backward<double, Space>(Space{}, arrays.shape, ls::ActivationKind::sigmoid, 1,
                                                      arrays.scores.view(), arrays.k.view(), windows, arrays.q.view(),
                                                      arrays.layers(), arrays.packed.view(), arrays.hidden.view(),
                                                      dpairs.view(), {}, {}, workspace.view());
  for (std::size_t i = 0; i < dpairs.size(); ++i) CHECK(dpairs.data()[i] != 0);
}
