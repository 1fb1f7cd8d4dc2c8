// SPDX-License-Identifier: Apache-2.0
// P16: two threads write to the parameters of one model. The thread sanitizer must see it: else its silence about
// threads that only read says nothing. The Python beside it looks at what it says.
#include <cstdio>
#include <thread>

#include <longshore/core/inference.hpp>
#include <longshore/layers/linear.hpp>

#include "../support/sanitized.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

/// Reads the model as a request does; a writer also changes it.
void serve(ls::Linear<float, Space>& model, bool writes) {
  ls::Inference<Space, ls::Inline> context;
  float x[6] = {1, 2, 3, 4, 5, 6};
  for (int i = 0; i < 1000; ++i) {
    context.reset();
    model(context, ls::Matrix<float, Space>(ls::View<float, 2, Space>(x, 2, 3)));
    if (writes) model.weights.mutable_view()(0, 0) += 1;
  }
}

int main(int count, char** words) {
  if (!threads_watched) return 77;
  const Kokkos::ScopeGuard kokkos(count, words);
  ls::Linear<float, Space> model({.in = 3, .out = 4}, ls::Random(1));
  const bool writes = count > 1;
  std::thread first([&] { serve(model, writes); }), second([&] { serve(model, writes); });
  first.join();
  second.join();
  std::puts("done");
}
