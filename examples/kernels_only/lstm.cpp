// SPDX-License-Identifier: Apache-2.0
// An LSTM by its kernels alone: on raw pointers, on xtensor arrays, and as a naive loop to compare both with.
#include <longshore/interop/xtensor_view.hpp>
#include <longshore/kernels/lstm.hpp>

#include "check.hpp"

namespace {

constexpr ls::Index features = 8, hidden = 12, gates = 4 * hidden;

/// Where each array lies in one block of numbers, as many frameworks keep parameters; gradients lie alike.
struct Layout {
  std::size_t x = 0, input, recurrent, bias_input, bias_recurrent, size;

  explicit Layout(const Batch& batch) {
    input = static_cast<std::size_t>(batch.steps() * features);
    recurrent = input + gates * features;
    bias_input = recurrent + gates * hidden;
    bias_recurrent = bias_input + gates;
    size = bias_recurrent + gates;
  }
};

std::vector<Real> draw_inputs(const Batch& batch) { return draw_numbers(Layout(batch).size, 1); }
std::vector<Real> draw_dy(const Batch& batch) {
  return draw_numbers(static_cast<std::size_t>(batch.steps() * hidden), 2);
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// The equations of the kernel's docstring, one number at a time.
std::vector<double> naive_lstm(const Batch& batch, const std::vector<double>& numbers) {
  const Layout at(batch);
  std::vector<double> y;
  for (std::size_t b = 0; b + 1 < batch.offsets.size(); ++b) {
    std::vector<double> h(hidden, 0.0), c(hidden, 0.0);
    for (ls::Index row = batch.offsets[b]; row < batch.offsets[b + 1]; ++row) {
      const double* x = &numbers[at.x + static_cast<std::size_t>(row) * features];
      std::vector<double> sums(gates);
      for (std::size_t j = 0; j < gates; ++j) {
        sums[j] = numbers[at.bias_input + j] + numbers[at.bias_recurrent + j];
        for (std::size_t d = 0; d < features; ++d) sums[j] += numbers[at.input + j * features + d] * x[d];
        for (std::size_t k = 0; k < hidden; ++k) sums[j] += numbers[at.recurrent + j * hidden + k] * h[k];
      }
      for (std::size_t k = 0; k < hidden; ++k) {
        const double in = sigmoid(sums[k]), forget = sigmoid(sums[hidden + k]);
        const double candidate = std::tanh(sums[2 * hidden + k]), out = sigmoid(sums[3 * hidden + k]);
        c[k] = forget * c[k] + in * candidate;
        h[k] = out * std::tanh(c[k]);
      }
      y.insert(y.end(), h.begin(), h.end());
    }
  }
  return y;
}

void compare(Outcome& outcome, const Batch& batch) {
  const auto loop = [&](const std::vector<double>& numbers) { return naive_lstm(batch, numbers); };
  compare(outcome, loop, draw_inputs(batch), draw_dy(batch));
}

}  // namespace

Outcome lstm_on_pointers(const Batch& batch) {
  const Layout at(batch);
  const std::vector<Real> inputs = draw_inputs(batch), dy = draw_dy(batch);
  const ls::Index steps = batch.steps(), sequences = batch.sequences();
  const auto rows = static_cast<std::size_t>(steps);
  const ls::Inline here;  // runs a kernel's body on the calling thread: no launch, no lock, no start of Kokkos
  Outcome outcome{"lstm", "raw pointers", "Inline", 0, 0, {}, {}, 0, 0};

  // Which rows belong together, and in which order they are walked. A view is a pointer and extents.
  std::vector<ls::Index> order(static_cast<std::size_t>(sequences));
  const ls::Offsets<Space> offsets{{batch.offsets.data(), sequences + 1}, batch.longest};
  ls::order_by_length<Space>(here, offsets, {order.data(), sequences});
  const ls::SequenceGroups<Space> groups{offsets, {order.data(), sequences}};
  const ls::View<const Real, 2, Space> x(&inputs[at.x], steps, features);
  const ls::RecurrentWeights<Real, Space> weights{{&inputs[at.input], gates, features},
                                                  {&inputs[at.recurrent], gates, hidden},
                                                  {&inputs[at.bias_input], gates},
                                                  {&inputs[at.bias_recurrent], gates}};

  // Forward. The caller owns all memory: the output, what backward needs, and scratch, which is free again afterwards.
  outcome.forward_workspace = ls::lstm_forward_workspace<Real, Space>(sequences, features, hidden);
  std::vector<Real> scratch(outcome.forward_workspace), activated(rows * gates), cells(rows * hidden);
  outcome.y.resize(rows * hidden);
  const ls::LstmMemory<Real, Space> memory{{activated.data(), steps, gates}, {cells.data(), steps, hidden}};
  ls::lstm_forward<Real, Space>(here, x, groups, weights, {}, {outcome.y.data(), hidden}, {}, memory,
                                {scratch.data(), scratch.size()});

  // Backward. A target that is left out, `{}`, costs nothing; `Update::add` adds to what is there.
  outcome.backward_workspace = ls::lstm_backward_workspace<Real, Space>(steps, sequences, features, hidden);
  scratch.resize(outcome.backward_workspace);
  outcome.gradients.resize(at.size);
  Real* const gradients = outcome.gradients.data();
  const ls::RecurrentWeightTargets<Real, Space> dweights{{{gradients + at.input, gates, features}, ls::Update::write},
                                                         {{gradients + at.recurrent, gates, hidden}, ls::Update::write},
                                                         {{gradients + at.bias_input, gates}, ls::Update::write},
                                                         {{gradients + at.bias_recurrent, gates}, ls::Update::write}};
  ls::lstm_backward<Real, Space>(here, {dy.data(), hidden}, {}, x, groups, weights, {}, {outcome.y.data(), hidden},
                                 {memory.gates, memory.cells}, {{gradients + at.x, steps, features}, ls::Update::write},
                                 dweights, {}, {}, {scratch.data(), scratch.size()});
  compare(outcome, batch);
  return outcome;
}

Outcome lstm_on_xtensor(const Batch& batch) {
  const Layout at(batch);
  const auto rows = static_cast<std::size_t>(batch.steps()), sequences = static_cast<std::size_t>(batch.sequences());
  const std::vector<Real> inputs = draw_inputs(batch);
  const Real* const numbers = inputs.data();
  const Space space;  // an instance of OpenMP, Threads or Serial; its kernels run one after the other
  const auto view = [](auto& array) { return ls::view_of_xtensor<Space>(array); };
  Outcome outcome{"lstm", "xtensor", Space::name(), 0, 0, {}, {}, 0, 0};

  // `xt::adapt` sees memory of others as an array; an `xt::xtensor` has its own. Both are taken.
  const auto matrix = [&](std::size_t place, std::size_t some, std::size_t width) {
    return xt::adapt(numbers + place, some * width, xt::no_ownership(), std::array<std::size_t, 2>{some, width});
  };
  const auto x = matrix(at.x, rows, features);
  const auto input = matrix(at.input, gates, features), recurrent = matrix(at.recurrent, gates, hidden);
  xt::xtensor<Real, 1> bias_input = xt::zeros<Real>({std::size_t{gates}}), bias_recurrent = bias_input;
  std::copy_n(numbers + at.bias_input, gates, bias_input.data());
  std::copy_n(numbers + at.bias_recurrent, gates, bias_recurrent.data());
  const ls::RecurrentWeights<Real, Space> weights{view(input), view(recurrent), view(bias_input), view(bias_recurrent)};
  const xt::xtensor<ls::Index, 1> bounds = xt::adapt(batch.offsets, {sequences + 1});
  xt::xtensor<ls::Index, 1> order = xt::zeros<ls::Index>({sequences});
  const ls::Offsets<Space> offsets{view(bounds), batch.longest};
  ls::order_by_length(space, offsets, view(order));
  const ls::SequenceGroups<Space> groups{offsets, view(order)};

  const auto zeros = [](std::size_t some, std::size_t width) {
    return xt::xtensor<Real, 2>(xt::zeros<Real>({some, width}));
  };
  auto y = zeros(rows, hidden), activated = zeros(rows, gates), cells = zeros(rows, hidden);
  outcome.forward_workspace = ls::lstm_forward_workspace<Real, Space>(batch.sequences(), features, hidden);
  xt::xtensor<Real, 1> scratch = xt::zeros<Real>({outcome.forward_workspace});
  const ls::LstmMemory<Real, Space> memory{view(activated), view(cells)};
  ls::lstm_forward<Real, Space>(space, view(x), groups, weights, {}, {y.data(), hidden}, {}, memory, view(scratch));

  auto dx = zeros(rows, features), dinput = zeros(gates, features), drecurrent = zeros(gates, hidden);
  xt::xtensor<Real, 1> dbias_input = xt::zeros<Real>({std::size_t{gates}}), dbias_recurrent = dbias_input;
  const std::vector<Real> dy = draw_dy(batch);
  outcome.backward_workspace =
      ls::lstm_backward_workspace<Real, Space>(batch.steps(), batch.sequences(), features, hidden);
  xt::xtensor<Real, 1> more_scratch = xt::zeros<Real>({outcome.backward_workspace});
  ls::lstm_backward<Real, Space>(space, {dy.data(), hidden}, {}, view(x), groups, weights, {}, {y.data(), hidden},
                                 {memory.gates, memory.cells}, {view(dx)},
                                 {{view(dinput)}, {view(drecurrent)}, {view(dbias_input)}, {view(dbias_recurrent)}}, {},
                                 {}, view(more_scratch));
  space.fence();  // kernels do not wait: before the host reads what they write, it does

  outcome.y.assign(y.begin(), y.end());
  const auto append = [&](const auto& array) {
    outcome.gradients.insert(outcome.gradients.end(), array.begin(), array.end());
  };
  append(dx), append(dinput), append(drecurrent), append(dbias_input), append(dbias_recurrent);
  compare(outcome, batch);
  return outcome;
}
