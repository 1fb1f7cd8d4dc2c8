// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <longshore/interop/padded.hpp>
#include <longshore/interop/xtensor_view.hpp>
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
    auto ragged = ls::from_padded<Space>(ls::View<const Real, 3, Host>(padded.data(), 3, 3, 2), lengths, side);
    CHECK(ls::copy_to_host(ragged.steps.view()) == std::vector<Real>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(ls::copy_to_host(ragged.offsets.view()) == std::vector<ls::Index>{0, 2, 2, 5});
    CHECK(ragged.longest == 3);
    CHECK(ls::copy_to_host(ls::to_padded(ragged.sequences(), side).view()) == padded);
  }
}

TEST_CASE_TEMPLATE("padded numbers become one vector of steps and come back: ids, of whatever width they came", Where,
                   LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  const std::vector<ls::Index> lengths{0, 2, 1, 0};
  for (const auto side : {ls::Padding::left, ls::Padding::right}) {
    CAPTURE(static_cast<int>(side));
    // What is padding may be beyond ids.
    std::vector<std::int64_t> wide(8, std::int64_t{1} << 40);
    const std::size_t first = side == ls::Padding::left ? 0 : 1;
    wide[2] = 7, wide[3] = 8, wide[5 - first] = 9;
    const auto ids = ls::from_padded<Space, ls::Id>(ls::View<std::int64_t, 2, Host>(wide.data(), 4, 2), lengths, side);
    static_assert(std::is_same_v<decltype(ids), const ls::RaggedTensor<ls::Id, Space, 1>>);
    CHECK(ls::copy_to_host(ids.steps.view()) == std::vector<ls::Id>{7, 8, 9});
    CHECK(ls::copy_to_host(ids.sequence_offsets().view) == std::vector<ls::Index>{0, 0, 2, 3, 3});
    CHECK(ids.sequence_offsets().longest == 2);
    std::vector<ls::Id> expected{-1, -1, 7, 8, -1, -1, -1, -1};
    expected[5 - first] = 9;
    const auto padded = ls::to_padded(ids.steps.view(), ids.sequence_offsets(), side, -1);
    CHECK(padded.extent(1) == 2);
    CHECK(ls::copy_to_host(padded.view()) == expected);
    wide[3] = std::int64_t{1} << 31;
    CHECK_THROWS_WITH_AS(
        (ls::from_padded<Space, ls::Id>(ls::View<std::int64_t, 2, Host>(wide.data(), 4, 2), lengths, side)),
        "from_padded: sequence 1 has 2147483648, which is not -2147483648 to 2147483647", ls::DataError);
    const auto kept = ls::from_padded<Space>(ls::View<std::int64_t, 2, Host>(wide.data(), 4, 2), lengths, side);
    CHECK(ls::copy_to_host(kept.steps.view())[1] == std::int64_t{1} << 31);
  }
}

TEST_CASE("sequences that are all empty, or none, and arrays of xtensor go through padding too") {
  const std::vector<ls::Index> none, empty{0, 0}, two{2, 1};
  for (const auto side : {ls::Padding::left, ls::Padding::right}) {
    auto ragged = ls::from_padded<Host>(ls::View<float, 3, Host>(nullptr, 2, 0, 3), empty, side);
    CHECK(ragged.steps.extent(0) == 0);
    CHECK(ragged.longest == 0);
    CHECK(ls::to_padded(ragged.sequences(), side).size() == 0);
    CHECK(ls::copy_to_host(ls::to_padded(ragged.sequences(), side, 5.0f, 1).view()) == std::vector<float>(6, 5.0f));
    CHECK(ls::from_padded<Host>(ls::View<float, 3, Host>(nullptr, 0, 4, 3), none, side).steps.extent(0) == 0);
    xt::xarray<std::int64_t> array = {{3, 4}, {5, 5}};
    const auto ids = ls::from_padded<Host, ls::Id>(ls::view_of_xtensor<Host, 2>(array), two, side);
    CHECK(ls::copy_to_host(ids.steps.view()) == std::vector<ls::Id>{3, 4, 5});
  }
}

TEST_CASE("padding can be wider and of another value; what does not fit is refused") {
  const std::vector<float> numbers{1, 2};
  const std::vector<ls::Index> one{1, 1}, three{3, 0}, few{1};
  const ls::View<const float, 3, Host> padded(numbers.data(), 2, 1, 1);
  auto ragged = ls::from_padded<Host>(padded, one, ls::Padding::right);
  CHECK(ls::copy_to_host(ls::to_padded(ragged.sequences(), ls::Padding::left, -1.0f, 2).view()) ==
        std::vector<float>{-1, 1, -1, 2});
  CHECK_THROWS_WITH_AS((ls::from_padded<Host>(padded, three, ls::Padding::right)),
                       "from_padded: the length of sequence 0 is 3, the array has 1 steps", ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::from_padded<Host>(padded, few, ls::Padding::right)),
                       "from_padded: 1 lengths for 2 sequences", ls::ShapeError);
  const std::vector<ls::Index> huge(2, 1 << 30);
  CHECK_THROWS_WITH_AS(
      (ls::from_padded<Host>(ls::View<float, 3, Host>(nullptr, 2, 1 << 30, 1), huge, ls::Padding::right)),
      "from_padded: the lengths add up to 2^31 or more from sequence 1 on", ls::ShapeError);
  std::vector<float> longer{1, 2, 3};
  const std::vector<ls::Index> all{3};
  auto long_one = ls::from_padded<Host>(ls::View<float, 3, Host>(longer.data(), 1, 3, 1), all, ls::Padding::right);
  CHECK_THROWS_WITH_AS(ls::to_padded(long_one.sequences(), ls::Padding::right, 0.0f, 2),
                       "to_padded: a sequence has 3 steps, the array 2", ls::ShapeError);
}

TEST_CASE("P14: to_padded refuses offsets that do not lie in its steps") {
  const std::vector<float> steps{1, 2, 3};
  const auto pad = [&](const std::vector<ls::Index>& offsets) {
    return ls::copy_to_host(ls::to_padded(ls::View<const float, 1, Host>(steps.data(), 3),
                                          ls::Offsets<Host>{{offsets.data(), offsets.size()}, 3}, ls::Padding::right,
                                          0.0f)
                                .view());
  };
  CHECK(pad({0, 1, 3}) == std::vector<float>{1, 0, 2, 3});
  CHECK(pad({0, 2}) == std::vector<float>{1, 2});  // the last step belongs to no sequence
  CHECK_THROWS_WITH_AS(pad({0, 4000}), "to_padded: the offsets go from 0 to 4000, there are steps from 0 to 3",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(pad({-1, 2}), "to_padded: the offsets go from -1 to 2, there are steps from 0 to 3",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(pad({0, 3, 2}), "to_padded: the offsets go down after sequence 1, from 3 to 2", ls::ShapeError);
}
