// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/fusers/gate_fuser.hpp>

#include "../support/fuser_case.hpp"

namespace ls = longshore;

namespace {

constexpr int seen_features = 3;

struct Make {
  template <class Real, class Space>
  static auto inputs(const ls::Random& random, int shape) {
    FuserInputs<Real, Space> inputs(random, shape, shape % 2 == 1, shape % 10 == 9 ? 2 : 0);
    if (inputs.sees_candidates)
      inputs.candidates = random_input<Real, 3, Space>(random.stream("seen"), inputs.candidates.extent(0),
                                                       inputs.candidates.extent(1), seen_features);
    return inputs;
  }
  static ls::GateFuserSettings random(const auto& inputs, int shape) {
    const ls::SmallList<ls::Index> hidden[] = {{}, {7}, {4, 5}};
    return {.features = inputs.features(),
            .candidate_features = inputs.sees_candidates ? seen_features : 0,
            .interests = static_cast<int>(inputs.interests.size()),
            .hidden = hidden[shape % 3],
            .activation = ls::ActivationKind::tanh};  // no kink
  }
  static ls::GateFuserSettings golden(const auto& inputs, const Golden& golden, const std::string& name) {
    ls::GateFuserSettings settings{.features = inputs.features(),
                                   .candidate_features = inputs.sees_candidates ? inputs.candidates.extent(2) : 0,
                                   .interests = static_cast<int>(inputs.interests.size()),
                                   .hidden = {}};
    const auto bias = [&](int layer) { return name + "/block.gate.layers." + std::to_string(layer) + ".bias"; };
    for (int layer = 0; golden.has(bias(layer + 1)); ++layer) settings.hidden.add(golden.shape(bias(layer))[0]);
    return settings;
  }
};
template <class Real, class Space>
using GateCase = FuserCase<Real, Space, ls::GateFuser, Make>;

}  // namespace

TEST_CASE_TEMPLATE("GateFuser: hand: a linear gate that looks at the candidate only", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> taste(1, 2), intent(1, 2);
  ls::Tensor<Real, 3, Space> candidates(1, 2, 1);
  ls::copy_from_host<Real>({4, 0}, taste.view());
  ls::copy_from_host<Real>({0, 8}, intent.view());
  ls::copy_from_host<Real>({static_cast<Real>(std::log(3.0)), 0}, candidates.view());
  ls::GateFuser<Real, Space> fuse({.features = 2, .candidate_features = 1, .hidden = {}});
  ls::copy_from_host<Real>({1, 0, 0, 0, 0}, fuse.gate.layers[0].weights.mutable_view());
  ls::copy_from_host<Real>({0}, fuse.gate.layers[0].bias.mutable_view());
  const ls::Matrix<Real, Space> long_term(taste.view()), short_term(intent.view());
  const ls::Cube<Real, Space> seen(candidates.view());
  ls::Inference<Space> context;
  const auto y = fuse(context, seen, {long_term, short_term});
  const auto weights = fuse.weights(context, seen, {long_term, short_term});
  context.fence();
  CHECK(fuse.sees_candidates());
  check::close(ls::copy_to_host(weights), {0.75, 0.25, 0.5, 0.5}, tolerance<Real>);
  check::close(ls::copy_to_host(y.vectors.data), {3, 2, 2, 4}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("GateFuser: reference: equals loops over users, candidates and interests", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 20; ++shape) {
    CAPTURE(shape);
    const GateCase<Real, Space> example(ls::Random(3), shape);
    check::fuser_reference<Real, Space>(
        example, [&](const FuserNumbers& x, std::size_t b, std::size_t c, auto& y, auto& w) {
          std::vector<double> seen;
          for (std::size_t d = 0; d < x.seen_width; ++d) seen.push_back(x.candidate(b, c, d));
          for (std::size_t k = 0; k < x.parts; ++k)
            for (std::size_t d = 0; d < x.widths[k]; ++d) seen.push_back(x.at(k, b, c, d));
          for (std::size_t l = 0; l < example.block.gate.layers.size(); ++l) {
            const auto weights = ls::copy_to_host(example.block.gate.layers[l].weights.view()),
                       bias = ls::copy_to_host(example.block.gate.layers[l].bias.view());
            std::vector<double> next;
            for (std::size_t o = 0; o < bias.size(); ++o) {
              double sum = static_cast<double>(bias[o]);
              for (std::size_t i = 0; i < seen.size(); ++i)
                sum += static_cast<double>(weights[o * seen.size() + i]) * seen[i];
              next.push_back(l + 1 < example.block.gate.layers.size() ? std::tanh(sum) : sum);
            }
            seen = next;
          }
          seen.push_back(0);
          double total = 0;
          for (double& logit : seen) total += logit = std::exp(logit);
          for (double& weight : seen) weight /= total;
          for (std::size_t d = 0; d < x.widths[0]; ++d) {
            double mixed = 0;
            for (std::size_t k = 0; k < x.parts; ++k) mixed += seen[k] * x.at(k, b, c, d);
            y.push_back(mixed);
          }
          w.insert(w.end(), seen.begin(), seen.end());
        });
  }
}

TEST_CASE_TEMPLATE("GateFuser: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<GateCase, typename Where::Real, typename Where::Space>("fusers/gate_fuser");
}

TEST_CASE("GateFuser: gradients: P1: equal central differences") { check::gradients<GateCase>(); }

TEST_CASE("GateFuser: threads: the same bits everywhere") {
  check::same_bits<GateCase>(20);
  check::inference_equals_training<GateCase>(20);
}

TEST_CASE_TEMPLATE("GateFuser: edges: a gate wide open or shut hands one interest on, and every gradient is finite",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  GateCase<Real, Space> example(ls::Random(5), 0);  // a linear gate, one user, one feature
  ls::copy_from_host<Real>({0, 0}, example.block.gate.layers[0].weights.mutable_view());
  for (const Real logit : {Real(1e4), Real(-1e4)}) {
    ls::copy_from_host<Real>({logit}, example.block.gate.layers[0].bias.mutable_view());
    ls::Training<Space> context(example);
    const auto outcome = check::run<Real>(context, example);
    CHECK(outcome.output == ls::copy_to_host(example.inputs.interests[logit > 0 ? 0 : 1].view()));
    for (const auto& [name, gradient] : outcome.gradients)
      for (const Real g : gradient) CHECK(std::isfinite(static_cast<double>(g)));
  }
}

TEST_CASE("GateFuser: edges: without candidates the interest stays one for all, which retrieval needs") {
  using Space = Kokkos::Serial;
  const FuserInputs<float, Space> inputs(ls::Random(1), 3, false);
  ls::Inference<Space> context;
  const ls::GateFuser<float, Space> fuse({.features = 17}, ls::Random(2));
  const auto y = inputs.call(context, [&](const auto& seen, auto list) { return fuse(context, seen, list); });
  CHECK_FALSE(fuse.sees_candidates());
  CHECK(y.candidates() == 1);
}

TEST_CASE("GateFuser: edges: P22: a gate blends two to eight interests, and has up to seven hidden layers") {
  using Space = Kokkos::Serial;
  using Block = ls::GateFuser<float, Space>;
  const auto gate = [](int interests) { return Block({.features = 4, .interests = interests, .hidden = {}}); };
  for (const int fitting : {2, 3, 7, 8}) CHECK(gate(fitting).settings.interests == fitting);
  CHECK_THROWS_WITH_AS(gate(1), "GateFuser: a gate blends 2 to 8 interests, not 1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(gate(9), "GateFuser: a gate blends 2 to 8 interests, not 9", ls::ShapeError);
  CHECK(Block({.features = 4, .hidden = {1, 2, 3, 4, 5, 6}}).gate.layers.size() == 7);
  CHECK(Block({.features = 4, .hidden = {1, 2, 3, 4, 5, 6, 7}}).gate.layers.size() == 8);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .hidden = {1, 2, 3, 4, 5, 6, 7, 8}}),
                       "GateFuser: .hidden has 8 values, at most 7 fit", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .hidden = {1, 2, 3, 4, 5, 6, 7, 8, 9}}),
                       "GateFuser: .hidden has 9 values, at most 7 fit", ls::ShapeError);
}

TEST_CASE("GateFuser: refused: one or three interests for a gate of two, no candidates, widths that do not fit") {
  using Space = Kokkos::Serial;
  using Block = ls::GateFuser<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.features = 0}),
                       "GateFuser: features is at least 1 and candidate_features at least 0, they are 0 and 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .interests = 1}), "GateFuser: a gate blends 2 to 8 interests, not 1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 1 << 30, .candidate_features = 5}),
                       "GateFuser: candidate_features + interests times features is at least 0 and below 2^31, it is "
                       "2147483653",
                       ls::ShapeError);
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), narrow(3, 1, 2);
  const ls::Cube<float, Space> x(one.view()), other(narrow.view());
  const Block block({.features = 4, .candidate_features = 4});
  const auto refuses = [&](const char* text, const ls::Interest<float, Space>& candidates,
                           std::initializer_list<ls::Interest<float, Space>> interests) {
    CHECK_THROWS_WITH_AS(block(context, candidates, interests), text, ls::ShapeError);
    CHECK_THROWS_WITH_AS(block.weights(context, candidates, interests), text, ls::ShapeError);
  };
  refuses("GateFuser: 1 interest came, exactly 2 are expected", x, {x});
  refuses("GateFuser: 3 interests came, exactly 2 are expected", x, {x, x, x});
  refuses("GateFuser: the interests have 2 features, 4 are expected", x, {other, other});
  refuses("GateFuser: the gate sees candidates, but none are given; pass them, or set .candidate_features = 0", {},
          {x, x});
  refuses("GateFuser: the candidates have 2 features, the gate expects 4", other, {x, x});
}

TEST_CASE("GateFuser: concept: models Fuser") {
  using Space = Kokkos::Serial;
  static_assert(ls::Fuser<ls::GateFuser<float, Space>, float, Space>);
  CHECK_FALSE(ls::GateFuser<float, Space>().sees_candidates());
}
