// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <longshore/losses/reduction.hpp>

#include "check_block.hpp"

/// What losses on scores are tested with: scores, labels, ids, weights and log probabilities, drawn or golden.
template <class Real, class Space>
struct ScoreLossCase {
  longshore::Parameter<Real, 2, Space> scores;  // (B, C)
  longshore::Tensor<float, 2, Space> labels, weights, log_q;
  longshore::Tensor<longshore::Id, 2, Space> ids;
  bool mean = true, weighs = false;

  /// A row and a candidate, a few, many, no rows, then any.
  ScoreLossCase(const longshore::Random& random, int shape, int fewest_candidates) {
    constexpr int sizes[][2] = {{1, 1}, {3, 4}, {40, 5}, {700, 3}, {0, 2}};
    const auto size = extents_of(sizes, random, shape);
    const int b = size[0], c = std::max(size[1], fewest_candidates);
    scores = random_input<Real, 2, Space>(random.stream("scores"), b, c);
    mean = shape % 2 == 0;
    weighs = shape % 3 == 0;
    const auto draw = [&](const char* name, auto&& value) {
      std::vector<float> drawn(scores.size());
      for (std::size_t i = 0; i < drawn.size(); ++i) drawn[i] = value(random.stream(name), i);
      return drawn;
    };
    take(b, c, draw("labels", [](const longshore::Random& r, std::size_t i) { return r.bits(i) % 2 ? 1.0f : 0.0f; }),
         draw("weights", [](const longshore::Random& r, std::size_t i) { return r.uniform<float>(i); }),
         draw("log_q", [](const longshore::Random& r, std::size_t i) { return -5 * r.uniform<float>(i); }),
         draw("ids", [](const longshore::Random& r, std::size_t i) { return static_cast<float>(r.bits(i) % 5); }));
  }
  ScoreLossCase(const Golden& golden, const std::string& name)
      : scores(golden.shape(name + "/scores")[0], golden.shape(name + "/scores")[1]),
        mean(golden.integer(name + "/mean") == 1),
        weighs(golden.has(name + "/weights")) {
    const auto numbers = [&](const std::string& tensor) {
      std::vector<float> result(scores.size(), 1.0f);
      const std::string path = name + "/" + tensor;
      if (!golden.has(path)) return result;
      if (tensor == "log_q") {
        const auto values = golden.numbers(path);
        std::transform(values.begin(), values.end(), result.begin(), [](double x) { return static_cast<float>(x); });
      } else {
        const auto values = golden.integers(path);
        std::transform(values.begin(), values.end(), result.begin(),
                       [](std::int64_t x) { return static_cast<float>(x); });
      }
      return result;
    };
    take(scores.extent(0), scores.extent(1), numbers("labels"), numbers("weights"), numbers("log_q"), numbers("ids"));
  }

  longshore::Reduction reduction() const { return mean ? longshore::Reduction::mean : longshore::Reduction::sum; }
  longshore::View<const float, 2, Space> given_weights() const {
    return weighs ? weights.view() : longshore::View<const float, 2, Space>();
  }
  void visit(auto&& visitor) { visitor("scores", scores); }

 private:
  void take(int rows, int columns, const std::vector<float>& y, const std::vector<float>& w,
            const std::vector<float>& q, const std::vector<float>& drawn_ids) {
    const auto fill = [&](longshore::Tensor<float, 2, Space>& tensor, const std::vector<float>& from) {
      tensor = longshore::Tensor<float, 2, Space>(rows, columns);
      longshore::copy_from_host(from, tensor.view());
    };
    fill(labels, y);
    fill(weights, w);
    fill(log_q, q);
    ids = longshore::Tensor<longshore::Id, 2, Space>(rows, columns);
    longshore::copy_from_host(std::vector<longshore::Id>(drawn_ids.begin(), drawn_ids.end()), ids.view());
  }
};
