// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/concepts.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <vector>

#include "../support/pooling_case.hpp"

namespace ls = longshore;
using Kind = ls::ActivationKind;

namespace {

constexpr Kind kinds[] = {Kind::sigmoid, Kind::tanh, Kind::relu};

double activation(Kind kind, double x) {
  if (kind == Kind::tanh) return std::tanh(x);
  return kind == Kind::sigmoid ? naive::sigmoid(x) : std::max(x, 0.0);
}

template <class Real, class Space>
struct TargetCase {
  using Block = ls::TargetAttentionPooling<Real, Space>;
  WindowList list;
  PlacedWindows<Space> placed;
  ls::Parameter<Real, 2, Space> x;  // (N, D)
  ls::Parameter<Real, 3, Space> q;  // (W, C, D)
  Block block;

  TargetCase(const ls::Random& random, int shape)
      : list(WindowList::example(random.stream("windows"), shape)),
        placed(list),
        x(random_input<Real, 2, Space>(random.stream("x"), list.steps, features_of(shape))),
        q(random_input<Real, 3, Space>(random.stream("q"), static_cast<ls::Index>(list.size()), shape % 2 == 0 ? 1 : 3,
                                       features_of(shape))) {
    const ls::SmallList<ls::Index> sizes[] = {{8, 4}, {3}, {17, 5}, {2, 3, 4}, {1, 1}};
    block = Block({.features = features_of(shape),
                   .hidden = sizes[shape % 5],
                   .activation = kinds[shape % 2],
                   .softmax = shape % 3 == 1,
                   .scale = shape % 4 > 1,
                   .weights = ls::kaiming_normal(1.5)},
                  random);
  }
  TargetCase(const Golden& golden, const std::string& name)
      : list(golden, name), placed(list), x(golden.shape(name + "/x")[0], golden.shape(name + "/x")[1]) {
    const auto& shape = golden.shape(name + "/q");
    q = ls::Parameter<Real, 3, Space>(shape[0], shape[1], shape[2]);
    ls::SmallList<ls::Index> sizes;
    for (int l = 0; l < golden.integer(name + "/layers"); ++l)
      sizes.add(golden.shape(name + "/block.hidden." + std::to_string(l) + ".weights")[0]);
    block = Block({.features = shape[2],
                   .hidden = sizes,
                   .activation = kinds[golden.integer(name + "/activation")],
                   .softmax = golden.integer(name + "/softmax") != 0,
                   .scale = golden.integer(name + "/scale") != 0});
  }

  auto operator()(auto& context) const {
    return block(context, ls::use(context, q), {ls::use(context, x), placed.windows()});
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("q", q);
    visitor("block", block);
  }
};

/// Every step is the candidate of its own window: candidates and steps are one value.
template <class Real, class Space>
struct OwnTargetCase {
  PlacedWindows<Space> placed;
  ls::Parameter<Real, 2, Space> x;
  ls::TargetAttentionPooling<Real, Space> block;

  OwnTargetCase(const ls::Random& random, int)
      : placed({{0, 0, 0, 1, 3}, {1, 2, 3, 4, 5}, 5}),
        x(random_input<Real, 2, Space>(random, 5, 3)),
        block({.features = 3, .hidden = {4, 3}, .weights = ls::kaiming_normal(1.5)}, random) {}
  auto operator()(auto& context) const {
    const auto steps = ls::use(context, x);
    return block(context, steps, {steps, placed.windows()});
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

/// As many hidden layers as fit.
template <class Real, class Space>
struct DeepTargetCase : TargetCase<Real, Space> {
  DeepTargetCase(const ls::Random& random, int shape) : TargetCase<Real, Space>(random, shape) {
    this->block = typename TargetCase<Real, Space>::Block({.features = this->block.settings.features,
                                                           .hidden = {5, 17, 2, 9, 3, 8, 4, 6},
                                                           .activation = Kind::tanh,
                                                           .weights = ls::kaiming_normal(1.5)},
                                                          random);
  }
};

/// The formula of the paper, one candidate and one step at a time; the four vectors are joined.
template <class Real, class Space>
std::vector<double> by_the_paper(const TargetCase<Real, Space>& example) {
  const auto& settings = example.block.settings;
  const auto columns = static_cast<std::size_t>(settings.features);
  const auto x = naive::rows_of(ls::copy_to_host(example.x.view()), columns);
  const auto q = naive::rows_of(ls::copy_to_host(example.q.view()), columns);
  const auto candidates = static_cast<std::size_t>(example.q.extent(1));
  std::vector<naive::Layer> layers;
  const auto add = [&](const ls::Linear<Real, Space>& layer) {
    const auto bias = ls::copy_to_host(layer.bias.view());
    layers.push_back(
        {naive::rows_of(ls::copy_to_host(layer.weights.view()), static_cast<std::size_t>(layer.weights.extent(1))),
         naive::Row(bias.begin(), bias.end())});
  };
  for (const auto& layer : example.block.hidden) add(layer);
  add(example.block.output);
  std::vector<double> result;
  for (std::size_t w = 0; w < example.list.size(); ++w)
    for (std::size_t c = 0; c < candidates; ++c) {
      const WindowList one({example.list.begin[w]}, {example.list.end[w]}, example.list.steps);
      const auto z = naive::over_windows(x, one, columns, [&](const naive::Rows& steps) {
        auto scores = naive::target_scores(q[w * candidates + c], steps, layers,
                                           [&](double s) { return activation(settings.activation, s); });
        if (settings.scale)
          for (double& s : scores) s /= std::sqrt(static_cast<double>(columns));
        return naive::weighted_sum(settings.softmax ? naive::softmax(scores) : scores, steps);
      });
      result.insert(result.end(), z.begin(), z.end());
    }
  return result;
}

}  // namespace

TEST_CASE("TargetAttentionPooling: concept: models TargetPooling, for one candidate and several") {
  using Space = Kokkos::Serial;
  using Block = ls::TargetAttentionPooling<float, Space>;
  static_assert(ls::TargetPooling<Block, float, Space>);
  static_assert(ls::TargetPooling<ls::TargetAttentionPooling<double, Space>, double, Space>);
  const TargetCase<float, Space> example(ls::Random(2), 9);  // C = 3
  ls::Inference<Space> context;
  const auto z = example(context);
  CHECK(z.extent(0) == static_cast<ls::Index>(example.list.size()));
  CHECK(z.extent(1) == 3);
  CHECK(z.extent(2) == example.x.extent(1));
  ls::Tensor<float, 2, Space> rows(z.extent(0), z.extent(2));
  const auto one = example.block(context, ls::Matrix<float, Space>(rows.view()),
                                 {ls::use(context, example.x), example.placed.windows()});
  CHECK(one.extent(1) == 1);
}

TEST_CASE_TEMPLATE("TargetAttentionPooling: hand: one unit that multiplies candidate and step", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  // h = relu(q + 10 k + 100 (q - k) + 1000 q k + 7); s = 2 h - 5
  ls::TargetAttentionPooling<Real, Space> pool({.features = 1, .hidden = {1}, .activation = Kind::relu});
  ls::copy_from_host<Real>({1, 10, 100, 1000}, pool.hidden[0].weights.mutable_view());
  ls::copy_from_host<Real>({7}, pool.hidden[0].bias.mutable_view());
  ls::copy_from_host<Real>({2}, pool.output.weights.mutable_view());
  ls::copy_from_host<Real>({-5}, pool.output.bias.mutable_view());
  const PlacedWindows<Space> placed({{0, 2}, {2, 2}, 2});
  ls::Tensor<Real, 2, Space> x(2, 1);
  ls::copy_from_host<Real>({2, -1}, x.view());
  ls::Tensor<Real, 3, Space> q(2, 2, 1);
  ls::copy_from_host<Real>({1, 3, 4, 5}, q.view());
  ls::Inference<Space> context;
  const ls::Cube<Real, Space> candidates(q.view());
  const auto z = pool(context, candidates, {x.view(), placed.windows()});
  const auto a = pool.weights(context, candidates, {x.view(), placed.windows()});
  context.fence();
  // q 1: h = 1 + 20 - 100 + 2000 + 7 = 1928 and 0 (1 - 10 + 200 - 1000 + 7 < 0); q 3: 6130 and 0
  CHECK(ls::copy_to_host(a) == std::vector<Real>{3851, -5, 12255, -5});
  CHECK(ls::copy_to_host(z.data) == std::vector<Real>{7707, 24515, 0, 0});
}

TEST_CASE_TEMPLATE("TargetAttentionPooling: reference: equals the paper's formula with the four vectors joined", Where,
                   LONGSHORE_EVERYWHERE) {
  check::reference<TargetCase, typename Where::Real, typename Where::Space>(
      [](const auto& example) { return by_the_paper(example); });
}

TEST_CASE_TEMPLATE("TargetAttentionPooling: golden: output and gradients equal PyTorch's", Where,
                   LONGSHORE_EVERYWHERE) {
  check::golden<TargetCase, typename Where::Real, typename Where::Space>("pooling/target_attention_pooling");
}

TEST_CASE("TargetAttentionPooling: gradients: P1: equal central differences") {
  check::gradients<TargetCase>();
  check::gradients<OwnTargetCase>(2);
  check::gradients<DeepTargetCase>(2);
}

TEST_CASE("TargetAttentionPooling: threads: the same bits everywhere") {
  check::same_bits<TargetCase>();
  check::inference_equals_training<TargetCase>();
}

TEST_CASE("TargetAttentionPooling: edges: memory full of not-a-number changes nothing") {
  check::dirty_memory<TargetCase>();
}

TEST_CASE_TEMPLATE("TargetAttentionPooling: edges: no windows, empty windows and rows outside of windows", Where,
                   LONGSHORE_EVERYWHERE) {
  check::outside_windows<TargetCase, typename Where::Real, typename Where::Space>();
}

TEST_CASE_TEMPLATE("TargetAttentionPooling: edges: no candidates give nothing, and the gradients are zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  TargetCase<Real, Space> example(ls::Random(3), 4);
  example.q = ls::Parameter<Real, 3, Space>(static_cast<ls::Index>(example.list.size()), 0, example.x.extent(1));
  ls::Inference<Space> context;
  CHECK(example(context).extent(1) == 0);
}

TEST_CASE_TEMPLATE("TargetAttentionPooling: edges: many windows and candidates, more than a group takes, each as alone",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  TargetCase<Real, Space> example(ls::Random(4), 5);  // no windows yet
  WindowList list;
  for (ls::Index w = 0; w < 40; ++w) {
    list.begin.push_back(3 * w);
    list.end.push_back(3 * w + w % 7 * 20);
  }
  for (std::size_t w = 1; w < list.size(); ++w) list.end[w] = std::max(list.end[w], list.end[w - 1]);
  list.steps = list.end.back() + 2;
  const ls::Index features = example.block.settings.features;
  example.list = list;
  example.placed = PlacedWindows<Space>(list);
  example.x = random_input<Real, 2, Space>(ls::Random(5), list.steps, features);
  example.q = random_input<Real, 3, Space>(ls::Random(6), 40, 3, features);
  ls::Inference<Space> context;
  const auto z = example(context);
  context.fence();
  check::close(ls::copy_to_host(z.data), by_the_paper(example), 10 * tolerance<Real>);
}

TEST_CASE_TEMPLATE("TargetAttentionPooling: edges: P22: up to eight hidden layers, with the paper's values", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  using Block = ls::TargetAttentionPooling<Real, Space>;
  TargetCase<Real, Space> example(ls::Random(7), 9);  // C = 3
  const ls::Index features = example.block.settings.features;
  for (const ls::SmallList<ls::Index>& sizes :
       {ls::SmallList<ls::Index>{5, 17, 2, 9, 3, 8, 4}, ls::SmallList<ls::Index>{5, 17, 2, 9, 3, 8, 4, 6}}) {
    CAPTURE(sizes.size());
    example.block = Block({.features = features,
                           .hidden = sizes,
                           .activation = Kind::tanh,
                           .softmax = true,
                           .weights = ls::kaiming_normal(1.5)},
                          ls::Random(8));
    CHECK(example.block.hidden.size() == static_cast<std::size_t>(sizes.size()));
    ls::Inference<Space> context;
    const auto z = example(context);
    context.fence();
    check::close(ls::copy_to_host(z.data), by_the_paper(example), 10 * tolerance<Real>);
  }
  CHECK_THROWS_WITH_AS((Block({.features = features, .hidden = {5, 17, 2, 9, 3, 8, 4, 6, 7}})),
                       "TargetAttentionPooling: .hidden has 9 values, at most 8 fit", ls::ShapeError);
}

TEST_CASE("TargetAttentionPooling: refused: other features or rows, windows that do not fit, sizes and activations") {
  using Space = Kokkos::Serial;
  using Block = ls::TargetAttentionPooling<float, Space>;
  const Block pool({.features = 5});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(4, 5), narrow(4, 2), one(1, 5), two_rows(2, 5), narrow_one(1, 2);
  const PlacedWindows<Space> placed({{0}, {2}, 4});
  ls::Tensor<ls::Index, 1, Space> two(2), three(3);
  using Rows = ls::Matrix<float, Space>;
  CHECK_THROWS_WITH_AS(pool(context, Rows(two_rows.view()), {x.view(), placed.windows()}),
                       "TargetAttentionPooling: 2 rows of candidates came for 1 windows", ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool(context, Rows(narrow_one.view()), {x.view(), placed.windows()}),
                       "TargetAttentionPooling: the candidates have 2 features, the weights expect 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool(context, Rows(one.view()), {narrow.view(), placed.windows()}),
                       "TargetAttentionPooling: the steps have 2 features, the weights expect 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(pool(context, Rows(two_rows.view()),
                            {x.view(), ls::Windows<Space>(two.view(), three.view(), three.view(), 0, 0)}),
                       "TargetAttentionPooling: the windows have 2 begins and 3 ends", ls::ShapeError);
  const PlacedWindows<Space> unordered({{2, 0}, {4, 2}, 4});
  CHECK_THROWS_AS(pool(context, Rows(two_rows.view()), {x.view(), unordered.windows()}), ls::DataError);
  CHECK_THROWS_WITH_AS((Block({.features = 1 << 30})),
                       "TargetAttentionPooling: 4 times features is at least 0 and below 2^31, it is 4294967296",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.features = 0})), "TargetAttentionPooling: features is at least 1, it is 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.features = 5, .hidden = {}})),
                       "TargetAttentionPooling: at least one hidden layer is needed, none came", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.features = 5, .hidden = {4, 0}})),
                       "TargetAttentionPooling: hidden layer 1 has 0 units, at least 1 is needed", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.features = 5, .activation = Kind::silu})),
                       "TargetAttentionPooling: the activation is identity, relu, sigmoid or tanh; it is number 7",
                       ls::ShapeError);
}
