// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <longshore/core/random.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/kernels/sequence_groups.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;
using Lengths = std::vector<ls::Index>;

namespace {

/// Sequences of given lengths, put in order.
template <class Space>
struct Ordered {
  ls::Tensor<ls::Index, 1, Space> rows, order;
  ls::Offsets<Space> offsets;

  explicit Ordered(const Lengths& lengths)
      : rows(static_cast<ls::Index>(lengths.size()) + 1), order(static_cast<ls::Index>(lengths.size())) {
    Lengths sums{0};
    for (const auto length : lengths) sums.push_back(sums.back() + length);
    ls::copy_from_host(sums, rows.view());
    offsets = {std::as_const(rows).view(), lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end())};
    ls::order_by_length(Space(), offsets, order.view());
    Kokkos::fence();
  }
  Lengths places() const { return ls::copy_to_host(order.view()); }
};

}  // namespace

TEST_CASE_TEMPLATE("order_by_length: longest first, equal ones as they come, large batches piece by piece", Where,
                   LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  for (const std::size_t count : std::vector<std::size_t>{0, 1, 2, 17, 1199, 1200, 1201, 2500}) {
    CAPTURE(count);
    Lengths lengths(count);
    for (std::size_t b = 0; b < count; ++b) lengths[b] = static_cast<ls::Index>(ls::Random(5).bits(b) % 9);
    Lengths expected(count);
    std::iota(expected.begin(), expected.end(), 0);
    for (std::size_t first = 0; first < count; first += static_cast<std::size_t>(ls::ordered_together)) {
      const auto last = std::min(count, first + static_cast<std::size_t>(ls::ordered_together));
      std::stable_sort(expected.begin() + static_cast<std::ptrdiff_t>(first),
                       expected.begin() + static_cast<std::ptrdiff_t>(last), [&](ls::Index a, ls::Index b) {
                         return lengths[static_cast<std::size_t>(a)] > lengths[static_cast<std::size_t>(b)];
                       });
    }
    CHECK(Ordered<Space>(lengths).places() == expected);
  }
}

TEST_CASE("groups: slots, lengths and rows of a walk, forward and in reverse") {
  using Space = Kokkos::Serial;
  constexpr ls::Index slots = ls::SequenceGroups<Space>::slots;
  Lengths lengths(static_cast<std::size_t>(slots) + 2, 3);  // two groups, the second with two sequences
  lengths[0] = 1;
  lengths[1] = 4;
  lengths[2] = 0;
  const Ordered<Space> ordered(lengths);
  const ls::SequenceGroups<Space> forward{ordered.offsets, ordered.order.view(), false},
      reverse{ordered.offsets, ordered.order.view(), true};
  CHECK(forward.count() == 2);
  CHECK(forward.size(0) == slots);
  CHECK(forward.size(1) == 2);
  CHECK(forward.sequence(0, 0) == 1);  // the longest
  CHECK(forward.length(0, 0) == 4);
  CHECK(forward.sequence(1, 1) == 2);  // the one without steps
  CHECK(forward.length(1, 1) == 0);
  CHECK(forward.sequence(1, 0) == 0);
  // Sequence 1 has rows 1 to 4.
  for (ls::Index t = 0; t < 4; ++t) {
    CHECK(forward.row(0, 0, t) == 1 + t);
    CHECK(reverse.row(0, 0, t) == 4 - t);
  }
  CHECK(forward.running(0, 0, slots) == slots);
  CHECK(forward.running(0, 3, slots) == 1);  // only the longest has a step 3
  CHECK(forward.running(0, 4, slots) == 0);
  CHECK(forward.running(1, 0, 2) == 1);
  CHECK(forward.running(0, 0, 2) == 2);  // no more than are known to run
}

TEST_CASE("groups: there are none without sequences") {
  const Ordered<Kokkos::Serial> ordered(Lengths{});
  CHECK(ls::SequenceGroups<Kokkos::Serial>{ordered.offsets, ordered.order.view(), false}.count() == 0);
}
