// SPDX-License-Identifier: Apache-2.0

// Weights between items in closed form.
#include "bench_case.hpp"
#include "interactions.hpp"

namespace {

class EaseFit final : public BenchCase {
 public:
  explicit EaseFit(const Inputs& inputs)
      : train_(inputs, inputs.integer("items")), columns_(inputs.integer("columns_shown")) {
    ease_ = ls::Ease<Real, Space>(
        {.items = train_->items(), .regularisation = static_cast<double>(inputs.list<Real>("regularisation").at(0))});
  }
  void run() override { ease_.fit(Space{}, *train_); }
  /// The first columns of the weights: the reference solves for these.
  Outputs outputs() override {
    const auto all = ls::copy_to_host(std::as_const(ease_).weights.view());
    const auto items = static_cast<std::size_t>(train_->items()), shown = static_cast<std::size_t>(columns_);
    std::vector<Real> weights;
    for (std::size_t j = 0; j < items; ++j)
      weights.insert(weights.end(), all.begin() + static_cast<std::ptrdiff_t>(j * items),
                     all.begin() + static_cast<std::ptrdiff_t>(j * items + shown));
    return {{"weights", weights}};
  }

 private:
  Train train_;
  ls::Index columns_;
  ls::Ease<Real, Space> ease_;
};

}  // namespace

void add_ease(Cases& cases) {
  cases["ease"] = [](const Inputs& inputs) { return std::make_unique<EaseFit>(inputs); };
}
