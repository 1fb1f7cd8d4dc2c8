// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/sequences.hpp>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/copy.hpp>
#include <longshore/core/for_each.hpp>
#include <longshore/core/tensor.hpp>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

/// The length of each sequence, read where kernels read it.
template <class Space>
struct Lengths {
  static inline const std::string label = "test::lengths";
  ls::Offsets<Space> offsets;
  int* lengths;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t b) const {
    const auto i = static_cast<ls::Index>(b);
    lengths[b] = (offsets.end(i) - offsets.begin(i)) + 100 * offsets.count();
  }
};

}  // namespace

TEST_CASE_TEMPLATE("offsets give begin and end of each sequence, on every space", Where, LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  ls::Tensor<ls::Index, 1, Space> ends(5);
  ls::copy_from_host({0, 2, 2, 7, 8}, ends.view());
  ls::Tensor<int, 1, Space> lengths(4);
  const ls::Offsets<Space> offsets{ends.view(), 5};
  ls::for_each(Space{}, offsets.count(), Lengths<Space>{offsets, lengths.data()});
  Space{}.fence();
  CHECK(ls::copy_to_host(lengths.view()) == std::vector<int>{402, 400, 405, 401});
}

TEST_CASE("without sequences there is one offset, or none") {
  using Space = Kokkos::Serial;
  const ls::Index zero = 0;
  CHECK(ls::Offsets<Space>{}.count() == 0);
  CHECK(ls::Offsets<Space>{{&zero, 1}, 0}.count() == 0);
  CHECK(ls::Sequences<float, Space>{}.count() == 0);
}

TEST_CASE("as many sequences as offsets say, whatever the number of steps") {
  using Space = Kokkos::Serial;
  const std::vector<ls::Index> offsets{0, 0, 3, 3};
  std::vector<float> numbers(6);
  const ls::Sequences<float, Space> sequences{{ls::View<float, 2, Space>(numbers.data(), 3, 2)},
                                              {{offsets.data(), 4}, 3}};
  CHECK(sequences.count() == 3);
  CHECK(sequences.steps.extent(0) == 3);
  static_assert(std::is_trivially_copyable_v<ls::Sequences<float, Space>>);
}
