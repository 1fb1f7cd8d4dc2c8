// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/losses/sampled_softmax.hpp>
#include <vector>

#include "../support/extreme_scores.hpp"
#include "../support/score_loss_case.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct SampledSoftmaxCase : ScoreLossCase<Real, Space> {
  SampledSoftmaxCase(const ls::Random& random, int shape) : ScoreLossCase<Real, Space>(random, shape, 1) {}
  using ScoreLossCase<Real, Space>::ScoreLossCase;

  auto operator()(auto& context) const {
    return ls::SampledSoftmax{.reduction = this->reduction()}(context, ls::use(context, this->scores), this->ids.view(),
                                                              this->log_q.view(), this->given_weights());
  }
};

/// The definition, term by term.
template <class Real, class Space>
double by_definition(const SampledSoftmaxCase<Real, Space>& example) {
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
    double whole = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      const std::size_t i = b * columns + c;
      if (c > 0 && ids[i] == ids[b * columns]) continue;
      whole += std::exp(static_cast<double>(x[i]) - static_cast<double>(log_q[i]));
    }
    const std::size_t first = b * columns;
    sum -= weight(first) * (static_cast<double>(x[first]) - static_cast<double>(log_q[first]) - std::log(whole));
    ++count;
  }
  (void)labels, (void)log_q, (void)ids;
  return example.mean && count > 0 ? sum / static_cast<double>(count) : sum;
}

}  // namespace

TEST_CASE_TEMPLATE("SampledSoftmax: hand: two rows of two", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> scores(2, 2);
  ls::copy_from_host<Real>({0, 2, -1, 1}, scores.view());
  ls::Inference<Space> context;
  const ls::Matrix<Real, Space> x(scores.view());
  const auto loss = ls::SampledSoftmax{}(context, x, ls::View<const ls::Id, 2, Space>());
  context.fence();
  CHECK(ls::copy_to_host(loss.data)[0] == doctest::Approx(std::log1p(std::exp(2.0))));
}

TEST_CASE_TEMPLATE("SampledSoftmax: reference: equals its definition term by term", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 10; ++shape) {
    const SampledSoftmaxCase<Real, Space> example(ls::Random(2).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto loss = example(context);
    context.fence();
    check::close(ls::copy_to_host(loss.data), {by_definition(example)}, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("SampledSoftmax: golden: loss and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<SampledSoftmaxCase, typename Where::Real, typename Where::Space>("losses/sampled_softmax");
}

TEST_CASE("SampledSoftmax: gradients: P1: equal central differences") { check::gradients<SampledSoftmaxCase>(); }

TEST_CASE("SampledSoftmax: threads: P4: the same bits everywhere") {
  check::same_bits<SampledSoftmaxCase>(10);
  check::inference_equals_training<SampledSoftmaxCase>(5);
}

TEST_CASE("SampledSoftmax: edges: P13: scores up to 1e4 in size give finite losses and gradients, as in long double") {
  check::extreme_scores(
      [](auto& context, const auto& x) {
        return ls::SampledSoftmax{}(context, x, ls::View<const ls::Id, 2, Kokkos::Serial>());
      },
      [](const auto& x) {
        ExactLoss exact;
        const auto greatest = std::max_element(x.begin(), x.end());
        const long double most = *greatest;
        long double rest = 0;  // without the greatest: 1 + rest would lose the digits of a small loss
        for (auto score = x.begin(); score != x.end(); ++score)
          if (score != greatest) rest += std::exp(*score - most);
        const long double sum = 1 + rest;
        exact.value = (most - x[0]) + std::log1p(rest);
        for (std::size_t c = 0; c < 3; ++c) exact.slopes[c] = std::exp(x[c] - most) / sum - (c == 0 ? 1 : 0);
        return exact;
      });
}

TEST_CASE("SampledSoftmax: refused: extents that do not fit") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  std::vector<float> numbers(6);
  const ls::Matrix<float, Space> scores(ls::View<float, 2, Space>(numbers.data(), 2, 3));
  const ls::View<const float, 2, Space> other(numbers.data(), 3, 2), like(numbers.data(), 2, 3);
  std::vector<ls::Id> ids(6);
  const ls::View<const ls::Id, 2, Space> other_ids(ids.data(), 3, 2), like_ids(ids.data(), 2, 3);
  const ls::SampledSoftmax loss;
  const ls::Matrix<float, Space> nothing(ls::View<float, 2, Space>(numbers.data(), 2, 0));
  CHECK_THROWS_WITH_AS(loss(context, nothing, {}),
                       "SampledSoftmax: a positive a row is expected, the scores have no columns", ls::ShapeError);
  CHECK_THROWS_WITH_AS(loss(context, scores, other_ids), "SampledSoftmax: ids are 3 x 2, the scores 2 x 3",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(loss(context, scores, like_ids, other), "SampledSoftmax: log_q are 3 x 2, the scores 2 x 3",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(loss(context, scores, like_ids, like, other),
                       "SampledSoftmax: weights are 3 x 2, the scores 2 x 3", ls::ShapeError);
}

TEST_CASE("SampledSoftmax: concept: is a loss on scores with a batch") {
  using Space = Kokkos::Serial;
  struct {
    ls::View<const float, 2, Space> labels, weights, log_q;
    ls::View<const ls::Id, 2, Space> candidates;
  } batch;
  std::vector<float> scores{1, 2, 3, 4}, labels{1, 0, 1, 0};
  batch.labels = {labels.data(), 2, 2};
  ls::Inference<Space> context;
  const auto loss =
      ls::SampledSoftmax{}(context, ls::Matrix<float, Space>(ls::View<float, 2, Space>(scores.data(), 2, 2)), batch);
  CHECK(loss.extent(0) == 1);
  CHECK(std::isfinite(loss.data(0)));
  const ls::Matrix<float, Space> alone(ls::View<float, 2, Space>(scores.data(), 4, 1));
  CHECK_THROWS_WITH_AS(ls::SampledSoftmax{}(context, alone, batch),
                       "SampledSoftmax: a positive and at least one negative an example are expected, the batch has 1 "
                       "candidates an example",
                       ls::ShapeError);
}
