// SPDX-License-Identifier: Apache-2.0
// Causal self-attention by its kernels alone: on raw pointers, on xtensor arrays, and as a naive loop to compare both
// with.
#include <longshore/interop/xtensor_view.hpp>
#include <longshore/kernels/self_attention_backward.hpp>

#include "check.hpp"

namespace {

constexpr ls::Index features = 8, heads = 2, each = features / heads;

/// Where each array lies in one block of numbers, as many frameworks keep parameters; gradients lie alike.
struct Layout {
  std::size_t x = 0, in_weights, in_bias, out_weights, out_bias, size;

  explicit Layout(const Batch& batch) {
    in_weights = static_cast<std::size_t>(batch.steps() * features);
    in_bias = in_weights + 3 * features * features;
    out_weights = in_bias + 3 * features;
    out_bias = out_weights + features * features;
    size = out_bias + features;
  }
};

std::vector<Real> draw_inputs(const Batch& batch) { return draw_numbers(Layout(batch).size, 3); }
std::vector<Real> draw_dy(const Batch& batch) {
  return draw_numbers(static_cast<std::size_t>(batch.steps() * features), 4);
}

/// x Wᵀ + b for one row, one number at a time.
std::vector<double> project(const double* x, std::size_t out, const double* weights, const double* bias) {
  std::vector<double> y(bias, bias + out);
  for (std::size_t o = 0; o < out; ++o)
    for (std::size_t d = 0; d < features; ++d) y[o] += weights[o * features + d] * x[d];
  return y;
}

/// The equations of the kernel's docstring: each step looks at itself and the steps before it.
std::vector<double> naive_self_attention(const Batch& batch, const std::vector<double>& numbers) {
  const Layout at(batch);
  std::vector<double> result;
  for (std::size_t b = 0; b + 1 < batch.offsets.size(); ++b) {
    std::vector<std::vector<double>> seen;  // queries, keys and values of the steps so far
    for (ls::Index row = batch.offsets[b]; row < batch.offsets[b + 1]; ++row) {
      const double* x = &numbers[at.x + static_cast<std::size_t>(row) * features];
      seen.push_back(project(x, 3 * features, &numbers[at.in_weights], &numbers[at.in_bias]));
      std::vector<double> mixed(features, 0.0);
      for (std::size_t head = 0; head < heads; ++head) {
        std::vector<double> weights;
        double sum = 0;
        for (const auto& step : seen) {
          double score = 0;
          for (std::size_t d = head * each; d < (head + 1) * each; ++d) score += seen.back()[d] * step[features + d];
          weights.push_back(std::exp(score / std::sqrt(double{each})));
          sum += weights.back();
        }
        for (std::size_t s = 0; s < seen.size(); ++s)
          for (std::size_t d = head * each; d < (head + 1) * each; ++d)
            mixed[d] += weights[s] / sum * seen[s][2 * features + d];
      }
      const auto y = project(mixed.data(), features, &numbers[at.out_weights], &numbers[at.out_bias]);
      result.insert(result.end(), y.begin(), y.end());
    }
  }
  return result;
}

void compare(Outcome& outcome, const Batch& batch) {
  const auto loop = [&](const std::vector<double>& numbers) { return naive_self_attention(batch, numbers); };
  compare(outcome, loop, draw_inputs(batch), draw_dy(batch));
}

/// What both ways say of the work, whatever the arrays are.
ls::AttentionArrays<Real, Space> describe(const ls::Offsets<Space>& offsets, ls::Index steps) {
  ls::AttentionArrays<Real, Space> arrays;
  arrays.shape.heads = heads;
  arrays.shape.features = each;
  arrays.shape.causal = true;
  arrays.shape.scale = 1 / std::sqrt(Real{each});
  arrays.offsets = offsets;
  arrays.sequences_each = ls::sequences_per_team(offsets, steps);
  return arrays;
}

}  // namespace

Outcome self_attention_on_pointers(const Batch& batch) {
  const Layout at(batch);
  const std::vector<Real> inputs = draw_inputs(batch), dy = draw_dy(batch);
  const ls::Index steps = batch.steps();
  const auto rows = static_cast<std::size_t>(steps);
  const ls::Inline here;  // runs a kernel's body on the calling thread: no launch, no lock, no start of Kokkos
  Outcome outcome{"self-attention", "raw pointers", "Inline", 0, 0, {}, {}, 0, 0};

  // A view is a pointer and extents.
  const ls::View<const Real, 2, Space> x(&inputs[at.x], steps, features);
  const ls::View<const Real, 2, Space> in_weights(&inputs[at.in_weights], 3 * features, features);
  const ls::View<const Real, 2, Space> out_weights(&inputs[at.out_weights], features, features);

  // What forward leaves for backward: N D numbers a few times, never a score for each pair of steps.
  std::vector<Real> projected(rows * 3 * features), attended(rows * features), statistics(rows * heads * 2);
  auto arrays = describe({{batch.offsets.data(), batch.sequences() + 1}, batch.longest}, steps);
  arrays.in_bias = &inputs[at.in_bias];
  arrays.out_bias = &inputs[at.out_bias];
  arrays.projected = projected.data();
  arrays.attended = attended.data();
  arrays.statistics = statistics.data();

  outcome.y.resize(rows * features);
  outcome.forward_workspace = ls::self_attention_forward_workspace(arrays);
  std::vector<Real> scratch(outcome.forward_workspace);
  ls::self_attention_forward<Real, Space>(here, x, in_weights, out_weights, arrays, {outcome.y.data(), steps, features},
                                          {scratch.data(), scratch.size()});

  // A target that is left out, `{}`, costs nothing; `Update::add` adds to what is there.
  outcome.gradients.resize(at.size);
  Real* const gradients = outcome.gradients.data();
  const ls::AttentionTargets<Real, Space> targets{
      {{gradients + at.in_weights, 3 * features, features}, ls::Update::write},
      {{gradients + at.in_bias, 3 * features}, ls::Update::write},
      {{gradients + at.out_weights, features, features}, ls::Update::write},
      {{gradients + at.out_bias, features}, ls::Update::write}};
  outcome.backward_workspace = ls::self_attention_backward_workspace(arrays, steps);
  scratch.resize(outcome.backward_workspace);
  ls::self_attention_backward<Real, Space>(here, {dy.data(), steps, features}, x, in_weights, out_weights, arrays,
                                           {{gradients + at.x, steps, features}, ls::Update::write}, targets,
                                           {scratch.data(), scratch.size()});
  compare(outcome, batch);
  return outcome;
}

Outcome self_attention_on_xtensor(const Batch& batch) {
  const Layout at(batch);
  const auto rows = static_cast<std::size_t>(batch.steps());
  const std::vector<Real> inputs = draw_inputs(batch), dy = draw_dy(batch);
  const Space space;  // an instance of OpenMP, Threads or Serial; its kernels run one after the other
  const auto view = [](auto& array) { return ls::view_of_xtensor<Space>(array); };
  Outcome outcome{"self-attention", "xtensor", Space::name(), 0, 0, {}, {}, 0, 0};

  // `xt::adapt` sees memory of others as an array; an `xt::xtensor` has its own. Both are taken.
  const auto matrix = [](const Real* numbers, std::size_t some, std::size_t width) {
    return xt::adapt(numbers, some * width, xt::no_ownership(), std::array<std::size_t, 2>{some, width});
  };
  const auto x = matrix(&inputs[at.x], rows, features), out_gradient = matrix(dy.data(), rows, features);
  const auto in_weights = matrix(&inputs[at.in_weights], 3 * features, features);
  const auto out_weights = matrix(&inputs[at.out_weights], features, features);
  const xt::xtensor<ls::Index, 1> bounds = xt::adapt(batch.offsets, {batch.offsets.size()});
  const auto zeros = [](std::size_t some, std::size_t width) {
    return xt::xtensor<Real, 2>(xt::zeros<Real>({some, width}));
  };
  auto y = zeros(rows, features), projected = zeros(rows, 3 * features), attended = zeros(rows, features);
  auto statistics = zeros(rows, heads * 2);
  auto arrays = describe({view(bounds), batch.longest}, batch.steps());
  arrays.in_bias = &inputs[at.in_bias];
  arrays.out_bias = &inputs[at.out_bias];
  arrays.projected = projected.data();
  arrays.attended = attended.data();
  arrays.statistics = statistics.data();

  outcome.forward_workspace = ls::self_attention_forward_workspace(arrays);
  xt::xtensor<Real, 1> scratch = xt::zeros<Real>({outcome.forward_workspace});
  ls::self_attention_forward<Real, Space>(space, view(x), view(in_weights), view(out_weights), arrays, view(y),
                                          view(scratch));

  auto dx = zeros(rows, features), din_weights = zeros(3 * features, features);
  auto dout_weights = zeros(features, features);
  xt::xtensor<Real, 1> din_bias = xt::zeros<Real>({std::size_t{3 * features}});
  xt::xtensor<Real, 1> dout_bias = xt::zeros<Real>({std::size_t{features}});
  outcome.backward_workspace = ls::self_attention_backward_workspace(arrays, batch.steps());
  xt::xtensor<Real, 1> more_scratch = xt::zeros<Real>({outcome.backward_workspace});
  ls::self_attention_backward<Real, Space>(
      space, view(out_gradient), view(x), view(in_weights), view(out_weights), arrays, {view(dx)},
      {{view(din_weights)}, {view(din_bias)}, {view(dout_weights)}, {view(dout_bias)}}, view(more_scratch));
  space.fence();  // kernels do not wait: before the host reads what they write, it does

  outcome.y.assign(y.begin(), y.end());
  const auto append = [&](const auto& array) {
    outcome.gradients.insert(outcome.gradients.end(), array.begin(), array.end());
  };
  append(dx), append(din_weights), append(din_bias), append(dout_weights), append(dout_bias);
  compare(outcome, batch);
  return outcome;
}
