// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/layers/cut_windows.hpp>
#include <utility>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/ragged.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;

namespace {

/// Overlapping windows, one of them empty, over six steps; then any.
template <class Real, class Space>
struct CutCase {
  WindowList list;
  PlacedWindows<Space> placed;
  Ragged<Space> history;
  ls::Parameter<Real, 2, Space> steps;

  CutCase(const ls::Random& random, int shape)
      : list(shape == 0 ? WindowList({0, 1, 3, 3}, {3, 3, 3, 6}, 6)
                        : WindowList::example(random.stream("windows"), shape < wide_shape ? shape - 1 : shape)),
        placed(list),
        history({list.steps}),
        steps(random_input<Real, 2, Space>(random.stream("steps"), list.steps, 3)) {}
  ls::Sequences<Real, Space> cut(auto& context) const {
    const ls::Sequences<Real, Space> all{ls::use(context, steps), history.offsets()};
    return ls::cut_windows<Real, Space>(context, ls::Windowed<Real, Space>(all, placed.windows()));
  }
  auto operator()(auto& context) const { return cut(context).steps; }
  void visit(auto&& visitor) { visitor("steps", steps); }
};

}  // namespace

TEST_CASE_TEMPLATE("cut_windows: each window is a sequence of its own, an empty one too", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const CutCase<Real, Space> example(ls::Random(2), 0);
  ls::Inference<Space> context;
  const auto cut = example.cut(context);
  context.fence();
  CHECK(cut.count() == 4);
  CHECK(ls::copy_to_host(cut.offsets.view) == std::vector<ls::Index>{0, 3, 5, 5, 8});
  CHECK(cut.offsets.longest == 3);
  const auto all = ls::copy_to_host(example.steps.view()), rows = ls::copy_to_host(cut.steps.data);
  const std::vector<std::size_t> sources{0, 1, 2, 1, 2, 3, 4, 5};
  REQUIRE(rows.size() == 3 * sources.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i] == all[3 * sources[i / 3] + i % 3]);
}

TEST_CASE("cut_windows: windows out of order are refused: backward would miss some") {
  using Space = Kokkos::Serial;
  const PlacedWindows<Space> unordered({{2, 0}, {4, 2}, 4});
  ls::Tensor<float, 2, Space> x(4, 2);
  ls::Inference<Space> context;
  CHECK_THROWS_AS((ls::cut_windows<float, Space>(context, {x.view(), unordered.windows()})), ls::DataError);
}

TEST_CASE("cut_windows: P1: gradients equal central differences; P4: the same bits everywhere") {
  check::gradients<CutCase>();
  check::same_bits<CutCase>();
}
