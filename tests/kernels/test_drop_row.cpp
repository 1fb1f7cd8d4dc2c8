// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/fill.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/kernels/drop_row.hpp>
#include <longshore/kernels/dropout.hpp>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

template <class Real>
struct DropEachRow {
  static inline const std::string label = "test::drop_each_row";
  static constexpr int team_size = 64;
  ls::DropRule<Real> rule;
  std::int64_t first;
  ls::Index features;
  const Real* from;
  Real* to;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t start = std::int64_t{team.league()} * features;
    ls::drop_row(team, rule, first + team.league(), features, from + start, to + start);
  }
};

namespace {

template <class Real, class Space>
std::vector<double> dropped(const ls::DropRule<Real>& rule, std::int64_t first, ls::Tensor<Real, 2, Space>& from,
                            ls::Tensor<Real, 2, Space>& to) {
  const ls::Index rows = from.extent(0), features = from.extent(1);
  ls::for_each_team<Space>(Space(), rows, DropEachRow<Real>{rule, first, features, from.data(), to.data()});
  return numbers_of(to.view());
}

}  // namespace

TEST_CASE_TEMPLATE("drop_row: of whole runs, equals dropout of the same draws element by element", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // 128 features are two whole runs, so that row after row the draws are those of one long array.
  const ls::Random random = ls::Random(3).stream("drops");
  auto x = random_tensor<Real, 2, Space>(ls::Random(1), 7, 128);
  ls::Tensor<Real, 2, Space> y(7, 128), expected(7, 128);
  ls::dropout_forward<Real, Space>(Space(), random, 0.25, x.view(), expected.view());
  const ls::DropRule<Real> rule{random, 1u << 30, static_cast<Real>(4.0 / 3)};
  CHECK(dropped(rule, 0, x, y) == numbers_of(expected.view()));
  CHECK(dropped(rule, 0, x, x) == numbers_of(expected.view()));  // in place
}

TEST_CASE_TEMPLATE("drop_row: what is dropped depends on the row and the feature, not on where the row lies", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index features : {1, 5, 64, 70, 150}) {
    CAPTURE(features);
    ls::Tensor<Real, 2, Space> ones(200, features), y(200, features), few(3, features);
    ls::fill<Real>(Space(), ones.view(), Real(1));
    ls::fill<Real>(Space(), few.view(), Real(1));
    const ls::DropRule<Real> rule{ls::Random(9), 3u << 30, Real(4)};
    const auto all = dropped(rule, 0, ones, y);
    std::size_t zeros = 0;
    for (const double number : all) {
      REQUIRE((number == 0 || number == 4));
      zeros += number == 0;
    }
    const auto count = static_cast<double>(all.size());
    CHECK(std::abs(static_cast<double>(zeros) - 0.75 * count) < 4 * std::sqrt(count * 0.1875));
    const auto later = dropped(rule, 50, few, few);
    const auto from = all.begin() + 50 * features;
    CHECK(later == std::vector<double>(from, from + 3 * features));
    CHECK(dropped(rule.stream(1), 0, ones, y) != all);
    CHECK(dropped(rule.stream(1), 0, ones, y) != dropped(rule.stream(2), 0, ones, y));
  }
}

TEST_CASE("DropRule: drops nothing unless it is told to") {
  CHECK_FALSE(ls::DropRule<float>{}.drops());
  CHECK(ls::DropRule<float>{ls::Random(1), 1, 1.0f}.drops());
  CHECK(ls::DropRule<float>{ls::Random(1), 7, 2.0f}.stream(5).first_kept == 7);
  CHECK(ls::DropRule<float>{ls::Random(1), 7, 2.0f}.stream(5).scale == 2.0f);
}
