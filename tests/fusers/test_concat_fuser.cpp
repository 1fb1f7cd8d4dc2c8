// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/fusers/concat_fuser.hpp>

#include "../support/fuser_case.hpp"

namespace ls = longshore;

namespace {

struct Make {
  template <class Real, class Space>
  static auto inputs(const ls::Random& random, int shape) {
    return FuserInputs<Real, Space>(random, shape, false, 0, false);
  }
  // With a layer at every third shape only.
  static ls::ConcatFuserSettings random(const auto& inputs, int shape) {
    return {.in = inputs.total(), .out = shape % 3 == 1 ? 6 : 0};
  }
  static ls::ConcatFuserSettings golden(const auto& inputs, const Golden& golden, const std::string& name) {
    const std::string weights = name + "/block.project.weights";
    return {.in = inputs.total(), .out = golden.has(weights) ? golden.shape(weights)[0] : 0};
  }
};
template <class Real, class Space>
using ConcatCase = FuserCase<Real, Space, ls::ConcatFuser, Make>;

}  // namespace

TEST_CASE_TEMPLATE("ConcatFuser: hand: a taste joined with an intent a candidate, then a layer behind them", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> taste(1, 2);
  ls::Tensor<Real, 3, Space> intent(1, 2, 1);
  ls::copy_from_host<Real>({1, 2}, taste.view());
  ls::copy_from_host<Real>({2, -1}, intent.view());
  const ls::Matrix<Real, Space> long_term(taste.view());
  const ls::Cube<Real, Space> short_term(intent.view());
  ls::Inference<Space> context;

  const ls::ConcatFuser<Real, Space> fuse;
  const auto y = fuse(context, {}, {long_term, short_term});
  const auto weights = fuse.weights(context, {}, {long_term, short_term});
  context.fence();
  CHECK(ls::copy_to_host(y.vectors.data) == std::vector<Real>{1, 2, 2, 1, 2, -1});
  check::close(ls::copy_to_host(weights), {5.0 / 9, 4.0 / 9, 5.0 / 6, 1.0 / 6}, tolerance<Real>);

  ls::ConcatFuser<Real, Space> with_layer({.in = 3, .out = 2});
  ls::copy_from_host<Real>({1, 0, 1, 0, 1, 3}, with_layer.project.weights.mutable_view());
  ls::copy_from_host<Real>({10, 0}, with_layer.project.bias.mutable_view());
  const auto z = with_layer(context, {}, {long_term, short_term});
  const auto shares = with_layer.weights(context, {}, {long_term, short_term});
  context.fence();
  CHECK(ls::copy_to_host(z.vectors.data) == std::vector<Real>{13, 8, 10, -1});
  // Contributions (1, 2) and (2, 6), then (1, 2) and (-1, -3); the bias counts for nobody.
  check::close(ls::copy_to_host(shares), {5.0 / 45, 40.0 / 45, 5.0 / 15, 10.0 / 15}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("ConcatFuser: reference: equals loops over users, candidates and interests", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < FuserInputs<Real, Space>::shapes; ++shape) {
    CAPTURE(shape);
    const ConcatCase<Real, Space> example(ls::Random(3), shape);
    const auto weights = ls::copy_to_host(example.block.project.weights.view()),
               bias = ls::copy_to_host(example.block.project.bias.view());
    check::fuser_reference<Real, Space>(
        example, [&](const FuserNumbers& x, std::size_t b, std::size_t c, auto& y, auto& w) {
          std::vector<double> all, squares(x.parts, 0.0);
          std::vector<std::size_t> owner;
          for (std::size_t k = 0; k < x.parts; ++k)
            for (std::size_t d = 0; d < x.widths[k]; ++d) {
              all.push_back(x.at(k, b, c, d));
              owner.push_back(k);
            }
          if (bias.empty()) {
            y.insert(y.end(), all.begin(), all.end());
            for (std::size_t i = 0; i < all.size(); ++i) squares[owner[i]] += all[i] * all[i];
          }
          for (std::size_t o = 0; o < bias.size(); ++o) {
            std::vector<double> brought(x.parts, 0.0);
            for (std::size_t i = 0; i < all.size(); ++i)
              brought[owner[i]] += static_cast<double>(weights[o * all.size() + i]) * all[i];
            double sum = static_cast<double>(bias[o]);
            for (std::size_t k = 0; k < x.parts; ++k) {
              sum += brought[k];
              squares[k] += brought[k] * brought[k];
            }
            y.push_back(sum);
          }
          double total = 0;
          for (const double square : squares) total += square;
          for (const double square : squares) w.push_back(square / total);
        });
  }
}

TEST_CASE_TEMPLATE("ConcatFuser: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<ConcatCase, typename Where::Real, typename Where::Space>("fusers/concat_fuser");
}

TEST_CASE("ConcatFuser: gradients: P1: equal central differences") { check::gradients<ConcatCase>(); }

TEST_CASE("ConcatFuser: threads: the same bits everywhere") {
  check::same_bits<ConcatCase>(10);
  check::inference_equals_training<ConcatCase>(10);
}

TEST_CASE(
    "ConcatFuser: edges: zero vectors share equally, one vector a user stays one, an interest may be given twice") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> zeros(2, 3);
  const ls::Matrix<float, Space> nothing(zeros.view());
  CHECK(ls::copy_to_host(ls::ConcatFuser<float, Space>().weights(context, {}, {nothing, nothing, nothing, nothing})) ==
        std::vector<float>(8, 0.25f));

  const FuserInputs<float, Space> inputs(ls::Random(7), 3, false, 1);  // one interest (5, 1, 17)
  ls::Training<Space> training(inputs);
  const auto x = ls::use(training, inputs.interests[0]);
  const auto y = ls::ConcatFuser<float, Space>()(training, {}, {x, x});
  CHECK(y.candidates() == 1);
  const std::vector<float> ones(5 * 34, 1.0f);
  training.backward(y.vectors, ls::View<const float, 3, Space>(ones.data(), 5, 1, 34));
  CHECK(ls::copy_to_host(training.gradient_of(inputs.interests[0]).dense) == std::vector<float>(5 * 17, 2.0f));
}

TEST_CASE("ConcatFuser: refused: a layer without sizes, interests that do not fill it") {
  using Space = Kokkos::Serial;
  using Block = ls::ConcatFuser<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.out = 3}),
                       "ConcatFuser: with out, the features of all interests together are needed; in is 0, out is 3",
                       ls::ShapeError);
  CHECK_THROWS_AS(Block({.in = 3, .out = -1}), ls::ShapeError);
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), narrow(3, 1, 2), single(1, 1, 2);
  using Cube = ls::Cube<float, Space>;
  const Block block({.in = 8, .out = 3});
  CHECK_THROWS_WITH_AS(block(context, {}, {Cube(one.view()), Cube(narrow.view())}),
                       "ConcatFuser: the 2 interests have 6 features together, the layer expects 8", ls::ShapeError);
  CHECK_THROWS_WITH_AS(block.weights(context, {}, {Cube(one.view())}),
                       "ConcatFuser: the 1 interests have 4 features together, the layer expects 8", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block()(context, {}, {Cube(one.view()), Cube(single.view())}),
                       "ConcatFuser: interest 2 has 1 users, interest 1 has 3", ls::ShapeError);
}

TEST_CASE("ConcatFuser: concept: models Fuser") {
  using Space = Kokkos::Serial;
  static_assert(ls::Fuser<ls::ConcatFuser<float, Space>, float, Space>);
  CHECK_FALSE(ls::ConcatFuser<float, Space>().sees_candidates());
}
