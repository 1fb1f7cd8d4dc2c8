// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/select_scores.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("select_scores: equals sorting, with equal scores, removed items and numbers that are none", Space,
                   LONGSHORE_HOST_SPACES) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr ls::Index rows = 3, count = 500;
  ls::Tensor<float, 2, Space> scores(rows, count);
  for (ls::Index r = 0; r < rows; ++r)
    for (ls::Index i = 0; i < count; ++i)
      scores.view()(r, i) = static_cast<float>(ls::Random(1).below(static_cast<std::uint64_t>(r * count + i), 40));
  scores.view()(0, 3) = -infinity;
  scores.view()(0, 4) = std::numeric_limits<float>::quiet_NaN();
  scores.view()(0, 5) = infinity;
  const std::vector<std::int64_t> offsets{0, 2, 2, 502};
  std::vector<ls::Id> removed{7, 499};
  for (ls::Id i = 0; i < count; ++i) removed.push_back(i);  // the last row may be given nothing
  for (const ls::Index k : {1, 5, 100, 500})
    for (const bool removes : {false, true}) {
      CAPTURE(k);
      CAPTURE(removes);
      ls::Tensor<ls::ScoredItem<float>, 2, Space> lists(rows, ls::top_k_capacity<float>(k));
      ls::Tensor<ls::Id, 2, Space> items(rows, k + 1);
      ls::Tensor<float, 2, Space> best(rows, k + 1);
      ls::select_scores<float, Space>(Space(), scores.view(), removes ? offsets.data() : nullptr, removed.data(), k,
                                      lists.view(), items.view(), best.view());
      Kokkos::fence();
      for (ls::Index r = 0; r < rows; ++r) {
        std::vector<std::pair<float, ls::Id>> expected;
        for (ls::Id i = 0; i < count; ++i) {
          const auto begin = removed.begin() + offsets[static_cast<std::size_t>(r)],
                     end = removed.begin() + offsets[static_cast<std::size_t>(r) + 1];
          if (!(scores.view()(r, i) > -infinity) || (removes && std::find(begin, end, i) != end)) continue;
          expected.emplace_back(-scores.view()(r, i), i);
        }
        std::sort(expected.begin(), expected.end());
        expected.resize(std::min(expected.size(), static_cast<std::size_t>(k)), {infinity, -1});
        expected.resize(static_cast<std::size_t>(k) + 1, {infinity, -1});
        for (ls::Index j = 0; j <= k; ++j) {
          REQUIRE(items.view()(r, j) == expected[static_cast<std::size_t>(j)].second);
          REQUIRE(best.view()(r, j) == -expected[static_cast<std::size_t>(j)].first);
        }
      }
    }
}
