// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/softmax_cross_entropy_backward.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/numeric_gradient.hpp"
#include "../support/softmax_arrays.hpp"

namespace ls = longshore;

namespace {

/// Gradients by interests, table and bias, for a gradient of 2 that reached the loss; those that are not wanted stay 7.
template <class Real, class Space>
std::vector<std::vector<double>> backward(SoftmaxArrays<Real, Space>& given, ls::Update update,
                                          bool by_interests = true, bool by_items = true) {
  given.forward();
  const auto like = [](const auto& tensor) {
    auto gradient = tensor;
    ls::fill<Real>(Space(), gradient.view(), Real(7));
    return gradient;
  };
  auto dinterests = like(given.interests), dtable = like(given.table);
  auto dbias = like(given.bias);
  const auto dloss = filled_tensor<Real, 1, Space>({2}, 1);
  ls::Tensor<Real, 1, Space> workspace(
      static_cast<int>(ls::softmax_cross_entropy_backward_workspace<Space>(given.rows, given.items, given.features)));
  ls::Target<Real, 2, Space> to_interests, to_table;
  ls::Target<Real, 1, Space> to_bias;
  if (by_interests) to_interests = {dinterests.view(), update};
  if (by_items) to_table = {dtable.view(), update};
  if (by_items) to_bias = {dbias.view(), update};
  ls::softmax_cross_entropy_backward<Real, Space>(Space(), given.tiles(), given.targets.view(), given.weights.view(),
                                                  given.scale, given.log_sum.view(), dloss.view(), to_interests,
                                                  to_table, to_bias, workspace.view());
  return {numbers_of(dinterests.view()), numbers_of(dtable.view()), numbers_of(dbias.view())};
}

}  // namespace

TEST_CASE_TEMPLATE("softmax_cross_entropy_backward: on views, equals central differences, written and added", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double within = std::is_same_v<Real, float> ? 1e-5 : 1e-8;
  for (const ls::Index items : {1, 20, 140})
    for (const ls::Index rows : {1, 50}) {
      CAPTURE(items);
      CAPTURE(rows);
      SoftmaxArrays<Real, Space> given(rows, items, 2);
      SoftmaxNumbers numbers(given);
      std::vector<std::vector<double>> expected;
      for (auto* some : {&numbers.interests, &numbers.table, &numbers.bias})
        expected.push_back(numeric_gradient(*some, {2.0}, [&] { return numbers.loss(); }));
      for (const auto update : {ls::Update::write, ls::Update::add}) {
        const auto actual = backward<Real, Space>(given, update);
        for (std::size_t i = 0; i < 3; ++i) {
          auto sums = expected[i];
          for (double& sum : sums) sum += update == ls::Update::add ? 7 : 0;
          check::close<double>(actual[i], sums, within, 1);
        }
      }
    }
}

TEST_CASE_TEMPLATE("softmax_cross_entropy_backward: leaves out what nobody wants", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SoftmaxArrays<Real, Space> given(9, 200, 3);
  const auto all = backward<Real, Space>(given, ls::Update::write);
  const auto interests = backward<Real, Space>(given, ls::Update::write, true, false);
  const auto items = backward<Real, Space>(given, ls::Update::write, false, true);
  CHECK(interests[0] == all[0]);
  CHECK(interests[1] == std::vector<double>(600, 7));
  CHECK(items[0] == std::vector<double>(27, 7));
  CHECK(items[1] == all[1]);
  CHECK(items[2] == all[2]);
}

TEST_CASE_TEMPLATE("softmax_cross_entropy_backward: without rows it writes zeros, or adds nothing", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SoftmaxArrays<Real, Space> given(0, 10, 3);
  const auto written = backward<Real, Space>(given, ls::Update::write);
  CHECK(written[1] == std::vector<double>(30, 0));
  CHECK(written[2] == std::vector<double>(10, 0));
  const auto added = backward<Real, Space>(given, ls::Update::add);
  CHECK(added[1] == std::vector<double>(30, 7));
  CHECK(added[2] == std::vector<double>(10, 7));
}
