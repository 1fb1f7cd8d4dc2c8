// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/fusers/mean_fuser.hpp>

#include "../support/fuser_case.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using MeanCase = FuserCase<Real, Space, ls::MeanFuser, MakePlain<ls::MeanFuserSettings>>;

}  // namespace

TEST_CASE_TEMPLATE("MeanFuser: hand: one interest for both candidates, one for each", Where, LONGSHORE_EVERYWHERE) {
  check::taste_and_intent<ls::MeanFuser, typename Where::Real, typename Where::Space>(
      {2, 4}, {0, 0, 6, -4}, {1, 2, 4, 0}, {0.5, 0.5, 0.5, 0.5});
}

TEST_CASE_TEMPLATE("MeanFuser: reference: equals loops over users, candidates and interests", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < FuserInputs<Real, Space>::shapes; ++shape)
    check::fuser_reference<Real, Space>(MeanCase<Real, Space>(ls::Random(3), shape),
                                        [](const FuserNumbers& x, std::size_t b, std::size_t c, auto& y, auto& w) {
                                          for (std::size_t d = 0; d < x.widths[0]; ++d) {
                                            double sum = 0;
                                            for (std::size_t k = 0; k < x.parts; ++k) sum += x.at(k, b, c, d);
                                            y.push_back(sum / static_cast<double>(x.parts));
                                          }
                                          for (std::size_t k = 0; k < x.parts; ++k)
                                            w.push_back(1 / static_cast<double>(x.parts));
                                        });
}

TEST_CASE_TEMPLATE("MeanFuser: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<MeanCase, typename Where::Real, typename Where::Space>("fusers/mean_fuser");
}

TEST_CASE("MeanFuser: gradients: P1: equal central differences") { check::gradients<MeanCase>(); }

TEST_CASE("MeanFuser: threads: the same bits everywhere") {
  check::same_bits<MeanCase>(10);
  check::inference_equals_training<MeanCase>(10);
}

TEST_CASE("MeanFuser: edges: an interest given twice collects both gradients, large numbers stay finite") {
  using Space = Kokkos::Serial;
  const FuserInputs<double, Space> inputs(ls::Random(1), 3, false, 1);  // one interest (5, 1, 17)
  ls::Training<Space> context(inputs);
  const ls::MeanFuser<double, Space> fuse;
  const auto x = ls::use(context, inputs.interests[0]);
  const auto y = fuse(context, {}, {x, x});
  const auto cotangent = check::random_cotangent<double>(5 * 17);
  context.backward(y.vectors, ls::View<const double, 3, Space>(cotangent.data(), 5, 1, 17));
  CHECK(ls::copy_to_host(context.gradient_of(inputs.interests[0]).dense) == cotangent);

  ls::Inference<Space> inference;
  const std::vector<float> big{1e38f, -1e38f};
  ls::Tensor<float, 2, Space> large(1, 2);
  ls::copy_from_host(big, large.view());
  const ls::MeanFuser<float, Space> mean;
  const ls::Matrix<float, Space> value(large.view());
  const auto kept = ls::copy_to_host(mean(inference, {}, {value, value}).vectors.data);
  CHECK(kept == big);
}

TEST_CASE("MeanFuser: refused: interests whose users, candidates or features do not fit, none, an empty one") {
  using Space = Kokkos::Serial;
  const ls::MeanFuser<float, Space> fuse;
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), fewer(2, 1, 4), single(1, 1, 4), narrow(3, 1, 2), two(3, 2, 4),
      five(3, 5, 4);
  using Cube = ls::Cube<float, Space>;
  const auto refuses = [&](const char* text, std::initializer_list<ls::Interest<float, Space>> interests) {
    CHECK_THROWS_WITH_AS(fuse(context, {}, interests), text, ls::ShapeError);
    CHECK_THROWS_WITH_AS(fuse.weights(context, {}, interests), text, ls::ShapeError);
  };
  refuses("MeanFuser: interest 2 has 2 users, those before it 3", {Cube(one.view()), Cube(fewer.view())});
  refuses("MeanFuser: interest 2 has 1 users, interest 1 has 3", {Cube(one.view()), Cube(single.view())});
  refuses("MeanFuser: interest 2 has 2 features, interest 1 has 4; a Linear before the fuser makes them equal",
          {Cube(one.view()), Cube(narrow.view())});
  refuses("MeanFuser: interest 3 has 5 vectors a user, those before it 2",
          {Cube(two.view()), Cube(one.view()), Cube(five.view())});
  refuses("MeanFuser: interest 2 is empty; leave it out of the list", {Cube(one.view()), {}});
  refuses("MeanFuser: 0 interests came, 1 to 8 are taken", {});
  const Cube x(one.view());
  refuses("MeanFuser: 9 interests came, 1 to 8 are taken", {x, x, x, x, x, x, x, x, x});
}

TEST_CASE("MeanFuser: concept: models Fuser") {
  using Space = Kokkos::Serial;
  static_assert(ls::Fuser<ls::MeanFuser<float, Space>, float, Space>);
  CHECK_FALSE(ls::MeanFuser<float, Space>().sees_candidates());
}
