// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/interop/padded.hpp>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;

TEST_CASE_TEMPLATE("steps are taken out of padding on either side, and put back", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const std::vector<ls::Index> lengths{2, 0, 3};
  const std::vector<Real> right{1, 2, 3, 4, 0, 0, /**/ 0, 0, 0, 0, 0, 0, /**/ 5, 6, 7, 8, 9, 10};
  const std::vector<Real> left{0, 0, 1, 2, 3, 4, /**/ 0, 0, 0, 0, 0, 0, /**/ 5, 6, 7, 8, 9, 10};
  for (const auto side : {ls::Padding::left, ls::Padding::right}) {
    const auto& padded = side == ls::Padding::left ? left : right;
    auto ragged = ls::from_padded<Real, Space>(ls::View<const Real, 3, Host>(padded.data(), 3, 3, 2), lengths, side);
    CHECK(ls::copy_to_host(ragged.steps.view()) == std::vector<Real>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(ls::copy_to_host(ragged.offsets.view()) == std::vector<ls::Index>{0, 2, 2, 5});
    CHECK(ragged.longest == 3);
    CHECK(ls::copy_to_host(ls::to_padded(ragged.sequences(), side).view()) == padded);
  }
}

TEST_CASE("padding can be wider and of another value; what does not fit is refused") {
  const std::vector<float> numbers{1, 2};
  const std::vector<ls::Index> one{1, 1}, three{3, 0}, few{1};
  const ls::View<const float, 3, Host> padded(numbers.data(), 2, 1, 1);
  auto ragged = ls::from_padded<float, Host>(padded, one, ls::Padding::right);
  CHECK(ls::copy_to_host(ls::to_padded(ragged.sequences(), ls::Padding::left, -1.0f, 2).view()) ==
        std::vector<float>{-1, 1, -1, 2});
  CHECK_THROWS_WITH_AS((ls::from_padded<float, Host>(padded, three, ls::Padding::right)),
                       "from_padded: the length of sequence 0 is 3, the array has 1 steps", ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::from_padded<float, Host>(padded, few, ls::Padding::right)),
                       "from_padded: 1 lengths for 2 sequences", ls::ShapeError);
  std::vector<float> longer{1, 2, 3};
  const std::vector<ls::Index> all{3};
  auto long_one =
      ls::from_padded<float, Host>(ls::View<const float, 3, Host>(longer.data(), 1, 3, 1), all, ls::Padding::right);
  CHECK_THROWS_WITH_AS(ls::to_padded(long_one.sequences(), ls::Padding::right, 0.0f, 2),
                       "to_padded: a sequence has 3 steps, the array 2", ls::ShapeError);
}
