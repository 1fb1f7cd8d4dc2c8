// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/fusers/vector_gate_fuser.hpp>

#include "../support/fuser_case.hpp"

namespace ls = longshore;

namespace {

constexpr int seen_features = 3;

struct Make {
  template <class Real, class Space>
  static auto inputs(const ls::Random& random, int shape) {
    FuserInputs<Real, Space> inputs(random, shape, shape % 2 == 1, 2);
    if (inputs.sees_candidates)
      inputs.candidates = random_input<Real, 3, Space>(random.stream("seen"), inputs.candidates.extent(0),
                                                       inputs.candidates.extent(1), seen_features);
    return inputs;
  }
  static ls::VectorGateFuserSettings random(const auto& inputs, int shape) {
    return {.features = inputs.features(),
            .candidate_features = inputs.sees_candidates ? seen_features : 0,
            .bias = shape % 3 != 1};
  }
  static ls::VectorGateFuserSettings golden(const auto& inputs, const Golden& golden, const std::string& name) {
    return {.features = inputs.features(),
            .candidate_features = inputs.sees_candidates ? inputs.candidates.extent(2) : 0,
            .bias = golden.has(name + "/block.gate.bias")};
  }
};
template <class Real, class Space>
using VectorGateCase = FuserCase<Real, Space, ls::VectorGateFuser, Make>;

}  // namespace

TEST_CASE_TEMPLATE("VectorGateFuser: hand: each feature has a gate of its own", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> recent(1, 2), taste(1, 2);
  ls::copy_from_host<Real>({4, 8}, recent.view());
  ls::copy_from_host<Real>({0, 4}, taste.view());
  ls::VectorGateFuser<Real, Space> fuse({.features = 2});
  ls::copy_from_host<Real>(std::vector<Real>(8, Real(0)), fuse.gate.weights.mutable_view());
  ls::copy_from_host<Real>({static_cast<Real>(std::log(3.0)), 0}, fuse.gate.bias.mutable_view());
  const ls::Matrix<Real, Space> short_term(recent.view()), long_term(taste.view());
  ls::Inference<Space> context;
  const auto y = fuse(context, {}, {short_term, long_term});
  const auto weights = fuse.weights(context, {}, {short_term, long_term});
  context.fence();
  check::close(ls::copy_to_host(y.vectors.data), {3, 6}, tolerance<Real>);
  check::close(ls::copy_to_host(weights), {0.625, 0.375}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("VectorGateFuser: reference: equals loops over users, candidates and features", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 20; ++shape) {
    CAPTURE(shape);
    const VectorGateCase<Real, Space> example(ls::Random(3), shape);
    const auto weights = ls::copy_to_host(example.block.gate.weights.view()),
               bias = ls::copy_to_host(example.block.gate.bias.view());
    check::fuser_reference<Real, Space>(example,
                                        [&](const FuserNumbers& x, std::size_t b, std::size_t c, auto& y, auto& w) {
                                          std::vector<double> seen;
                                          for (std::size_t d = 0; d < x.seen_width; ++d)
                                            seen.push_back(x.candidate(b, c, d));
                                          for (std::size_t k = 0; k < 2; ++k)
                                            for (std::size_t d = 0; d < x.widths[k]; ++d)
                                              seen.push_back(x.at(k, b, c, d));
                                          double mean = 0;
                                          for (std::size_t d = 0; d < x.widths[0]; ++d) {
                                            double logit = bias.empty() ? 0 : static_cast<double>(bias[d]);
                                            for (std::size_t i = 0; i < seen.size(); ++i)
                                              logit += static_cast<double>(weights[d * seen.size() + i]) * seen[i];
                                            const double gate = 1 / (1 + std::exp(-logit));
                                            y.push_back(gate * x.at(0, b, c, d) + (1 - gate) * x.at(1, b, c, d));
                                            mean += gate / static_cast<double>(x.widths[0]);
                                          }
                                          w.push_back(mean);
                                          w.push_back(1 - mean);
                                        });
  }
}

TEST_CASE_TEMPLATE("VectorGateFuser: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<VectorGateCase, typename Where::Real, typename Where::Space>("fusers/vector_gate_fuser");
}

TEST_CASE("VectorGateFuser: gradients: P1: equal central differences") { check::gradients<VectorGateCase>(); }

TEST_CASE("VectorGateFuser: threads: the same bits everywhere") {
  check::same_bits<VectorGateCase>(20);
  check::inference_equals_training<VectorGateCase>(20);
}

TEST_CASE_TEMPLATE("VectorGateFuser: edges: gates of 1e4 hand one interest on, and every gradient is finite", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  VectorGateCase<Real, Space> example(ls::Random(5), 0);  // one user, one feature, a bias
  ls::copy_from_host<Real>({0, 0}, example.block.gate.weights.mutable_view());
  for (const Real logit : {Real(1e4), Real(-1e4)}) {
    ls::copy_from_host<Real>({logit}, example.block.gate.bias.mutable_view());
    ls::Training<Space> context(example);
    const auto outcome = check::run<Real>(context, example);
    check::close(outcome.output,
                 {static_cast<double>(ls::copy_to_host(example.inputs.interests[logit > 0 ? 0 : 1].view())[0])}, 1e-6);
    for (const auto& [name, gradient] : outcome.gradients)
      for (const Real g : gradient) CHECK(std::isfinite(static_cast<double>(g)));
  }
}

TEST_CASE(
    "VectorGateFuser: edges: a user's embedding in the place of the candidates leaves one interest a user, as in SDM") {
  using Space = Kokkos::Serial;
  const FuserInputs<float, Space> inputs(ls::Random(1), 3, true, 2);  // (5, 1, 17) each
  ls::Inference<Space> context;
  const ls::VectorGateFuser<float, Space> fuse({.features = 17, .candidate_features = 17}, ls::Random(2));
  CHECK(inputs.call(context, [&](const auto& seen, auto list) { return fuse(context, seen, list); }).candidates() == 1);
}

TEST_CASE("VectorGateFuser: refused: other than two interests, no candidates, widths that do not fit") {
  using Space = Kokkos::Serial;
  using Block = ls::VectorGateFuser<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.features = 1 << 30, .candidate_features = 5}),
                       "VectorGateFuser: candidate_features + 2 times features is at least 0 and below 2^31, it is "
                       "2147483653",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 0}),
                       "VectorGateFuser: features is at least 1 and candidate_features at least 0, they are 0 and 0",
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
  refuses("VectorGateFuser: 3 interests came, exactly 2 are expected", x, {x, x, x});
  refuses("VectorGateFuser: the interests have 2 features, 4 are expected", x, {other, other});
  refuses("VectorGateFuser: the gate sees candidates, but none are given; pass them, or set .candidate_features = 0",
          {}, {x, x});
  refuses("VectorGateFuser: the candidates have 2 features, the gate expects 4", other, {x, x});
}

TEST_CASE("VectorGateFuser: concept: models Fuser") {
  using Space = Kokkos::Serial;
  static_assert(ls::Fuser<ls::VectorGateFuser<float, Space>, float, Space>);
  CHECK_FALSE(ls::VectorGateFuser<float, Space>().sees_candidates());
}
