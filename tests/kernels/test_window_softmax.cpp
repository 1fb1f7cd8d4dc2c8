// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <longshore/kernels/window_softmax.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("window_softmax: scores per row and per pair, and the gradient, equal long double", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Space space;
  for (int shape = 0; shape < 12; ++shape)
    for (const ls::Index candidates : {1, 3})
      for (const auto kind : {ls::ScoreKind::per_row, ls::ScoreKind::per_pair}) {
        CAPTURE(shape);
        const auto list = WindowList::example(ls::Random(3).stream(static_cast<std::uint32_t>(shape)), shape);
        const PlacedWindows<Space> placed(list);
        const auto windows = placed.windows();
        const ls::Index positions = candidates * windows.pair_count;
        const auto scores =
            random_tensor<Real, 1, Space>(ls::Random(2), kind == ls::ScoreKind::per_row ? list.steps : positions);
        const auto da = random_tensor<Real, 1, Space>(ls::Random(4), positions);
        ls::Tensor<Real, 1, Space> weights(positions), plain(positions), ds(positions);
        ls::window_softmax_forward<Real, Space>(space, windows, candidates, true, kind, scores.view(), weights.view());
        ls::window_softmax_forward<Real, Space>(space, windows, candidates, false, kind, scores.view(), plain.view());
        ls::window_softmax_backward<Real, Space>(space, windows, candidates, da.view(), weights.view(), ds.view());
        const auto s = numbers_of(scores.view()), g = numbers_of(da.view());
        std::vector<double> expected, expected_plain, expected_ds;
        for (std::size_t w = 0; w < list.size(); ++w)
          for (ls::Index c = 0; c < candidates; ++c) {
            const ls::Index length = list.length(w);
            const auto start = static_cast<std::size_t>(list.pairs()[w] * candidates + c * length);
            const auto from = kind == ls::ScoreKind::per_row ? static_cast<std::size_t>(list.begin[w]) : start;
            long double sum = 0, mean = 0;
            for (std::size_t i = 0; i < static_cast<std::size_t>(length); ++i)
              sum += std::exp((long double)s[from + i]);
            for (std::size_t i = 0; i < static_cast<std::size_t>(length); ++i)
              mean += std::exp((long double)s[from + i]) / sum * g[start + i];
            for (std::size_t i = 0; i < static_cast<std::size_t>(length); ++i) {
              const long double a = std::exp((long double)s[from + i]) / sum;
              expected.push_back(static_cast<double>(a));
              expected_ds.push_back(static_cast<double>(a * (g[start + i] - mean)));
              expected_plain.push_back(s[from + i]);
            }
          }
        check::close(ls::copy_to_host(weights.view()), expected, tolerance<Real>);
        check::close(ls::copy_to_host(plain.view()), expected_plain, 0);
        check::close(ls::copy_to_host(ds.view()), expected_ds, tolerance<Real>);
      }
}

TEST_CASE_TEMPLATE("window_softmax: works in place, and is stable for scores of ten thousand and for equal ones", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const PlacedWindows<Space> placed({{0, 2, 4}, {2, 4, 5}, 5});
  auto scores = filled_tensor<Real, 1, Space>({-10000, 10000, 10000, 10000, -10000}, 5);
  ls::window_softmax_forward<Real, Space>(Space{}, placed.windows(), 1, true, ls::ScoreKind::per_pair, scores.view(),
                                          scores.view());
  CHECK(numbers_of(scores.view()) == std::vector<double>{0, 1, 0.5, 0.5, 1});
}

TEST_CASE_TEMPLATE("window_softmax: P13: 10,000 windows of scores up to 1e4, equal, one or none, equal long double",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  WindowList list;
  std::vector<Real> scores;
  std::vector<double> expected;
  std::uint64_t next = 0;
  const ls::Random random(9);
  for (int w = 0; w < 10'000; ++w) {
    const auto length = static_cast<std::size_t>(random.below(next++, 12));
    const double size = w % 3 == 0 ? 1e4 : w % 3 == 1 ? 100 : 1;
    list.begin.push_back(static_cast<ls::Index>(scores.size()));
    std::vector<long double> terms;
    long double most = -2e4L, sum = 0;
    const double same = size * (2 * random.uniform<double>(next++) - 1);
    for (std::size_t i = 0; i < length; ++i) {
      scores.push_back(static_cast<Real>(w % 5 == 0 ? same : size * (2 * random.uniform<double>(next++) - 1)));
      terms.push_back(static_cast<long double>(scores.back()));
      most = std::max(most, terms.back());
    }
    for (auto& term : terms) sum += term = std::exp(term - most);
    for (const auto term : terms) expected.push_back(static_cast<double>(term / sum));
    list.end.push_back(static_cast<ls::Index>(scores.size()));
  }
  list.steps = static_cast<ls::Index>(scores.size());
  const PlacedWindows<Space> placed(list);
  auto given = filled_tensor<Real, 1, Space>(scores, list.steps);
  ls::Tensor<Real, 1, Space> weights(list.steps);
  ls::window_softmax_forward<Real, Space>(Space(), placed.windows(), 1, true, ls::ScoreKind::per_row, given.view(),
                                          weights.view());
  const auto actual = numbers_of(weights.view());
  double worst = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    REQUIRE(std::isfinite(actual[i]));
    worst = std::max(worst, std::abs(actual[i] - expected[i]));
  }
  CHECK(worst <= 1e-5);
}
