// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/team.hpp>
#include <longshore/kernels/attention_tile.hpp>
#include <memory>
#include <string>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

/// What a tile is put through: scores of keys, in two runs of keys, hidden if `causal`, softened.
template <class Real>
struct FillTile {
  static inline const std::string label = "test::fill_tile";
  static constexpr int team_size = 64;
  ls::Index keys, queries, features;
  Real factor;
  bool causal;
  ls::Strided<const Real> key, query;
  Real* scores;      // (keys, Queries), before and after softening, and the three of each query
  Real* weights;     // (keys, Queries)
  Real* statistics;  // (3, Queries): peak, total, correction
  Real* tiles;

  template <class Real2, ls::Index Queries, class Team>
  KOKKOS_INLINE_FUNCTION void fill(const Team& team, ls::AttentionTile<Real2, Queries>& tile) const {
    for (ls::Index k0 = 0; k0 < keys; k0 += ls::attention_keys) {
      const ls::Index some = keys - k0 < ls::attention_keys ? keys - k0 : ls::attention_keys;
      ls::score_keys<Queries>(team, some, queries, features, factor, key.from(k0, 0), query, k0 > 0, tile.transposed,
                              tile.scores);
      if (causal) ls::hide_later_keys<Queries>(team, some, k0, tile.scores);
      team.barrier();
      put(team, some * Queries, tile.scores, scores + k0 * Queries);
      ls::soften_scores<Queries>(team, some, k0 == 0, tile);
      put(team, some * Queries, tile.scores, weights + k0 * Queries);
      team.barrier();
    }
    put(team, Queries, tile.peak, statistics);
    put(team, Queries, tile.total, statistics + Queries);
    put(team, Queries, tile.correction, statistics + 2 * Queries);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION static void put(const Team& team, ls::Index count, const Real* from, Real* to) {
    for (ls::Index i = team.rank(); i < count; i += team.size()) to[i] = from[i];
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    ls::OwnTile<Real, Team> own;
    fill(team, own.of(team, tiles));
  }
};

TEST_CASE_TEMPLATE("AttentionTile: scores are products, later keys weigh nothing, peaks and totals run over all keys",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr ls::Index lanes = ls::attention_queries<ls::is_host_space<Space>>;
  for (const bool causal : {false, true})
    for (const ls::Index keys : {1, 7, 64, 100})
      for (const ls::Index queries : {1, 9, 16})
        for (const ls::Index features : {1, 6, 128, 150}) {
          CAPTURE(keys);
          CAPTURE(queries);
          CAPTURE(features);
          const auto key = random_tensor<Real, 2, Space>(ls::Random(1), keys, features),
                     query = random_tensor<Real, 2, Space>(ls::Random(2), queries, features);
          ls::Tensor<Real, 2, Space> scores(keys, lanes), weights(keys, lanes), statistics(3, lanes);
          ls::Tensor<Real, 1, Space> tiles(static_cast<int>(ls::attention_tiles_size<Real, Space>(1)));
          ls::for_each_team<Space>(
              Space(), 1,
              FillTile<Real>{keys, queries, features, Real(0.25), causal, ls::Strided<const Real>{key.data(), features},
                             ls::Strided<const Real>{query.data(), features}, scores.data(), weights.data(),
                             statistics.data(), tiles.data()});
          const auto x = numbers_of(key.view()), y = numbers_of(query.view()), shown = numbers_of(scores.view());
          const auto weighed = numbers_of(weights.view()), left = numbers_of(statistics.view());
          const auto width = static_cast<std::size_t>(features), side = static_cast<std::size_t>(lanes);
          for (std::size_t q = 0; q < side; ++q) {
            std::vector<double> expected;
            for (std::size_t k = 0; k < x.size() / width; ++k) {
              double score = 0;
              if (q < y.size() / width)  // queries beyond the last are zeros
                for (std::size_t d = 0; d < width; ++d) score += 0.25 * x[k * width + d] * y[q * width + d];
              if (causal && k > q) score = -3e38;
              expected.push_back(score);
              if (score > -1e30)
                REQUIRE(shown[k * side + q] == doctest::Approx(score).epsilon(1e-4).scale(1));
              else
                REQUIRE(shown[k * side + q] < -1e30);
            }
            const double peak = *std::max_element(expected.begin(), expected.end());
            double total = 0, early = -3e38;  // the greatest of the first run of keys
            for (const double score : expected) total += std::exp(score - peak);
            REQUIRE(left[q] == doctest::Approx(peak).epsilon(1e-5).scale(1));
            REQUIRE(left[side + q] == doctest::Approx(total).epsilon(1e-4));
            for (std::size_t k = 0; k < std::min<std::size_t>(64, expected.size()); ++k)
              early = std::max(early, expected[k]);
            if (keys > 64) REQUIRE(left[2 * side + q] == doctest::Approx(std::exp(early - peak)).epsilon(1e-4));
            for (std::size_t k = 0; k < expected.size(); ++k)
              REQUIRE(weighed[k * side + q] ==
                      doctest::Approx(std::exp(expected[k] - (k < 64 ? early : peak))).epsilon(1e-4).scale(1e-3));
          }
        }
}

TEST_CASE("drop_weights: in place or not, the same ones are dropped and the others scaled") {
  constexpr ls::Index queries = 16, keys = 10;
  ls::AttentionShape<double> shape;
  shape.heads = 3;
  shape.random = ls::Random(4);
  shape.first_kept = 1u << 31;
  shape.kept_scale = 2;
  std::vector<double> from(keys * queries, 1.5), to(from.size(), -1), other(from.size(), -1);
  ls::drop_weights<queries>(ls::HostTeam{0}, shape, keys, 7, 2, 8, from.data(), to.data());
  CHECK(from == std::vector<double>(from.size(), 1.5));
  double kept = 0;
  for (const double weight : to) {
    REQUIRE((weight == 0 || weight == 3));
    kept += weight / 3;
  }
  CHECK(std::abs(kept - 80) < 26);  // 4 deviations
  ls::drop_weights<queries>(ls::HostTeam{0}, shape, keys, 7, 1, 8, from.data(), other.data());
  CHECK(other != to);  // another head
  ls::drop_weights<queries>(ls::HostTeam{0}, shape, 6, 7, 2, 12, from.data(), other.data());
  for (std::size_t i = 0; i < 6 * 16; ++i) REQUIRE(other[i] == to[4 * 16 + i]);  // keys 12 to 17 whatever came before
  ls::drop_weights<queries>(ls::HostTeam{0}, shape, keys, 7, 2, 8, from.data(), from.data());
  CHECK(from == to);
}

TEST_CASE("attention_tiles_size: nothing on a host, a whole tile a team on a device") {
  CHECK(ls::attention_tiles_size<float, Kokkos::Serial>(5) == 0);
  CHECK(sizeof(ls::AttentionTile<float, 64>) % sizeof(float) == 0);
}
