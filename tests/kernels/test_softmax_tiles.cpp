// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/softmax_tiles.hpp>
#include <string>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

/// Writes all logits into one matrix, tile by tile, and counts how often each was made.
template <class Real>
struct ShowLogits {
  static inline const std::string label = "test::show_logits";
  static constexpr int team_size = 64;
  ls::SoftmaxTiles<Real> tiles;
  Real* all;    // (B, I)
  Real* count;  // (B, I)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const ls::Index last = tiles.last(team.league());
    for (ls::Index item = tiles.first(team.league()); item < last; item += ls::softmax_items) {
      const ls::Index width = last - item < ls::softmax_items ? last - item : ls::softmax_items;
      tiles.take_items(team, item, width);
      for (ls::Index row = 0; row < tiles.rows; row += ls::softmax_rows) {
        const ls::Index height = tiles.rows - row < ls::softmax_rows ? tiles.rows - row : ls::softmax_rows;
        tiles.fill_logits(team, row, height, item, width);
        for (ls::Index r = team.rank(); r < height; r += team.size())
          for (ls::Index j = 0; j < width; ++j) {
            const std::int64_t place = std::int64_t{row + r} * tiles.items + item + j;
            all[place] = tiles.logits(team)[std::int64_t{r} * ls::softmax_items + j];
            count[place] += 1;
          }
        team.barrier();
      }
    }
  }
};

TEST_CASE_TEMPLATE("SoftmaxTiles: every logit is made once, the product of its row and item, with the bias", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index items : {1, 31, 32, 128, 150, 300})
    for (const ls::Index rows : {1, 48, 50})
      for (const bool biased : {false, true}) {
        CAPTURE(items);
        CAPTURE(rows);
        const ls::Index features = 7;
        const auto u = random_tensor<Real, 2, Space>(ls::Random(1), rows, features),
                   v = random_tensor<Real, 2, Space>(ls::Random(2), items, features);
        const auto bias = random_tensor<Real, 1, Space>(ls::Random(3), items);
        ls::Tensor<Real, 2, Space> all(rows, items), count(rows, items);
        ls::Tensor<Real, 1, Space> scratch(static_cast<int>(ls::softmax_tiles_workspace<Space>(items, features)));
        const ls::SoftmaxTiles<Real> tiles{rows,
                                           items,
                                           features,
                                           ls::softmax_block<Space>(items),
                                           u.data(),
                                           v.data(),
                                           biased ? bias.data() : nullptr,
                                           scratch.data()};
        ls::for_each_team<Space>(Space(), ls::softmax_blocks<Space>(items),
                                 ShowLogits<Real>{tiles, all.data(), count.data()});
        const auto x = numbers_of(u.view()), y = numbers_of(v.view()), shift = numbers_of(bias.view());
        std::vector<double> expected;
        for (std::size_t b = 0; b < x.size() / 7; ++b)
          for (std::size_t i = 0; i < y.size() / 7; ++i) {
            expected.push_back(biased ? shift[i] : 0);
            for (std::size_t d = 0; d < 7; ++d) expected.back() += x[b * 7 + d] * y[i * 7 + d];
          }
        check::close<double>(numbers_of(all.view()), expected, tolerance<Real>);
        CHECK(numbers_of(count.view()) == std::vector<double>(expected.size(), 1));
      }
}

TEST_CASE("softmax_block: bodies take whole tiles, no more bodies than are allowed, and share all items") {
  using Space = Kokkos::Serial;
  for (const ls::Index items : {1, 128, 129, 8192, 8193, 100000, 10000000}) {
    CAPTURE(items);
    const ls::Index block = ls::softmax_block<Space>(items), bodies = ls::softmax_blocks<Space>(items);
    CHECK(block % ls::softmax_items == 0);
    CHECK(bodies <= ls::softmax_bodies<Space>);
    ls::SoftmaxTiles<float> tiles{};
    tiles.items = items;
    tiles.block = block;
    CHECK(tiles.first(0) == 0);
    for (ls::Index body = 1; body < bodies; ++body) REQUIRE(tiles.first(body) == tiles.last(body - 1));
    CHECK(tiles.last(bodies - 1) == items);
    CHECK(tiles.first(bodies - 1) < items);
  }
  CHECK(ls::softmax_blocks<Space>(128) == 1);
  CHECK(ls::softmax_blocks<Space>(129) == 2);
  CHECK(ls::softmax_block<Space>(8193) == 256);
}
