// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/concepts.hpp>
#include <longshore/layers/linear.hpp>
#include <vector>

#include "../support/check_block.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct LinearCase {
  ls::Parameter<Real, 2, Space> x;  // (B, in)
  ls::Linear<Real, Space> block;

  LinearCase(const ls::Random& random, int shape) {
    // One row and one feature, then sizes around and between the widths of registers and tiles.
    constexpr int sizes[][3] = {{1, 1, 1},   {2, 3, 1},   {13, 16, 7}, {97, 8, 5},
                                {5, 33, 34}, {1, 64, 16}, {3, 5, 40},  {0, 4, 3}};
    const auto [rows, in, out] = extents_of(sizes, random, shape, 20);
    x = random_input<Real, 2, Space>(random.stream("x"), rows, in);
    block = ls::Linear<Real, Space>({.in = in, .out = out, .bias = shape % 3 != 1}, random);
  }
  LinearCase(const Golden& golden, const std::string& name)
      : x(golden.shape(name + "/x")[0], golden.shape(name + "/x")[1]),
        block({.in = golden.shape(name + "/block.weights")[1],
               .out = golden.shape(name + "/block.weights")[0],
               .bias = golden.has(name + "/block.bias")}) {}

  auto operator()(auto& context) const { return block(context, ls::use(context, x)); }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("Linear: hand: two rows through a 2 by 3 matrix", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Linear<Real, Space> linear({.in = 3, .out = 2});
  ls::copy_from_host<Real>({1, 2, 3, 4, 5, 6}, linear.weights.mutable_view());
  ls::copy_from_host<Real>({10, 20}, linear.bias.mutable_view());
  ls::Tensor<Real, 2, Space> x(2, 3);
  ls::copy_from_host<Real>({1, 0, -1, 2, 1, 0}, x.view());
  ls::Inference<Space> context;
  const auto y = linear(context, x.view());
  context.fence();
  CHECK(ls::copy_to_host(y.data) == std::vector<Real>{8, 18, 14, 33});
}

TEST_CASE_TEMPLATE("Linear: reference: equals loops over rows, outputs and inputs", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 8; ++shape) {
    const LinearCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    const auto x = ls::copy_to_host(example.x.view()), weights = ls::copy_to_host(example.block.weights.view()),
               bias = ls::copy_to_host(example.block.bias.view());
    const auto in = static_cast<std::size_t>(example.block.settings.in),
               out = static_cast<std::size_t>(example.block.settings.out);
    std::vector<double> expected;
    for (std::size_t b = 0; b < static_cast<std::size_t>(example.x.extent(0)); ++b)
      for (std::size_t o = 0; o < out; ++o) {
        double sum = bias.empty() ? 0 : static_cast<double>(bias[o]);
        for (std::size_t i = 0; i < in; ++i)
          sum += static_cast<double>(weights[o * in + i]) * static_cast<double>(x[b * in + i]);
        expected.push_back(sum);
      }
    check::close(ls::copy_to_host(value.data), expected, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("Linear: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<LinearCase, typename Where::Real, typename Where::Space>("layers/linear");
}

TEST_CASE("Linear: gradients: P1: equal central differences") { check::gradients<LinearCase>(); }

TEST_CASE("Linear: threads: the same bits everywhere") {
  check::same_bits<LinearCase>();
  check::inference_equals_training<LinearCase>();
}

TEST_CASE_TEMPLATE("Linear: edges: no rows give no rows, more rows than one tile and one chunk agree with fewer", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::Linear<Real, Space> linear({.in = 5, .out = 3}, ls::Random(1));
  ls::Inference<Space> context;
  ls::Tensor<Real, 2, Space> none(0, 5);
  CHECK(linear(context, none.view()).extent(0) == 0);
  const auto many = random_input<Real, 2, Space>(ls::Random(2), 3000, 5);
  const auto all = ls::copy_to_host(linear(context, ls::use(context, many)).data);
  ls::Tensor<Real, 2, Space> last(1, 5);
  const auto host = ls::copy_to_host(many.view());
  ls::copy_from_host<Real>(std::vector<Real>(host.end() - 5, host.end()), last.view());
  const auto one = ls::copy_to_host(linear(context, last.view()).data);
  for (std::size_t o = 0; o < 3; ++o) CHECK(one[o] == doctest::Approx(all[all.size() - 3 + o]));
}

TEST_CASE("Linear: refused: another number of features, and sizes below one") {
  using Space = Kokkos::Serial;
  const ls::Linear<float, Space> linear({.in = 5, .out = 3});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(2, 4);
  CHECK_THROWS_WITH_AS(linear(context, x.view()), "Linear: x has 4 features, the weights expect 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::Linear<float, Space>({.in = 0, .out = 3})),
                       "Linear: in and out are at least 1, they are 0 and 3", ls::ShapeError);
  const volatile ls::Index negative = -1;  // volatile: g++ would warn of the array that is never made
  CHECK_THROWS_WITH_AS((ls::Linear<float, Space>({.in = 2, .out = negative})),
                       "Linear: in and out are at least 1, they are 2 and -1", ls::ShapeError);
}

TEST_CASE("Linear: concept: models Layer, with steps, rows and candidates") {
  using Space = Kokkos::Serial;
  static_assert(ls::Layer<ls::Linear<float, Space>, float, Space>);
  const ls::Linear<float, Space> linear({.in = 2, .out = 3});
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> candidates(4, 5, 2);
  const auto y = linear(context, ls::Cube<float, Space>(candidates.view()));
  CHECK(y.extent(0) == 4);
  CHECK(y.extent(1) == 5);
  CHECK(y.extent(2) == 3);
}
