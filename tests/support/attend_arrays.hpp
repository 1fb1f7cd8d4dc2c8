// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <longshore/core/random.hpp>
#include <longshore/kernels/attention_tile.hpp>

#include "attend_functors.hpp"
#include "kernel_case.hpp"

/// Queries, keys and values of one head over one sequence, with what attention makes of them; and the same naively.
template <class Real, class Space>
struct AttendArrays {
  longshore::AttentionShape<Real> shape;
  longshore::Index length;
  longshore::Tensor<Real, 2, Space> query, key, value, attended, statistics;  // (T, features), statistics (T, 2)

  AttendArrays(longshore::Index steps, longshore::Index features, bool causal) : length(steps) {
    shape.features = features;
    shape.causal = causal;
    shape.scale = Real(0.5);
    query = random_tensor<Real, 2, Space>(longshore::Random(1), steps, features);
    key = random_tensor<Real, 2, Space>(longshore::Random(2), steps, features);
    value = random_tensor<Real, 2, Space>(longshore::Random(3), steps, features);
    attended = longshore::Tensor<Real, 2, Space>(steps, features);
    statistics = longshore::Tensor<Real, 2, Space>(steps, 2);
  }

  static longshore::Tensor<Real, 1, Space> tiles() {
    return longshore::Tensor<Real, 1, Space>(static_cast<int>(longshore::attention_tiles_size<Real, Space>(1)));
  }
  static longshore::Strided<const Real> in(const longshore::Tensor<Real, 2, Space>& tensor) {
    return {tensor.data(), tensor.extent(1)};
  }
  static longshore::Strided<Real> out(longshore::Tensor<Real, 2, Space>& tensor) {
    return {tensor.data(), tensor.extent(1)};
  }

  std::vector<double> forward(longshore::Index row = 0, longshore::Index head = 0) {
    auto memory = tiles();
    longshore::for_each_team<Space>(Space(), 1,
                                    AttendOnce<Real>{shape, length, row, head, in(query), in(key), in(value),
                                                     out(attended), out(statistics), memory.data()});
    return numbers_of(attended.view());
  }
};

/// The same in double; `kept` has what each weight is multiplied by, (T, T).
struct AttendNumbers {
  std::size_t length, features;
  bool causal;
  double scale;
  std::vector<double> query, key, value, kept;

  template <class Real, class Space>
  explicit AttendNumbers(const AttendArrays<Real, Space>& a)
      : length(static_cast<std::size_t>(a.length)),
        features(static_cast<std::size_t>(a.shape.features)),
        causal(a.shape.causal),
        scale(static_cast<double>(a.shape.scale)),
        query(numbers_of(a.query.view())),
        key(numbers_of(a.key.view())),
        value(numbers_of(a.value.view())),
        kept(length * length, 1) {}

  /// Weights of all keys for query q, 0 for those that it does not see; and the greatest score and the sum.
  std::vector<double> weights(std::size_t q, double& greatest, double& sum) const {
    std::vector<double> result(length, 0);
    const std::size_t seen = causal ? q + 1 : length;
    for (std::size_t k = 0; k < seen; ++k)
      for (std::size_t d = 0; d < features; ++d) result[k] += scale * query[q * features + d] * key[k * features + d];
    greatest = *std::max_element(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(seen));
    sum = 0;
    for (std::size_t k = 0; k < seen; ++k) sum += result[k] = std::exp(result[k] - greatest);
    for (std::size_t k = 0; k < seen; ++k) result[k] /= sum;
    return result;
  }

  std::vector<double> output() const {
    std::vector<double> y(length * features, 0);
    double greatest = 0, sum = 0;
    for (std::size_t q = 0; q < length; ++q) {
      const auto a = weights(q, greatest, sum);
      for (std::size_t k = 0; k < length; ++k)
        for (std::size_t d = 0; d < features; ++d)
          y[q * features + d] += kept[q * length + k] * a[k] * value[k * features + d];
    }
    return y;
  }
};
