// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/layers/mix_interests.hpp>

#include "../support/check_block.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct MixCase {
  ls::Parameter<Real, 3, Space> one, each, weights;  // (B, 1, D), (B, C, D), (B, C, 2)

  MixCase(const ls::Random& random, int shape) {
    constexpr int sizes[][3] = {{1, 1, 1}, {3, 4, 5}, {5, 2, 33}, {0, 3, 4}, {2, 7, 1}};
    const auto s = extents_of(sizes, random, shape);
    one = random_input<Real, 3, Space>(random.stream("one"), s[0], 1, s[2]);
    each = random_input<Real, 3, Space>(random.stream("each"), s[0], s[1], s[2]);
    weights = random_input<Real, 3, Space>(random.stream("weights"), s[0], s[1], 2);
  }
  auto operator()(auto& context) const {
    const ls::InterestList<Real, Space> list("MixCase", {ls::use(context, one), ls::use(context, each)});
    return ls::mix_interests<Real, Space>(context, list, ls::use(context, weights)).vectors;
  }
  void visit(auto&& visitor) {
    visitor("one", one);
    visitor("each", each);
    visitor("weights", weights);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("mix_interests: adds up what each counts, for one user with two candidates", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto one = tensor_of<Real, 3, Space>({1, 2}, 1, 1, 2), each = tensor_of<Real, 3, Space>({10, 20, 30, 40}, 1, 2, 2),
       weights = tensor_of<Real, 3, Space>({1, 2, -1, 0.5}, 1, 2, 2);
  ls::Inference<Space> context;
  const ls::InterestList<Real, Space> list("Here",
                                           {ls::Cube<Real, Space>(one.view()), ls::Cube<Real, Space>(each.view())});
  const auto y = ls::mix_interests<Real, Space>(context, list, weights.view()).vectors;
  context.fence();
  CHECK(ls::copy_to_host(y.data) == std::vector<Real>{21, 42, 14, 18});
}

TEST_CASE("mix_interests: gradients equal central differences") { check::gradients<MixCase>(); }

TEST_CASE("mix_interests: the same bits everywhere") {
  check::same_bits<MixCase>(5);
  check::inference_equals_training<MixCase>(5);
}

TEST_CASE("mix_interests: refuses weights of another shape") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 2), each(3, 4, 2), weights(3, 1, 2);
  const ls::InterestList<float, Space> list("Here",
                                            {ls::Cube<float, Space>(one.view()), ls::Cube<float, Space>(each.view())});
  CHECK_THROWS_WITH_AS((ls::mix_interests<float, Space>(context, list, weights.view())),
                       "mix_interests: the weights are (3, 1, 2), expected are (3, 4, 2)", ls::ShapeError);
}

TEST_CASE("mix_interests: refuses interests that are not alike: of one user for all, or of other features") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> three(3, 1, 2), one(1, 1, 2), narrow(3, 1, 1), weights(3, 1, 2);
  const auto mix = [&](ls::Tensor<float, 3, Space>& other) {
    const ls::InterestList<float, Space> list(
        "Here", {ls::Cube<float, Space>(three.view()), ls::Cube<float, Space>(other.view())});
    ls::mix_interests<float, Space>(context, list, weights.view());
  };
  CHECK_NOTHROW(mix(three));
  CHECK_THROWS_WITH_AS(mix(one), "mix_interests: interest 2 has 1 users and 2 features, expected are 3 and 2",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(mix(narrow), "mix_interests: interest 2 has 3 users and 1 features, expected are 3 and 2",
                       ls::ShapeError);
}
