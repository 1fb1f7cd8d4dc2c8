// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/rating_steps.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// One user, one item, one rating; the body is called as a visit calls it.
template <class Body>
struct OneStep {
  static inline const std::string label = "tests::one_step";
  static constexpr int team_size = 32;
  Body body;
  double* loss;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const auto step = body(team, ls::RatingBlock{0, 0}, 1, 0, body.prepare({0, 0}, 1, 0));
    if (team.rank() == 0) loss[0] = static_cast<double>(step.loss), loss[1] = static_cast<double>(step.weight);
  }
};

template <class Real, class Space>
struct StepArrays {
  static constexpr ls::Index features = 21;
  std::vector<double> p, q;
  ls::Tensor<Real, 1, Space> mean, user_bias, item_bias, user_squares, item_squares, values;
  ls::Tensor<Real, 2, Space> users, items;
  ls::Tensor<ls::Id, 1, Space> ids;
  ls::RatingArrays<Real> arrays;

  explicit StepArrays(bool biased)
      : mean(filled_tensor<Real, 1, Space>({Real(3)}, 1)),
        user_bias(filled_tensor<Real, 1, Space>({0, Real(0.5)}, 2)),
        item_bias(filled_tensor<Real, 1, Space>({0, 0, Real(-0.25)}, 3)),
        user_squares(filled_tensor<Real, 1, Space>({0, Real(4)}, 2)),
        item_squares(filled_tensor<Real, 1, Space>({0, 0, Real(9)}, 3)),
        values(filled_tensor<Real, 1, Space>({Real(5)}, 1)),
        users(random_tensor<Real, 2, Space>(ls::Random(1), 2, features)),
        items(random_tensor<Real, 2, Space>(ls::Random(2), 3, features)),
        ids(filled_tensor<ls::Id, 1, Space>({2}, 1)) {
    const auto all_users = numbers_of(users.view()), all_items = numbers_of(items.view());
    p.assign(all_users.begin() + features, all_users.end());
    q.assign(all_items.begin() + 2 * features, all_items.end());
    arrays = {features,
              mean.data(),
              biased ? user_bias.data() : nullptr,
              biased ? item_bias.data() : nullptr,
              users.data(),
              items.data(),
              Real(0.25),
              Real(0.125),
              Real(0.5),
              Real(0.75)};
  }

  template <class Body>
  std::vector<double> step(const Body& body) {
    ls::Tensor<double, 1, Space> loss(2);
    ls::for_each_team<Space>(Space(), 1, OneStep<Body>{body, loss.data()});
    return numbers_of(loss.view());
  }
};

/// What a step must make of p and q, and the error.
struct Expected {
  double error = 0, user_square = 0, item_square = 0;
  std::vector<double> p, q;
  Expected(const std::vector<double>& before_p, const std::vector<double>& before_q, double base, double user_rate,
           double item_rate)
      : p(before_p), q(before_q) {
    double along = 0;
    for (std::size_t d = 0; d < p.size(); ++d) along += p[d] * q[d];
    error = 5 - base - along;
    for (std::size_t d = 0; d < p.size(); ++d) {
      const double user = error * before_q[d] - 0.5 * before_p[d], item = error * before_p[d] - 0.5 * before_q[d];
      p[d] += user_rate * user, q[d] += item_rate * item;
      user_square += user * user / 21, item_square += item * item / 21;
    }
  }
};

template <class Real>
std::vector<Real> behind(const std::vector<double>& all, std::size_t first) {
  return {all.begin() + static_cast<std::ptrdiff_t>(first), all.end()};
}

}  // namespace

TEST_CASE_TEMPLATE("SgdRatingStep: reference: one step with and without biases", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool biased : {true, false}) {
    StepArrays<Real, Space> now(biased);
    const Expected expected(now.p, now.q, biased ? 3.25 : 3, 0.25, 0.25);
    const auto loss = now.step(ls::SgdRatingStep<Real>{now.arrays, now.ids.data(), now.values.data()});
    CHECK(loss[0] == doctest::Approx(expected.error * expected.error).epsilon(tolerance<Real>));
    CHECK(loss[1] == 1);
    check::close(behind<Real>(numbers_of(now.users.view()), 21), expected.p, tolerance<Real>);
    check::close(behind<Real>(numbers_of(now.items.view()), 42), expected.q, tolerance<Real>);
    const double user = biased ? 0.5 + 0.125 * (expected.error - 0.75 * 0.5) : 0.5;
    const double item = biased ? -0.25 + 0.125 * (expected.error + 0.75 * 0.25) : -0.25;
    check::close(behind<Real>(numbers_of(now.user_bias.view()), 0), {0, user}, tolerance<Real>);
    check::close(behind<Real>(numbers_of(now.item_bias.view()), 0), {0, 0, item}, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("AdagradRatingStep: reference: rates fall with the squares of before, which then grow", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  StepArrays<Real, Space> now(true);
  const Expected expected(now.p, now.q, 3.25, 0.25 / 2, 0.25 / 3);
  now.step(ls::AdagradRatingStep<Real>{now.arrays, now.user_squares.data(), now.item_squares.data(), now.ids.data(),
                                       now.values.data()});
  check::close(behind<Real>(numbers_of(now.users.view()), 21), expected.p, tolerance<Real>);
  check::close(behind<Real>(numbers_of(now.items.view()), 42), expected.q, tolerance<Real>);
  const double user = 0.5 + 0.125 / 2 * (expected.error - 0.75 * 0.5);
  const double item = -0.25 + 0.125 / 3 * (expected.error + 0.75 * 0.25);
  check::close(behind<Real>(numbers_of(now.user_bias.view()), 0), {0, user}, tolerance<Real>);
  check::close(behind<Real>(numbers_of(now.item_bias.view()), 0), {0, 0, item}, tolerance<Real>);
  check::close(behind<Real>(numbers_of(now.user_squares.view()), 0), {0, 4 + expected.user_square}, tolerance<Real>);
  check::close(behind<Real>(numbers_of(now.item_squares.view()), 0), {0, 0, 9 + expected.item_square}, tolerance<Real>);
}
