// SPDX-License-Identifier: Apache-2.0

// Passes of stochastic gradient descent over interactions. Two programs draw other negatives in another order, and so
// what a model is good for is compared, not its numbers.
#include <cmath>

#include "bench_case.hpp"
#include "interactions.hpp"

namespace {

/// Of triples (user, item, other item): the share that is in the right order, and the mean of -log sigmoid.
class BprEpoch final : public BenchCase {
 public:
  explicit BprEpoch(const Inputs& inputs) : inputs_(inputs.path()), train_(inputs, inputs.extent("items", 0)) {
    ls::BprFactorizationSettings settings{
        .users = train_->users(), .items = train_->items(), .features = inputs.extent("users", 1)};
    settings.biased = inputs.integer("biased") == 1;
    settings.popularity_exponent = static_cast<double>(inputs.integer("popular"));
    settings.rate = inputs.list<Real>("rate").at(0);
    settings.regularisation = inputs.list<Real>("regularisation").at(0);
    model_ = ls::BprFactorization<Real, Space>(settings);
    model_.user_factors = inputs.parameter<2>("users");
    model_.item_factors = inputs.parameter<2>("items");
  }
  void run() override { model_.epoch(Space{}, *train_, epoch_++); }
  Outputs outputs() override {
    const auto users = ls::copy_to_host(std::as_const(model_).user_vectors(Space{}).view());
    const auto items = ls::copy_to_host(std::as_const(model_).item_vectors(Space{}).view());
    const auto width = users.size() / static_cast<std::size_t>(train_->users());
    const auto triples = Inputs(inputs_).list<std::int64_t>("triples");  // (T, 3); not held while memory is measured
    double right = 0, loss = 0;
    for (std::size_t t = 0; t + 2 < triples.size(); t += 3) {
      const Real* user = users.data() + static_cast<std::size_t>(triples[t]) * width;
      const Real* liked = items.data() + static_cast<std::size_t>(triples[t + 1]) * width;
      const Real* other = items.data() + static_cast<std::size_t>(triples[t + 2]) * width;
      double above = 0;
      for (std::size_t d = 0; d < width; ++d) above += static_cast<double>(user[d]) * (liked[d] - other[d]);
      right += above > 0 ? 1 : 0;
      loss += std::log1p(std::exp(-above));
    }
    const double count = static_cast<double>(triples.size()) / 3;
    return {{"auc", {static_cast<Real>(right / count)}}, {"loss", {static_cast<Real>(loss / count)}}};
  }
  std::int64_t state_bytes() override { return train_.bytes() + parameter_bytes(model_); }

 private:
  std::string inputs_;
  Train train_;
  ls::BprFactorization<Real, Space> model_;
  std::int64_t epoch_ = 0;
};

/// Ratings without biases, by AdaGrad; the root of the mean squared error of the ratings as the last pass met them.
class SgdEpoch final : public BenchCase {
 public:
  explicit SgdEpoch(const Inputs& inputs) : train_(inputs, inputs.extent("items", 0)) {
    ls::SgdFactorizationSettings settings{
        .users = train_->users(), .items = train_->items(), .features = inputs.extent("users", 1)};
    settings.biased = false;
    settings.rate = inputs.list<Real>("rate").at(0);
    settings.regularisation = inputs.list<Real>("regularisation").at(0);
    model_ = ls::SgdFactorization<Real, Space>(settings);
    model_.factors.user_factors = inputs.parameter<2>("users");
    model_.factors.item_factors = inputs.parameter<2>("items");
  }
  void run() override { squared_error_ = model_.epoch(Space{}, *train_, epoch_++); }
  Outputs outputs() override { return {{"rmse", {static_cast<Real>(std::sqrt(squared_error_))}}}; }
  std::int64_t state_bytes() override { return train_.bytes() + parameter_bytes(model_); }

 private:
  Train train_;
  ls::SgdFactorization<Real, Space> model_;
  std::int64_t epoch_ = 0;
  double squared_error_ = 0;
};

}  // namespace

void add_descents(Cases& cases) {
  cases["bpr"] = [](const Inputs& inputs) { return std::make_unique<BprEpoch>(inputs); };
  cases["sgd"] = [](const Inputs& inputs) { return std::make_unique<SgdEpoch>(inputs); };
}
