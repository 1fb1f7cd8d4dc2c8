// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/cut_windows.hpp>
#include <utility>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// Windows [0, 2), [1, 4), [4, 4) and [3, 4) over five rows: rows 1 and 3 come twice, row 4 never.
template <class Space>
struct FourWindows {
  ls::Tensor<ls::Index, 1, Space> begin = filled_tensor<ls::Index, 1, Space>({0, 1, 3, 4}, 4),
                                  end = filled_tensor<ls::Index, 1, Space>({2, 4, 4, 4}, 4),
                                  pairs = filled_tensor<ls::Index, 1, Space>({0, 2, 5, 6, 6}, 5);
  ls::Windows<Space> view() const { return {begin.view(), end.view(), pairs.view(), 6, 3}; }
};

}  // namespace

TEST_CASE_TEMPLATE("cut_windows_forward: copies the rows of each window, one window after the other", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const FourWindows<Space> windows;
  const auto steps = filled_tensor<Real, 2, Space>({0, 1, 10, 11, 20, 21, 30, 31, 40, 41}, 5, 2);
  ls::Tensor<Real, 2, Space> rows(6, 2);
  ls::cut_windows_forward<Real, Space>(Space(), steps.view(), windows.view(), rows.view());
  CHECK(numbers_of(rows.view()) == std::vector<double>{0, 1, 10, 11, 10, 11, 20, 21, 30, 31, 30, 31});
}

TEST_CASE_TEMPLATE("cut_windows_backward: sums the gradients of a row's copies; rows in no window get zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const FourWindows<Space> windows;
  const auto drows = filled_tensor<Real, 2, Space>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 6, 2);
  auto dsteps = filled_tensor<Real, 2, Space>(std::vector<Real>(10, Real(100)), 5, 2);
  ls::cut_windows_backward<Real, Space>(Space(), drows.view(), windows.view(), {dsteps.view(), ls::Update::write});
  CHECK(numbers_of(dsteps.view()) == std::vector<double>{1, 2, 3 + 5, 4 + 6, 7, 8, 9 + 11, 10 + 12, 0, 0});
  ls::cut_windows_backward<Real, Space>(Space(), drows.view(), windows.view(), {dsteps.view(), ls::Update::add});
  CHECK(numbers_of(dsteps.view()) == std::vector<double>{2, 4, 16, 20, 14, 16, 40, 44, 0, 0});
  ls::cut_windows_backward<Real, Space>(Space(), drows.view(), windows.view(), {});  // nobody wants it
  CHECK(numbers_of(dsteps.view()) == std::vector<double>{2, 4, 16, 20, 14, 16, 40, 44, 0, 0});
}
