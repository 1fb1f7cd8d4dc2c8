// SPDX-License-Identifier: Apache-2.0

// A pass of alternating least squares, from factors that are given.
#include <optional>

#include "bench_case.hpp"

namespace {

class AlsEpoch final : public BenchCase {
 public:
  explicit AlsEpoch(const Inputs& inputs) {
    const auto columns = inputs.list<std::int64_t>("columns");
    const ls::Index users = inputs.extent("users", 0), items = inputs.extent("items", 0);
    matrix_ = ls::SparseMatrix<Real, Space>(inputs.list<std::int64_t>("offsets"),
                                            std::vector<ls::Id>(columns.begin(), columns.end()),
                                            inputs.list<Real>("values"), items);
    train_.emplace(matrix_.rows());
    ls::AlsSettings settings{.users = users, .items = items, .features = inputs.extent("users", 1)};
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

 private:
  ls::SparseMatrix<Real, Space> matrix_;
  std::optional<ls::Interactions<Real, Space>> train_;
  ls::Als<Real, Space> als_;
  std::int64_t epoch_ = 0;
};

}  // namespace

void add_als(Cases& cases) {
  cases["als"] = [](const Inputs& inputs) { return std::make_unique<AlsEpoch>(inputs); };
}
