// SPDX-License-Identifier: Apache-2.0

// Rows of a large table: gathered, given a gradient, and updated.
#include "bench_case.hpp"

namespace {

class TableStep final : public BenchCase {
 public:
  explicit TableStep(const Inputs& inputs)
      : table_({.rows = inputs.extent("table.weights", 0),
                .features = inputs.extent("table.weights", 1),
                .gradient = ls::GradientKind::row_sparse}),
        ids_(inputs.tensor<ls::Id, 1, std::int64_t>("ids")),
        cotangent_(inputs.tensor<Real, 2>("cotangent")),
        optimizer_(table_, ls::Adam{.rate = 1e-3}),
        context_(table_) {
    inputs.fill(table_, "table");
  }
  void run() override {
    context_.reset();
    context_.backward(table_(context_, ls::View<const ls::Id, 1, Space>(ids_.view())),
                      ls::View<const Real, 2, Space>(cotangent_.view()));
    optimizer_.step(table_, context_);
    context_.fence();
  }
  Outputs outputs() override {
    ls::Inference<Space> context;
    return {{"output", ls::copy_to_host(table_(context, ls::View<const ls::Id, 1, Space>(ids_.view())).data)}};
  }

 private:
  ls::EmbeddingTable<Real, Space> table_;
  ls::Tensor<ls::Id, 1, Space> ids_;
  ls::Tensor<Real, 2, Space> cotangent_;
  ls::Optimizer<ls::Adam, Space> optimizer_;
  ls::Training<Space> context_;
};

}  // namespace

void add_tables(Cases& cases) {
  cases["table"] = [](const Inputs& inputs) { return std::make_unique<TableStep>(inputs); };
}
