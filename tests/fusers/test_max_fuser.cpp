// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/fusers/max_fuser.hpp>

#include "../support/fuser_case.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using MaxCase = FuserCase<Real, Space, ls::MaxFuser, MakePlain<ls::MaxFuserSettings>>;

}  // namespace

TEST_CASE_TEMPLATE("MaxFuser: hand: the greater number of each feature, and the share that each interest won", Where,
                   LONGSHORE_EVERYWHERE) {
  check::taste_and_intent<ls::MaxFuser, typename Where::Real, typename Where::Space>(
      {2, 4, -1, 0}, {1, 5, -1, 3, 0, 0, -2, -1}, {2, 5, -1, 3, 2, 4, -1, 0}, {0.5, 0.5, 1, 0});
}

TEST_CASE_TEMPLATE("MaxFuser: reference: equals loops over users, candidates and interests", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < FuserInputs<Real, Space>::shapes; ++shape)
    check::fuser_reference<Real, Space>(MaxCase<Real, Space>(ls::Random(3), shape),
                                        [](const FuserNumbers& x, std::size_t b, std::size_t c, auto& y, auto& w) {
                                          std::vector<double> won(x.parts, 0.0);
                                          for (std::size_t d = 0; d < x.widths[0]; ++d) {
                                            std::size_t best = 0;
                                            for (std::size_t k = 1; k < x.parts; ++k)
                                              if (x.at(k, b, c, d) > x.at(best, b, c, d)) best = k;
                                            y.push_back(x.at(best, b, c, d));
                                            won[best] += 1 / static_cast<double>(x.widths[0]);
                                          }
                                          w.insert(w.end(), won.begin(), won.end());
                                        });
}

TEST_CASE_TEMPLATE("MaxFuser: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<MaxCase, typename Where::Real, typename Where::Space>("fusers/max_fuser");
}

TEST_CASE("MaxFuser: gradients: P1: equal central differences") { check::gradients<MaxCase>(); }

TEST_CASE("MaxFuser: threads: the same bits everywhere") {
  check::same_bits<MaxCase>(10);
  check::inference_equals_training<MaxCase>(10);
}

TEST_CASE_TEMPLATE("MaxFuser: edges: of equal numbers the first takes the gradient, with two interests and with four",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int count : {2, 4}) {
    FuserInputs<Real, Space> inputs(ls::Random(1), 3, false, count);  // (5, 1, 17)
    for (auto& interest : inputs.interests) ls::initialise(interest, ls::constant(0.5), ls::Random(0));
    ls::Training<Space> context(inputs);
    const ls::MaxFuser<Real, Space> fuse;
    const auto y = inputs.call(context, [&](const auto& seen, auto list) { return fuse(context, seen, list); });
    ls::Tensor<Real, 3, Space> cotangent(5, 1, 17);
    const auto given = check::random_cotangent<Real>(5 * 17);
    ls::copy_from_host(given, cotangent.view());
    context.backward(y.vectors, std::as_const(cotangent).view());
    CHECK(ls::copy_to_host(context.gradient_of(inputs.interests[0]).dense) == given);
    for (std::size_t k = 1; k < inputs.interests.size(); ++k)
      CHECK(ls::copy_to_host(context.gradient_of(inputs.interests[k]).dense) ==
            std::vector<Real>(given.size(), Real(0)));
  }
}

TEST_CASE("MaxFuser: edges: not-a-number is not hidden, whichever interest has it") {
  using Space = Kokkos::Serial;
  ls::Tensor<float, 2, Space> first(1, 2), second(1, 2);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  ls::copy_from_host<float>({nan, 1}, first.view());
  ls::copy_from_host<float>({1, nan}, second.view());
  ls::Inference<Space> context;
  const ls::Matrix<float, Space> a(first.view()), b(second.view());
  for (const float y : ls::copy_to_host(ls::MaxFuser<float, Space>()(context, {}, {a, b}).vectors.data))
    CHECK(std::isnan(y));
}

TEST_CASE("MaxFuser: refused: interests of different widths") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), narrow(3, 1, 2);
  using Cube = ls::Cube<float, Space>;
  CHECK_THROWS_WITH_AS(
      (ls::MaxFuser<float, Space>()(context, {}, {Cube(one.view()), Cube(narrow.view())})),
      "MaxFuser: interest 2 has 2 features, interest 1 has 4; a Linear before the fuser makes them equal",
      ls::ShapeError);
}

TEST_CASE("MaxFuser: concept: models Fuser") {
  using Space = Kokkos::Serial;
  static_assert(ls::Fuser<ls::MaxFuser<float, Space>, float, Space>);
  CHECK_FALSE(ls::MaxFuser<float, Space>().sees_candidates());
}
