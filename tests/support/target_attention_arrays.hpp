// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/target_attention_scores_backward.hpp>
#include <vector>

#include "../reference/poolings.hpp"
#include "kernel_case.hpp"

/// Everything the kernels of target attention take: random parameters, steps and candidates for given windows.
template <class Real, class Space>
struct TargetAttentionArrays {
  WindowList list;
  PlacedWindows<Space> placed;
  longshore::Index candidates, features;
  longshore::TargetAttentionShape shape;
  longshore::Tensor<Real, 2, Space> k;
  longshore::Tensor<Real, 3, Space> q;
  std::vector<longshore::Tensor<Real, 2, Space>> weights;
  std::vector<longshore::Tensor<Real, 1, Space>> bias;
  longshore::Tensor<Real, 1, Space> scores, packed, hidden;

  TargetAttentionArrays(const WindowList& its_list, longshore::Index its_candidates, longshore::Index its_features,
                        const longshore::SmallList<longshore::Index>& sizes)
      : list(its_list),
        placed(its_list),
        candidates(its_candidates),
        features(its_features),
        shape(longshore::target_attention_shape<Real>(its_features, sizes)) {
    const longshore::Random random(5);
    k = random_tensor<Real, 2, Space>(random.stream("k"), list.steps, features);
    q = random_tensor<Real, 3, Space>(random.stream("q"), static_cast<longshore::Index>(list.size()), candidates,
                                      features);
    longshore::Index in = 4 * features;
    for (int l = 0; l <= shape.layers; ++l) {
      const longshore::Index out = l < shape.layers ? shape.width[l] : 1;
      const auto number = static_cast<std::uint32_t>(l);
      weights.push_back(random_tensor<Real, 2, Space>(random.stream("weights").stream(number), out, in));
      bias.push_back(random_tensor<Real, 1, Space>(random.stream("bias").stream(number), out));
      in = out;
    }
    const longshore::Index positions = placed.pair_count * candidates;
    scores = longshore::Tensor<Real, 1, Space>(positions);
    packed = longshore::Tensor<Real, 1, Space>(static_cast<longshore::Index>(shape.packed_size()));
    hidden = longshore::Tensor<Real, 1, Space>(
        static_cast<longshore::Index>(longshore::target_attention_hidden(shape, placed.windows(), candidates)));
  }

  longshore::TargetAttentionLayers<Real, Space> layers() {
    longshore::TargetAttentionLayers<Real, Space> result;
    for (std::size_t l = 0; l < weights.size(); ++l) {
      result.weights[l] = weights[l].view();
      result.bias[l] = bias[l].view();
    }
    return result;
  }

  /// Runs the forward kernel with sigmoid.
  void forward(Real scale, bool keeps) {
    const auto windows = placed.windows();
    longshore::Tensor<Real, 1, Space> workspace(static_cast<longshore::Index>(
        longshore::target_attention_scores_workspace<Real>(shape, windows, candidates, keeps)));
    longshore::target_attention_scores_forward<Real, Space>(
        Space{}, shape, longshore::ActivationKind::sigmoid, scale, k.view(), windows, q.view(), layers(), scores.view(),
        packed.view(), keeps ? hidden.view() : longshore::View<Real, 1, Space>(), workspace.view());
    Kokkos::fence();
  }

  /// The scores by the paper's formula.
  std::vector<double> expected(double scale) {
    std::vector<naive::Layer> network;
    for (std::size_t l = 0; l < weights.size(); ++l)
      network.push_back({naive::rows_of(numbers_of(weights[l].view()), static_cast<std::size_t>(weights[l].extent(1))),
                         numbers_of(bias[l].view())});
    const auto rows = naive::rows_of(numbers_of(k.view()), static_cast<std::size_t>(features));
    const auto targets = naive::rows_of(numbers_of(q.view()), static_cast<std::size_t>(features));
    std::vector<double> result;
    for (std::size_t w = 0; w < list.size(); ++w)
      for (std::size_t c = 0; c < static_cast<std::size_t>(candidates); ++c) {
        const naive::Rows steps(rows.begin() + list.begin[w], rows.begin() + list.end[w]);
        for (const double s : naive::target_scores(targets[w * static_cast<std::size_t>(candidates) + c], steps,
                                                   network, naive::sigmoid))
          result.push_back(scale * s);
      }
    return result;
  }
};
