// SPDX-License-Identifier: Apache-2.0
// P21: use before Kokkos::initialize and after Kokkos::finalize is an exception, and what outlives finalize ends in silence.
//
//     life_cycle            prints how many misuses it knows
//     life_cycle NUMBER     commits this one and prints what came of it; life_cycle.py asks for each in a process of its own
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include <longshore/core/copy_to.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/core/training.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/encoders/gru.hpp>
#include <longshore/layers/linear.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/optimizer.hpp>

namespace ls = longshore;
using Space = Kokkos::DefaultHostExecutionSpace;

namespace {

int wanted = -1, known = 0;  // numbers of misuses

template <class Function>
void refuses(const char* what, Function&& function) {
  if (known++ != wanted) return;
  try {
    function();
    std::printf("%s: nothing was thrown\n", what);
  } catch (const ls::Error& error) {
    std::printf("%s: %s\n", what, error.what());
  }
}

struct Model {
  ls::EmbeddingTable<float, Space> items;
  ls::Gru<float, Space> encode;
  ls::Linear<float, Space> linear;
  void visit(auto&& visitor) {
    visitor("items", items);
    visitor("encode", encode);
    visitor("linear", linear);
  }
};

/// What nobody can make without Kokkos.
void refuses_construction() {
  refuses("Tensor", [] { ls::Tensor<float, 1, Space> tensor(3); });
  refuses("Parameter", [] { ls::Parameter<float, 1, Space> parameter(3); });
  refuses("Buffer", [] { ls::Buffer<Kokkos::HostSpace> buffer(3); });
  refuses("Arena", [] { ls::Arena<Kokkos::HostSpace>().allocate(3); });
  refuses("Inference", [] { ls::Inference<Space> context; });
  refuses("Inference, Inline", [] { ls::Inference<Space, ls::Inline> context; });
  refuses("Training", [] { ls::Training<Space> context{Model()}; });
  refuses("Linear", [] { ls::Linear<float, Space> linear({.in = 2, .out = 2}); });
  refuses("EmbeddingTable", [] { ls::EmbeddingTable<float, Space> table({.rows = 2, .features = 2}); });
  refuses("Gru", [] { ls::Gru<float, Space> gru({.in = 2, .hidden = 2}); });
}

/// Whatever a program may keep too long.
struct Kept {
  Model model;
  ls::Tensor<float, 2, Space> tensor{4, 2}, same{4, 2}, other{1, 2};
  ls::Tensor<ls::Index, 1, Space> offsets{2};
  ls::Inference<Space> inference;
  ls::Inference<Space, ls::Inline> direct;
  std::unique_ptr<ls::Training<Space>> training;
  std::unique_ptr<ls::Optimizer<ls::Adam, Space>> optimizer;
  ls::Arena<Kokkos::HostSpace> arena;

  Kept() {
    model.items = ls::EmbeddingTable<float, Space>({.rows = 5, .features = 2}, ls::Random(1));
    model.encode = ls::Gru<float, Space>({.in = 2, .hidden = 3}, ls::Random(2));
    model.linear = ls::Linear<float, Space>({.in = 3, .out = 2}, ls::Random(3));
    ls::copy_from_host<ls::Index>({0, 4}, offsets.view());
    training = std::make_unique<ls::Training<Space>>(std::as_const(model));
    optimizer = std::make_unique<ls::Optimizer<ls::Adam, Space>>(model);
    arena.allocate(1000);
    step(*training);
    optimizer->step(model, *training);
    forward(inference);
    forward(direct);
  }
  ls::Sequences<float, Space> sequences() { return {tensor.view(), {std::as_const(offsets).view(), 4}}; }
  ls::Matrix<float, Space> forward(auto& context) {
    context.reset();
    return model.linear(context, model.encode(context, sequences()).steps);
  }
  void step(auto& context) {
    const auto y = forward(context);
    context.backward(y, ls::View<const float, 2, Space>(std::as_const(tensor).view()));
  }
};

void refuses_use(Kept& kept) {
  refuses("copy of a tensor", [&] { ls::Tensor<float, 2, Space> copy(kept.tensor); });
  refuses("assignment in place", [&] { kept.same = kept.tensor; });
  refuses("assignment", [&] { kept.other = kept.tensor; });
  refuses("copy of a model", [&] { Model copy(kept.model); });
  refuses("copy to double", [&] { ls::copy_to<Space, double>(kept.model.linear); });
  refuses("copy to the host", [&] { ls::copy_to_host(kept.tensor.view()); });
  refuses("copy from the host", [&] { ls::copy_from_host(std::vector<float>(8), kept.tensor.view()); });
  refuses("forward", [&] { kept.forward(kept.inference); });
  refuses("forward on the calling thread", [&] { kept.forward(kept.direct); });
  refuses("forward without reset", [&] { kept.model.encode(kept.inference, kept.sequences()); });
  refuses("a training step", [&] { kept.step(*kept.training); });
  refuses("backward", [&] {
    const auto one = ls::make_value<float>(*kept.training, 1);
    kept.training->backward(one);
    kept.optimizer->step(kept.model, *kept.training);
  });
  refuses("an optimizer's step", [&] { kept.optimizer->step(kept.model, *kept.training); });
  refuses("fence", [&] { kept.inference.fence(); });
  refuses("fence of training", [&] { kept.training->fence(); });
  refuses("an arena that grows", [&] { kept.arena.allocate(100'000); });
  refuses("a kernel", [&] { ls::fill<float>(kept.inference.executor(), kept.tensor.view(), 1.0f); });
  refuses("another optimizer", [&] { ls::Optimizer<ls::Adam, Space> optimizer(kept.model); });
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) wanted = std::atoi(arguments[1]);
  refuses_construction();
  const Model never_filled;
  auto moved = std::make_unique<Model>();
  Kokkos::initialize();
  auto kept = std::make_unique<Kept>();
  Kokkos::finalize();
  refuses_construction();
  refuses_use(*kept);
  *moved = std::move(kept->model);  // moving and destroying are no use
  kept.reset();
  moved.reset();
  if (wanted < 0) std::printf("%d\n", known);
}
