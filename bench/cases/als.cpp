// SPDX-License-Identifier: Apache-2.0

// A pass of alternating least squares, from factors that are given.
#include "bench_case.hpp"
#include "interactions.hpp"

namespace {

class AlsEpoch final : public BenchCase {
 public:
  explicit AlsEpoch(const Inputs& inputs) : train_(inputs, inputs.extent("items", 0)) {
    ls::AlsSettings settings{.users = train_->users(), .items = train_->items(), .features = inputs.extent("users", 1)};
    settings.feedback = ls::Feedback::given_confidence;
    settings.weight = 1;
    settings.regularisation = 0.01;
    if (inputs.integer("exact") == 1) settings.solver = ls::LeastSquaresSolver::cholesky;
    als_ = ls::Als<Real, Space>(settings);
    als_.users = inputs.parameter<2>("users");
    als_.items = inputs.parameter<2>("items");
  }
  void run() override { als_.epoch(Space{}, *train_, epoch_++); }
  Outputs outputs() override {
    return {{"users", ls::copy_to_host(als_.users.view())}, {"items", ls::copy_to_host(als_.items.view())}};
  }
  std::int64_t state_bytes() override { return train_.bytes() + parameter_bytes(als_); }

 private:
  Train train_;
  ls::Als<Real, Space> als_;
  std::int64_t epoch_ = 0;
};

}  // namespace

void add_als(Cases& cases) {
  cases["als"] = [](const Inputs& inputs) { return std::make_unique<AlsEpoch>(inputs); };
}
