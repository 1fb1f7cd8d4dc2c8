// SPDX-License-Identifier: Apache-2.0
// P21: use before Kokkos::initialize and after Kokkos::finalize is an exception, and what outlives finalize ends in silence.
#include <cstdio>
#include <memory>
#include <string>

#include <longshore/core/inference.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/layers/linear.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {


int mistakes = 0;

template <class Function>
void refuses(const char* what, Function&& function) {
  try {
    function();
    std::printf("%s: nothing was thrown\n", what);
    ++mistakes;
  } catch (const ls::Error& error) {
    if (std::string(error.what()).find("Kokkos is not running") == std::string::npos) {
      std::printf("%s: another text: %s\n", what, error.what());
      ++mistakes;
    }
  }
}

void refuses_everything() {
  refuses("Tensor", [] { ls::Tensor<float, 1, Space> tensor(3); });
  refuses("Inference", [] { ls::Inference<Space> context; });
  refuses("Linear", [] { ls::Linear<float, Space> linear({.in = 2, .out = 2}); });
}

}  // namespace

int main() {
  refuses_everything();
  auto outlives = std::make_unique<ls::Linear<float, Space>>();
  std::unique_ptr<ls::Inference<Space, ls::Inline>> context;
  Kokkos::initialize();
  *outlives = ls::Linear<float, Space>({.in = 2, .out = 2});
  context = std::make_unique<ls::Inference<Space, ls::Inline>>();
  context->allocate(1000);
  Kokkos::finalize();
  refuses_everything();
  return mistakes == 0 ? 0 : 1;
}
