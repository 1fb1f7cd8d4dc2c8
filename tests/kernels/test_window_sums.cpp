// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/kernels/window_sums.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;

namespace {

/// How much row `begin + i` of window w counts for candidate c.
double weight_of(ls::Weighting weighting, const std::vector<double>& weights, const WindowList& list, std::size_t w,
                 std::size_t c, std::size_t candidates, std::size_t i) {
  const auto length = static_cast<std::size_t>(list.length(w));
  if (weighting == ls::Weighting::sum) return 1;
  if (weighting == ls::Weighting::mean) return 1 / static_cast<double>(length);
  if (weighting == ls::Weighting::root) return 1 / std::sqrt(static_cast<double>(length));
  return weights[static_cast<std::size_t>(list.pairs()[w]) * candidates + c * length + i];
}

}  // namespace

TEST_CASE_TEMPLATE("window_sums: forward and both backwards equal loops over windows, candidates and rows", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Space space;
  constexpr std::size_t candidates = 2, features = 5;
  for (int shape = 0; shape < 12; ++shape)
    for (const auto weighting : {ls::Weighting::sum, ls::Weighting::mean, ls::Weighting::root, ls::Weighting::given}) {
      CAPTURE(shape);
      const auto list = WindowList::example(ls::Random(3).stream(static_cast<std::uint32_t>(shape)), shape);
      const PlacedWindows<Space> placed(list);
      const auto windows = placed.windows();
      const auto x = random_tensor<Real, 2, Space>(ls::Random(1), list.steps, 5);
      const auto weights = random_tensor<Real, 1, Space>(ls::Random(2), 2 * windows.pair_count);
      const auto dz = random_tensor<Real, 3, Space>(ls::Random(3), windows.count(), 2, 5);
      const auto pair_rows = random_tensor<Real, 2, Space>(ls::Random(4), windows.pair_count, 5);
      auto dx = random_tensor<Real, 2, Space>(ls::Random(5), list.steps, 5);
      auto added = dx;
      ls::Tensor<Real, 3, Space> z(windows.count(), 2, 5);
      ls::Tensor<Real, 1, Space> dweights(2 * windows.pair_count);
      ls::window_sums_forward<Real, Space>(space, x.view(), windows, weighting, weights.view(), z.view());
      ls::window_sums_backward_weights<Real, Space>(space, dz.view(), x.view(), windows, dweights.view());
      ls::window_sums_backward_steps<Real, Space>(space, dz.view(), windows, weighting, weights.view(), {},
                                                  {dx.view(), ls::Update::write});
      ls::window_sums_backward_steps<Real, Space>(space, dz.view(), windows, weighting, weights.view(),
                                                  pair_rows.view(), {added.view(), ls::Update::add});
      const auto a = numbers_of(weights.view()), rows = numbers_of(x.view()), g = numbers_of(dz.view());
      const auto of_pairs = numbers_of(pair_rows.view());
      auto expected_added = numbers_of(random_tensor<Real, 2, Space>(ls::Random(5), list.steps, 5).view());
      std::vector<double> expected_z(z.size()), expected_dweights(dweights.size()), expected_dx(dx.size());
      const auto pairs = list.pairs();
      for (std::size_t w = 0; w < list.size(); ++w)
        for (std::size_t i = 0; i < static_cast<std::size_t>(list.length(w)); ++i) {
          const auto row = static_cast<std::size_t>(list.begin[w]) + i, pair = static_cast<std::size_t>(pairs[w]) + i;
          for (std::size_t d = 0; d < features; ++d) {
            for (std::size_t c = 0; c < candidates; ++c) {
              const double weight = weight_of(weighting, a, list, w, c, candidates, i);
              const std::size_t at = (w * candidates + c) * features + d;
              expected_z[at] += weight * rows[row * features + d];
              expected_dx[row * features + d] += weight * g[at];
              expected_added[row * features + d] += weight * g[at];
              expected_dweights[static_cast<std::size_t>(pairs[w]) * candidates +
                                c * static_cast<std::size_t>(list.length(w)) + i] += g[at] * rows[row * features + d];
            }
            expected_added[row * features + d] += of_pairs[pair * features + d];
          }
        }
      check::close(ls::copy_to_host(z.view()), expected_z, tolerance<Real>);
      check::close(ls::copy_to_host(dweights.view()), expected_dweights, tolerance<Real>);
      check::close(ls::copy_to_host(dx.view()), expected_dx, tolerance<Real>);
      check::close(ls::copy_to_host(added.view()), expected_added, tolerance<Real>);
    }
}

TEST_CASE("window_sums: chunks cover everything once, the last one shorter") {
  CHECK(ls::chunk_count(0, 8) == 0);
  CHECK(ls::chunk_count(8, 8) == 1);
  CHECK(ls::chunk_count(9, 8) == 2);
  CHECK(ls::chunk_end(0, 8, 9) == 8);
  CHECK(ls::chunk_end(8, 8, 9) == 9);
  CHECK(ls::chunk_end(0, 8, 3) == 3);
}
