// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/for_each_piece.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace pieces_test {

struct CountedPiece {
  int* visits;  // (length)
  int length;
  KOKKOS_INLINE_FUNCTION std::int64_t chunks() const { return length; }
};

/// Counts how often each chunk is visited; one lane of a team does.
struct Visit {
  static inline const std::string label = "longshore::test_visit";
  static constexpr int team_size = 32;
  using Piece = CountedPiece;
  int step;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team, const Piece& piece, std::int64_t chunk) const {
    if (team.rank() == 0) piece.visits[chunk] += step;
  }
};

}  // namespace pieces_test

using pieces_test::CountedPiece, pieces_test::Visit;

TEST_CASE_TEMPLATE("for_each_piece: every chunk of every piece is visited once, also of many pieces and empty ones",
                   Space, Kokkos::Serial, Kokkos::DefaultExecutionSpace) {
  const std::vector<std::vector<int>> lists = {{},          {0}, {1}, {0, 3, 0}, {5, 1, 1, 7}, std::vector<int>(300, 2),
                                               {0, 0, 1000}};
  for (const auto& lengths : lists) {
    CAPTURE(lengths.size());
    std::vector<double> expected;  // with a number behind each piece that nobody touches
    for (const int length : lengths) {
      expected.insert(expected.end(), static_cast<std::size_t>(length), 3);
      expected.push_back(0);
    }
    ls::Tensor<int, 1, Space> visits(expected.size());
    ls::copy_from_host(std::vector<int>(expected.size()), visits.view());
    std::vector<CountedPiece> pieces;
    int first = 0;
    for (const int length : lengths) {
      pieces.push_back({visits.data() + first, length});
      first += length + 1;
    }
    ls::for_each_piece<Space>(Space{}, std::span<const CountedPiece>(pieces), Visit{3});
    CHECK(numbers_of(visits.view()) == expected);
  }
}

TEST_CASE("for_each_piece: the calling thread does it all with the Inline executor") {
  std::vector<int> visits(6, 0);
  const std::vector<CountedPiece> pieces{{visits.data(), 2}, {visits.data() + 2, 4}};
  ls::for_each_piece<Kokkos::Serial>(ls::Inline{}, std::span(pieces), Visit{1});
  CHECK(visits == std::vector<int>(6, 1));
}
