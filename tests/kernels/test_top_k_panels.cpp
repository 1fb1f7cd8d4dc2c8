// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/top_k_panels.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE(
    "pack_top_k: items of a panel lie side by side, the last one is filled up with zeros; unpack_top_k "
    "gives them back",
    Real, float, double) {
  using Space = Kokkos::Serial;
  constexpr ls::Index panel = ls::top_k_panel<Real>, count = panel + 3;
  std::vector<Real> numbers;
  for (int i = 0; i < 2 * count; ++i) numbers.push_back(static_cast<Real>(i + 1));
  const auto table = filled_tensor<Real, 2, Space>(numbers, count, 2);
  CHECK(ls::top_k_panels<Real>(count) == 2);
  std::vector<Real> panels(ls::top_k_packed_size<Real>(count, 2), Real(-1));
  REQUIRE(panels.size() == static_cast<std::size_t>(4 * panel));
  ls::pack_top_k<Real, Space>(Space{}, table.view(), panels.data());
  for (ls::Index i = 0; i < 2 * panel; ++i)
    for (ls::Index d = 0; d < 2; ++d) {
      const auto place = static_cast<std::size_t>((i / panel * 2 + d) * panel + i % panel);
      REQUIRE(panels[place] == (i < count ? static_cast<Real>(2 * i + d + 1) : Real(0)));
    }
  ls::Tensor<Real, 2, Space> back(count, 2);
  ls::unpack_top_k<Real, Space>(Space{}, {panels.data(), 2, panel}, back.view());
  CHECK(numbers_of(back.view()) == numbers_of(table.view()));
}

TEST_CASE_TEMPLATE("TopKRows: rows of panels and rows one behind the other are gathered alike", Real, float, double) {
  using Space = Kokkos::Serial;
  constexpr int width = ls::simd_width<Real>;
  const ls::Index count = 150;
  for (const ls::Index features : {1, 16, 21}) {
    const auto table = random_tensor<Real, 2, Space>(ls::Random(1), count, features);
    std::vector<Real> panels(ls::top_k_packed_size<Real>(count, features));
    ls::pack_top_k<Real, Space>(Space{}, table.view(), panels.data());
    std::vector<ls::Id> ids;
    for (ls::Id j = 0; j < width - 1; ++j) ids.push_back((j * 37 + 140) % count);
    for (const ls::TopKRows<Real>& rows : {ls::TopKRows<Real>{panels.data(), features, ls::top_k_panel<Real>},
                                           ls::TopKRows<Real>{table.data(), features, 1}}) {
      std::vector<Real> gathered(static_cast<std::size_t>(2 * features * width), Real(-7));
      rows.prefetch(ids[0]);
      rows.gather(ids.data(), width - 1, gathered.data());
      for (ls::Index d = 0; d < features; ++d)
        for (int j = 0; j < width; ++j) {
          const Real expected = j < width - 1 ? table.view()(ids[static_cast<std::size_t>(j)], d) : Real(0);
          REQUIRE(gathered[static_cast<std::size_t>(d * width + j)] == expected);
        }
    }
  }
}
