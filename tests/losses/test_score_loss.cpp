// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/losses/score_loss.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/error_text.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

/// The square of each score, times its place.
template <class Real>
struct SquareTerm {
  const Real* scores;
  Real* derivative;
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t i) const {
    const auto place = static_cast<Real>(i + 1);
    if (derivative) derivative[i] = 2 * place * scores[i];
    return place * scores[i] * scores[i];
  }
};

namespace {

template <class Real, class Space>
struct Scores {
  ls::Parameter<Real, 2, Space> scores;
  void visit(auto&& visitor) { visitor("scores", scores); }
};

template <class Real, class Space>
ls::Value<Real, 1, Space> squares(auto& context, const ls::Matrix<Real, Space>& scores) {
  const auto count = static_cast<std::int64_t>(scores.data.size());
  const auto workspace = ls::scratch<double>(context, ls::sum_terms_workspace(count));
  return ls::score_loss(context, scores, [&](const auto& loss, const auto& derivative) {
    ls::sum_terms<Real, Space>(context.executor(), count, SquareTerm<Real>{scores.data.data(), derivative.data()}, loss,
                               workspace);
  });
}

}  // namespace

TEST_CASE_TEMPLATE("score_loss: gives the kernel's loss and hands its derivatives back, times the gradient that came",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  Scores<Real, Space> model{ls::Parameter<Real, 2, Space>(2, 2)};
  ls::copy_from_host<Real>({1, -2, 3, 0}, model.scores.mutable_view());
  ls::Training<Space> context(model);
  const auto scores = ls::use(context, model.scores);
  const auto loss = squares<Real, Space>(context, scores);
  const auto again = squares<Real, Space>(context, scores);  // a second loss: gradients add up
  const auto three = filled_tensor<Real, 1, Space>({3}, 1);
  if (loss.gradient) loss.gradient->data = const_cast<Real*>(three.data());
  context.backward(again);
  context.fence();
  CHECK(numbers_of(loss.data) == std::vector<double>{36});  // 1 + 2 4 + 3 9
  CHECK(numbers_of(context.gradient_of(model.scores).dense) == std::vector<double>{8, -32, 72, 0});
}

TEST_CASE_TEMPLATE("score_loss: in inference nothing is kept for derivatives, without scores the loss is zero", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto scores = filled_tensor<Real, 2, Space>(std::vector<Real>(5000, Real(0.5)), 50, 100);
  ls::Inference<Space> context;
  const auto loss = squares<Real, Space>(context, ls::Matrix<Real, Space>(scores.view()));
  context.fence();
  CHECK(numbers_of(loss.data)[0] == doctest::Approx(0.25 * 5000 * 5001 / 2));
  CHECK(context.high_water() < 5000 * sizeof(Real));
  ls::Tensor<Real, 2, Space> none(0, 3);
  const auto nothing = squares<Real, Space>(context, ls::Matrix<Real, Space>(none.view()));
  context.fence();
  CHECK(numbers_of(nothing.data) == std::vector<double>{0});
}

TEST_CASE("check_like_scores: refuses other extents by name; empty weights are fine where they may be empty") {
  using Space = Kokkos::Serial;
  std::vector<float> numbers(6);
  const ls::Matrix<float, Space> scores(ls::View<float, 2, Space>(numbers.data(), 2, 3));
  const ls::View<const float, 2, Space> like(numbers.data(), 2, 3), other(numbers.data(), 3, 2);
  const auto text = [&](const ls::View<const float, 2, Space>& given, bool may_be_empty) {
    return test::error_text<ls::ShapeError>(
        [&] { ls::check_like_scores<float, Space>("Loss", "labels", scores, given, may_be_empty); });
  };
  CHECK(text(other, true) == "Loss: labels are 3 x 2, the scores 2 x 3");
  CHECK(text({}, false) == "Loss: labels are 0 x 0, the scores 2 x 3");
  CHECK(text(like, false) == "nothing was thrown");
  CHECK(text({}, true) == "nothing was thrown");
}
