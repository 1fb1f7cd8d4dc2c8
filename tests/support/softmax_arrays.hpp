// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include <longshore/kernels/softmax_cross_entropy.hpp>

#include "kernel_case.hpp"

/// What the kernels of softmax cross-entropy are called with where no loss calls them; and the loss, naively.
template <class Real, class Space>
struct SoftmaxArrays {
  longshore::Index rows, items, features;
  longshore::Tensor<Real, 2, Space> interests, table, log_sum;
  longshore::Tensor<Real, 1, Space> bias, loss, scratch;
  longshore::Tensor<longshore::Id, 1, Space> targets;
  longshore::Tensor<float, 1, Space> weights;
  Real scale = Real(0.5);

  SoftmaxArrays(longshore::Index b, longshore::Index i, longshore::Index d)
      : rows(b), items(i), features(d), log_sum(b, 2), bias(i), loss(1), targets(b), weights(b) {
    interests = random_tensor<Real, 2, Space>(longshore::Random(1), b, d);
    table = random_tensor<Real, 2, Space>(longshore::Random(2), i, d);
    bias = random_tensor<Real, 1, Space>(longshore::Random(3), i);
    scratch = longshore::Tensor<Real, 1, Space>(static_cast<int>(longshore::softmax_tiles_workspace<Space>(i, d)));
    std::vector<longshore::Id> ids;
    std::vector<float> factors;
    for (longshore::Index row = 0; row < b; ++row) {
      ids.push_back(static_cast<longshore::Id>((row * 37 + 5) % i));
      factors.push_back(static_cast<float>(row % 4));
    }
    longshore::copy_from_host(ids, targets.view());
    longshore::copy_from_host(factors, weights.view());
  }

  longshore::SoftmaxTiles<Real> tiles() {
    return {rows,         items,       features,      longshore::softmax_block<Space>(items), interests.data(),
            table.data(), bias.data(), scratch.data()};
  }

  double forward() {
    longshore::Tensor<longshore::ExponentialSum<Real>, 2, Space> sums(longshore::softmax_blocks<Space>(items) + 1,
                                                                      rows);
    longshore::Tensor<double, 1, Space> workspace(static_cast<int>(longshore::sum_terms_workspace(rows)));
    longshore::softmax_cross_entropy_forward<Real, Space>(Space(), tiles(), targets.view(), weights.view(), scale,
                                                          log_sum.view(), loss.view(), sums.view(), workspace.view());
    return numbers_of(loss.view())[0];
  }
};

/// The same numbers in double.
struct SoftmaxNumbers {
  std::size_t rows, items, features;
  double scale;
  std::vector<double> interests, table, bias, targets, weights;

  template <class Real, class Space>
  explicit SoftmaxNumbers(const SoftmaxArrays<Real, Space>& a)
      : rows(static_cast<std::size_t>(a.rows)),
        items(static_cast<std::size_t>(a.items)),
        features(static_cast<std::size_t>(a.features)),
        scale(static_cast<double>(a.scale)),
        interests(numbers_of(a.interests.view())),
        table(numbers_of(a.table.view())),
        bias(numbers_of(a.bias.view())),
        targets(numbers_of(a.targets.view())),
        weights(numbers_of(a.weights.view())) {}

  std::vector<double> logits(std::size_t b) const {
    std::vector<double> x(bias);
    for (std::size_t i = 0; i < items; ++i)
      for (std::size_t d = 0; d < features; ++d) x[i] += interests[b * features + d] * table[i * features + d];
    return x;
  }

  std::vector<double> loss() const {
    double total = 0;
    for (std::size_t b = 0; b < rows; ++b) {
      const auto x = logits(b);
      double sum = 0;
      for (const double logit : x) sum += std::exp(logit);
      total += scale * weights[b] * (std::log(sum) - x[static_cast<std::size_t>(targets[b])]);
    }
    return {total};
  }
};
