// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/layers/cut_windows.hpp>
#include <utility>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// Overlapping windows, one of them empty, over six steps; or no window at all.
template <class Real, class Space>
struct CutCase {
  ls::Parameter<Real, 2, Space> steps;
  ls::Tensor<ls::Index, 1, Space> rows, begin, end, pairs;
  ls::Index pair_count = 0, longest = 0;

  CutCase(const ls::Random& random, int shape) : steps(random_input<Real, 2, Space>(random.stream("steps"), 6, 3)) {
    const std::vector<ls::Index> first = shape % 2 ? std::vector<ls::Index>{} : std::vector<ls::Index>{0, 1, 3, 3},
                                 last = shape % 2 ? std::vector<ls::Index>{} : std::vector<ls::Index>{3, 3, 3, 6};
    std::vector<ls::Index> sums{0};
    for (std::size_t w = 0; w < first.size(); ++w) {
      sums.push_back(sums.back() + last[w] - first[w]);
      longest = std::max(longest, last[w] - first[w]);
    }
    pair_count = sums.back();
    const auto count = static_cast<ls::Index>(first.size());
    rows = filled_tensor<ls::Index, 1, Space>({0, 6}, 2);
    begin = filled_tensor<ls::Index, 1, Space>(first, count);
    end = filled_tensor<ls::Index, 1, Space>(last, count);
    pairs = filled_tensor<ls::Index, 1, Space>(sums, count + 1);
  }
  ls::Sequences<Real, Space> cut(auto& context) const {
    const ls::Sequences<Real, Space> history{ls::use(context, steps), {rows.view(), 6}};
    const ls::Windows<Space> windows{begin.view(), end.view(), pairs.view(), pair_count, longest};
    return ls::cut_windows<Real, Space>(context, ls::Windowed<Real, Space>(history, windows));
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

TEST_CASE("cut_windows: P1: gradients equal central differences; P4: the same bits everywhere") {
  check::gradients<CutCase>(1);
  check::same_bits<CutCase>(2);
}
