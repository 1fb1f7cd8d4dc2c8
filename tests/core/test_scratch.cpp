// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/scratch.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/copy.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/training.hpp>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

struct Nothing {
  void visit(auto&&) {}
};

}  // namespace

TEST_CASE_TEMPLATE("arrays of a step are apart from each other, aligned, and keep what is written to them", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Inference<Space> context;
  std::vector<ls::View<Real, 2, Space>> views;
  for (int rows = 0; rows < 60; ++rows) {
    views.push_back(ls::scratch<Real>(context, rows, 7));
    CHECK(views.back().extent(0) == rows);
    CHECK(views.back().extent(1) == 7);
    CHECK(reinterpret_cast<std::uintptr_t>(views.back().data()) % alignof(Real) == 0);
    ls::copy_from_host(std::vector<Real>(views.back().size(), static_cast<Real>(rows)), views.back());
  }
  for (int rows = 0; rows < 60; ++rows) {
    const auto& view = views[static_cast<std::size_t>(rows)];
    CHECK(ls::copy_to_host(view) == std::vector<Real>(view.size(), static_cast<Real>(rows)));
  }
}

TEST_CASE("after a reset the memory is used again") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  const auto first = ls::scratch<double>(context, 100);
  const auto second = ls::scratch<double>(context, 100);
  CHECK(first.data() != second.data());
  context.reset();
  CHECK(ls::scratch<double>(context, 100).data() == first.data());
  CHECK(ls::scratch<ls::Index>(context, 3, 4, 5).size() == 60);
}

TEST_CASE("P14: an extent that no array has is refused before memory is asked for") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  CHECK_THROWS_WITH_AS(ls::scratch<float>(context, 2, -3), "scratch: an extent is at least 0 and below 2^31, it is -3",
                       ls::ShapeError);
  CHECK_THROWS_AS(ls::make_value<float>(context, std::int64_t{1} << 31), ls::ShapeError);
  CHECK(context.high_water() == 0);
}

TEST_CASE("a value has a place for its gradient in training, each its own; in inference it has none") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> inference;
  const auto constant = ls::make_value<float>(inference, 2, 3);
  CHECK(constant.gradient == nullptr);
  CHECK(constant.data.data() != nullptr);
  const Nothing nothing;
  ls::Training<Space> training(nothing);
  const auto a = ls::make_value<float>(training, 2, 3), b = ls::make_value<float>(training, 2, 3);
  REQUIRE(a.gradient != nullptr);
  CHECK(a.gradient->data == nullptr);
  CHECK(a.gradient != b.gradient);
  CHECK(a.extent(1) == 3);
  const auto target = training.gradient_to(a);
  CHECK(target.view.extent(0) == 2);
  CHECK_FALSE(target.adds());
  CHECK(training.gradient_to(a).adds());
}
