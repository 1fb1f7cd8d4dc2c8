// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/linear_parts.hpp>
#include <longshore/layers/linear.hpp>

#include "../support/check_block.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;

namespace {

/// Four parts of every sharing, through a Linear: a vector a user, a candidate, both, none.
template <class Real, class Space>
struct LinearPartsCase {
  std::vector<ls::Parameter<Real, 3, Space>> parts;
  ls::Linear<Real, Space> block;

  LinearPartsCase(const ls::Random& random, int shape) {
    // Users, candidates, width of the first part, out, which parts (bits: per user, per candidate, for all, own).
    constexpr int sizes[][5] = {{3, 4, 2, 5, 15}, {1, 1, 1, 1, 15}, {2, 3, 8, 4, 1},  {2, 3, 8, 4, 2},
                                {2, 3, 3, 16, 4}, {5, 2, 3, 33, 8}, {1, 5, 4, 3, 11}, {5, 1, 4, 3, 9}};
    const auto s = extents_of(sizes, random, shape);
    const int users[] = {s[0], 1, 1, s[0]}, candidates[] = {1, s[1], 1, s[1]};
    int in = 0;
    for (int k = 0; k < 4; ++k) {
      if ((s[4] >> k & 1) == 0) continue;
      const int width = s[2] + k;
      parts.push_back(
          random_input<Real, 3, Space>(random.stream(static_cast<std::uint32_t>(k)), users[k], candidates[k], width));
      in += width;
    }
    block = ls::Linear<Real, Space>({.in = in, .out = s[3], .bias = shape % 5 != 2}, random);
  }
  auto operator()(auto& context) const { return block(context, list(context)); }
  auto list(auto& context) const {
    ls::InterestList<Real, Space> all;
    for (const auto& part : parts) all.add("test", ls::use(context, part));
    return all;
  }
  void visit(auto&& visitor) {
    visitor("parts", parts);
    visitor("block", block);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("linear_parts: equals one product of the joined parts", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 8; ++shape) {
    CAPTURE(shape);
    const LinearPartsCase<Real, Space> example(ls::Random(2), shape);
    ls::Inference<Space> context;
    const auto list = example.list(context);
    ls::Tensor<Real, 3, Space> joined(list.users, list.candidates, list.features);
    ls::concat_parts_forward<Real, Space>(Space(), ls::parts_of(list), joined.view());
    const auto whole = example.block(context, ls::Cube<Real, Space>(joined.view()));
    const auto apart = example(context);
    context.fence();
    const auto expected = ls::copy_to_host(whole.data);
    check::close(ls::copy_to_host(apart.data), std::vector<double>(expected.begin(), expected.end()), tolerance<Real>);
  }
}

TEST_CASE("linear_parts: gradients equal central differences, whoever shares the parts") {
  check::gradients<LinearPartsCase>();
}

TEST_CASE("linear_parts: the same bits everywhere") {
  check::same_bits<LinearPartsCase>(8);
  check::inference_equals_training<LinearPartsCase>(8);
}

TEST_CASE_TEMPLATE("linear_parts: gradients are added where that is asked for, and left out where nobody wants them",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(1, 2);
  arrays.add(1, 1, 1, {2}).add(1, 2, 1, {1, 3});
  const auto weights = tensor_of<Real, 2, Space>({10, 100}, 1, 2);
  const auto dy = tensor_of<Real, 3, Space>({1, 2}, 1, 2, 1);
  auto dweights = tensor_of<Real, 2, Space>({1000, 1000}, 1, 2);
  auto dbias = tensor_of<Real, 1, Space>({1000}, 1);
  const auto parts = arrays.parts();
  ls::Tensor<Real, 1, Space> workspace(static_cast<int>(ls::linear_parts_backward_workspace(parts, 1)));
  const auto backward = [&](const ls::PartTargets<Real>& targets, ls::Target<Real, 2, Space> by_weights,
                            ls::Target<Real, 1, Space> by_bias) {
    ls::linear_parts_backward<Real, Space>(Space(), dy.view(), parts, weights.view(), targets, by_weights, by_bias,
                                           workspace.view());
  };
  backward(arrays.targets(0b11, 0b01, 7), {dweights.view(), ls::Update::add}, {dbias.view(), ls::Update::add});
  CHECK(arrays.gradient(0) == std::vector<Real>{37});
  CHECK(arrays.gradient(1) == std::vector<Real>{100, 200});
  CHECK(numbers_of(dweights) == std::vector<Real>{1006, 1007});
  CHECK(numbers_of(dbias) == std::vector<Real>{1003});
  backward(arrays.targets(0b01, 0, 7), {}, {});
  CHECK(arrays.gradient(0) == std::vector<Real>{30});
  CHECK(arrays.gradient(1) == std::vector<Real>{7, 7});
  backward(arrays.targets(0, 0, 7), {dweights.view(), ls::Update::write}, {});
  CHECK(numbers_of(dweights) == std::vector<Real>{6, 7});
}

TEST_CASE("linear_parts: a value given twice collects both gradients, parts that do not fill the weights are refused") {
  using Space = Kokkos::Serial;
  LinearPartsCase<double, Space> example(ls::Random(3), 5);  // one part, (5, 2, 6)
  example.block = ls::Linear<double, Space>({.in = 12, .out = 1});
  ls::copy_from_host<double>({1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60}, example.block.weights.mutable_view());
  ls::Training<Space> context(example);
  const auto x = ls::use(context, example.parts[0]);
  ls::InterestList<double, Space> twice("test", {x, x});
  const std::vector<double> ones(10, 1.0);
  context.backward(example.block(context, twice), ls::View<const double, 3, Space>(ones.data(), 5, 2, 1));
  const auto gradient = ls::copy_to_host(context.gradient_of(example.parts[0]).dense);
  for (std::size_t i = 0; i < gradient.size(); ++i) CHECK(gradient[i] == static_cast<double>(11 * (i % 6 + 1)));
  CHECK_THROWS_WITH_AS(example.block(context, ls::InterestList<double, Space>("test", {x})),
                       "Linear: the 1 parts have 6 features, the weights expect 12", ls::ShapeError);
}
