// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <longshore/losses/binary_cross_entropy.hpp>
#include <type_traits>
#include <vector>

#include "../support/extreme_scores.hpp"
#include "../support/score_loss_case.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct BinaryCrossEntropyCase : ScoreLossCase<Real, Space> {
  BinaryCrossEntropyCase(const ls::Random& random, int shape) : ScoreLossCase<Real, Space>(random, shape, 1) {}
  using ScoreLossCase<Real, Space>::ScoreLossCase;

  auto operator()(auto& context) const {
    return ls::BinaryCrossEntropy{.reduction = this->reduction()}(context, ls::use(context, this->scores),
                                                                  this->labels.view(), this->given_weights());
  }
};

/// The definition, term by term.
template <class Real, class Space>
double by_definition(const BinaryCrossEntropyCase<Real, Space>& example) {
  const auto x = ls::copy_to_host(example.scores.view());
  const auto labels = ls::copy_to_host(example.labels.view()), weights = ls::copy_to_host(example.weights.view()),
             log_q = ls::copy_to_host(example.log_q.view());
  const auto ids = ls::copy_to_host(example.ids.view());
  const auto rows = static_cast<std::size_t>(example.scores.extent(0)),
             columns = static_cast<std::size_t>(example.scores.extent(1));
  const auto weight = [&](std::size_t i) { return example.weighs ? static_cast<double>(weights[i]) : 1.0; };
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t b = 0; b < rows; ++b) {
    for (std::size_t c = 0; c < columns; ++c, ++count) {
      const std::size_t i = b * columns + c;
      const double p = 1 / (1 + std::exp(-static_cast<double>(x[i])));
      sum -= weight(i) * (labels[i] > 0 ? std::log(p) : std::log1p(-p));
    }
  }
  (void)labels, (void)log_q, (void)ids;
  return example.mean && count > 0 ? sum / static_cast<double>(count) : sum;
}

}  // namespace

TEST_CASE_TEMPLATE("BinaryCrossEntropy: hand: two rows of two", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> scores(2, 2);
  ls::copy_from_host<Real>({0, 2, -1, 1}, scores.view());
  ls::Tensor<float, 2, Space> labels(2, 2);
  ls::copy_from_host<float>({1, 0, 0, 1}, labels.view());
  ls::Inference<Space> context;
  const ls::Matrix<Real, Space> x(scores.view());
  const auto loss = ls::BinaryCrossEntropy{}(context, x, std::as_const(labels).view());
  context.fence();
  CHECK(ls::copy_to_host(loss.data)[0] ==
        doctest::Approx((std::log(2.0) + std::log1p(std::exp(2.0)) + 2 * std::log1p(std::exp(-1.0))) / 4));
}

TEST_CASE_TEMPLATE("BinaryCrossEntropy: reference: equals its definition term by term", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 10; ++shape) {
    const BinaryCrossEntropyCase<Real, Space> example(ls::Random(2).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto loss = example(context);
    context.fence();
    check::close(ls::copy_to_host(loss.data), {by_definition(example)}, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("BinaryCrossEntropy: reference: each loss has its own digits, however confident the logit", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const std::vector<float> labels{0, 1e-6f, 0.25f, 0.5f, 0.999f, 1};
  std::vector<Real> logits;
  for (int k = -300; k <= 300; ++k) logits.push_back(static_cast<Real>(k) / 10);
  const int most = std::is_same_v<Real, double> ? 700 : 85;  // there e^-x is still a normal number
  for (int k = 31; k <= most; ++k) {
    logits.push_back(static_cast<Real>(k));
    logits.push_back(static_cast<Real>(-k));
  }
  ls::Tensor<Real, 2, Space> score(1, 1);
  ls::Tensor<float, 2, Space> label(1, 1);
  ls::Inference<Space> context;
  long double worst = 0;
  for (const Real x : logits)
    for (const float y : labels) {
      ls::copy_from_host<Real>({x}, score.view());
      ls::copy_from_host<float>({y}, label.view());
      context.reset();
      const auto loss =
          ls::BinaryCrossEntropy{}(context, ls::Matrix<Real, Space>(score.view()), std::as_const(label).view());
      context.fence();
      // -y log p - (1 - y) log(1 - p), where log p is -log(1 + e^-x)
      const auto minus_log = [](long double z) { return std::log1p(std::exp(-std::abs(z))) + std::max(0.0L, -z); };
      const long double wide = x, share = y;
      const long double exact = share * minus_log(wide) + (1 - share) * minus_log(-wide);
      const auto found = static_cast<long double>(ls::copy_to_host(loss.data)[0]);
      worst = std::max(worst, std::abs(found - exact) / exact);
    }
  CHECK(worst <= 4 * static_cast<long double>(std::numeric_limits<Real>::epsilon()));
}

TEST_CASE_TEMPLATE("BinaryCrossEntropy: golden: loss and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<BinaryCrossEntropyCase, typename Where::Real, typename Where::Space>("losses/binary_cross_entropy");
}

TEST_CASE("BinaryCrossEntropy: gradients: P1: equal central differences") {
  check::gradients<BinaryCrossEntropyCase>();
}

TEST_CASE("BinaryCrossEntropy: threads: P4: the same bits everywhere") {
  check::same_bits<BinaryCrossEntropyCase>(10);
  check::inference_equals_training<BinaryCrossEntropyCase>(5);
}

TEST_CASE(
    "BinaryCrossEntropy: edges: P13: scores up to 1e4 in size give finite losses and gradients, as in long double") {
  const std::vector<float> labels{1, 0, 0};
  const ls::View<const float, 2, Kokkos::Serial> y(labels.data(), 1, 3);
  check::extreme_scores(
      [&](auto& context, const auto& x) {
        return ls::BinaryCrossEntropy{.reduction = ls::Reduction::sum}(context, x, y);
      },
      [](const auto& x) {
        ExactLoss exact;
        exact.add_softplus(-x[0], 0, -1);  // the label is 1: softplus(x) - x
        for (std::size_t c = 1; c < 3; ++c) exact.add_softplus(x[c], c, 1);
        return exact;
      });
}

TEST_CASE("BinaryCrossEntropy: refused: extents that do not fit") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  std::vector<float> numbers(6);
  const ls::Matrix<float, Space> scores(ls::View<float, 2, Space>(numbers.data(), 2, 3));
  const ls::View<const float, 2, Space> other(numbers.data(), 3, 2), like(numbers.data(), 2, 3);
  CHECK_THROWS_WITH_AS(ls::BinaryCrossEntropy{}(context, scores, other),
                       "BinaryCrossEntropy: labels are 3 x 2, the scores 2 x 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::BinaryCrossEntropy{}(context, scores, like, other),
                       "BinaryCrossEntropy: weights are 3 x 2, the scores 2 x 3", ls::ShapeError);
}

TEST_CASE("BinaryCrossEntropy: refused: labels that are no probabilities, such as ratings") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  std::vector<float> numbers(3);
  const ls::Matrix<float, Space> scores(ls::View<float, 2, Space>(numbers.data(), 1, 3));
  const auto loss = [&](const std::vector<float>& labels) {
    ls::BinaryCrossEntropy{}(context, scores, ls::View<const float, 2, Space>(labels.data(), 1, 3));
  };
  CHECK_NOTHROW(loss({0, 1, 0.25f}));
  CHECK_THROWS_WITH_AS(loss({0, 5, 1}), "BinaryCrossEntropy: labels lie in [0, 1], number 1 is 5", ls::DataError);
  CHECK_THROWS_WITH_AS(loss({0, 1, -0.5f}), "BinaryCrossEntropy: labels lie in [0, 1], number 2 is -0.5",
                       ls::DataError);
  CHECK_NOTHROW(loss({std::numeric_limits<float>::quiet_NaN(), 1, 1}));  // the loss is none either: the optimiser says
}

TEST_CASE("BinaryCrossEntropy: concept: is a loss on scores with a batch") {
  using Space = Kokkos::Serial;
  struct {
    ls::View<const float, 2, Space> labels, weights, log_q;
    ls::View<const ls::Id, 2, Space> candidates;
  } batch;
  std::vector<float> scores{1, 2, 3, 4}, labels{1, 0, 1, 0};
  batch.labels = {labels.data(), 2, 2};
  ls::Inference<Space> context;
  const auto loss = ls::BinaryCrossEntropy{}(
      context, ls::Matrix<float, Space>(ls::View<float, 2, Space>(scores.data(), 2, 2)), batch);
  CHECK(loss.extent(0) == 1);
  CHECK(std::isfinite(loss.data(0)));
}
