// SPDX-License-Identifier: Apache-2.0

// Products of dense matrices, alone and in a perceptron.
#include "bench_case.hpp"

namespace {

class Product final : public BenchCase {
 public:
  explicit Product(const Inputs& inputs)
      : a_(inputs.parameter<2>("a")), b_(inputs.parameter<2>("b")), c_(a_.extent(0), b_.extent(1)) {}
  void run() override {
    ls::gemm_nn<Real, Space>(space_, a_.extent(0), b_.extent(1), a_.extent(1), {a_.view().data(), a_.extent(1)},
                             {b_.view().data(), b_.extent(1)}, {c_.view().data(), b_.extent(1)}, ls::Update::write);
    space_.fence();
  }
  Outputs outputs() override { return {{"output", ls::copy_to_host(c_.view())}}; }

 private:
  Space space_;
  ls::Parameter<Real, 2, Space> a_, b_;
  ls::Tensor<Real, 2, Space> c_;
};

struct Perceptron {
  static constexpr bool has_cotangent = true;
  ls::Parameter<Real, 2, Space> x;
  ls::Mlp<Real, Space> block;

  explicit Perceptron(const Inputs& inputs)
      : x(inputs.parameter<2>("x")), block({.in = x.extent(1), .sizes = {100, 64, 1}}) {
    inputs.fill(block, "block");
  }
  auto operator()(auto& context) const { return block(context, ls::use(context, x)); }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

}  // namespace

void add_products(Cases& cases) {
  cases["gemm"] = [](const Inputs& inputs) { return std::make_unique<Product>(inputs); };
  add_block<Perceptron>(cases, "mlp");
}
