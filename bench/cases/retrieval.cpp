// SPDX-License-Identifier: Apache-2.0

// The best items of a catalogue for each query.
#include "bench_case.hpp"

namespace {

template <class Where, class AnyIndex>
class Retrieval final : public BenchCase {
 public:
  explicit Retrieval(const Inputs& inputs)
      : queries_(inputs.tensor<Real, 2>("queries")),
        index_(ls::View<const Real, 2, Where>(inputs.tensor<Real, 2>("items").view())),
        k_(inputs.integer("k")) {}
  void run() override {
    context_.reset();
    lists_ = index_(context_, ls::View<const Real, 2, Where>(queries_.view()), k_);
    context_.fence();
  }
  Outputs outputs() override { return {{"scores", ls::copy_to_host(lists_.scores)}}; }

 private:
  ls::Tensor<Real, 2, Where> queries_;
  AnyIndex index_;
  ls::Index k_;
  ls::Inference<Where> context_;
  ls::TopKLists<Real, Where> lists_;
};

}  // namespace

void add_retrieval(Cases& cases) {
  if constexpr (ls::is_host_space<Space>) {
    cases["top_k"] = [](const Inputs& inputs) {
      return std::make_unique<Retrieval<Space, ls::TopK<Real, Space>>>(inputs);
    };
    cases["quantized_top_k"] = [](const Inputs& inputs) {
      return std::make_unique<Retrieval<Space, ls::QuantizedTopK<Real, Space>>>(inputs);
    };
  }
}
