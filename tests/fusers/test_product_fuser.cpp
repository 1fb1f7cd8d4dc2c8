// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/fusers/product_fuser.hpp>

#include "../support/fuser_case.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using ProductCase = FuserCase<Real, Space, ls::ProductFuser, MakePlain<ls::ProductFuserSettings>>;

}  // namespace

TEST_CASE_TEMPLATE("ProductFuser: hand: a taste for both candidates times an intent for each", Where,
                   LONGSHORE_EVERYWHERE) {
  check::taste_and_intent<ls::ProductFuser, typename Where::Real, typename Where::Space>(
      {2, -1}, {3, 4, 0, 5}, {6, -4, 0, -5}, {0.5, 0.5, 0.5, 0.5});
}

TEST_CASE_TEMPLATE("ProductFuser: reference: equals loops over users, candidates and interests", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < FuserInputs<Real, Space>::shapes; ++shape)
    check::fuser_reference<Real, Space>(ProductCase<Real, Space>(ls::Random(3), shape),
                                        [](const FuserNumbers& x, std::size_t b, std::size_t c, auto& y, auto& w) {
                                          for (std::size_t d = 0; d < x.widths[0]; ++d) {
                                            double product = 1;
                                            for (std::size_t k = 0; k < x.parts; ++k) product *= x.at(k, b, c, d);
                                            y.push_back(product);
                                          }
                                          for (std::size_t k = 0; k < x.parts; ++k)
                                            w.push_back(1 / static_cast<double>(x.parts));
                                        });
}

TEST_CASE_TEMPLATE("ProductFuser: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<ProductCase, typename Where::Real, typename Where::Space>("fusers/product_fuser");
}

TEST_CASE("ProductFuser: gradients: P1: equal central differences") { check::gradients<ProductCase>(); }

TEST_CASE("ProductFuser: threads: the same bits everywhere") {
  check::same_bits<ProductCase>(10);
  check::inference_equals_training<ProductCase>(10);
}

TEST_CASE_TEMPLATE(
    "ProductFuser: edges: a factor of zero leaves the others' gradients finite; x times x has gradient 2 x", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  FuserInputs<Real, Space> inputs(ls::Random(1), 3, false, 3);  // (5, 1, 17)
  ls::initialise(inputs.interests[0], ls::constant(0), ls::Random(0));
  ls::initialise(inputs.interests[1], ls::constant(2), ls::Random(0));
  ls::initialise(inputs.interests[2], ls::constant(3), ls::Random(0));
  ls::Training<Space> context(inputs);
  const ls::ProductFuser<Real, Space> fuse;
  ls::Tensor<Real, 3, Space> ones(5, 1, 17);
  ls::copy_from_host(std::vector<Real>(5 * 17, Real(1)), ones.view());
  const auto gradient = [&](std::size_t k) { return ls::copy_to_host(context.gradient_of(inputs.interests[k]).dense); };

  const auto y = inputs.call(context, [&](const auto& seen, auto list) { return fuse(context, seen, list); });
  context.backward(y.vectors, std::as_const(ones).view());
  CHECK(gradient(0) == std::vector<Real>(5 * 17, Real(6)));
  CHECK(gradient(1) == std::vector<Real>(5 * 17, Real(0)));

  context.reset();
  const auto x = ls::use(context, inputs.interests[2]);
  context.backward(fuse(context, {}, {x, x}).vectors, std::as_const(ones).view());
  CHECK(gradient(2) == std::vector<Real>(5 * 17, Real(6)));
}

TEST_CASE("ProductFuser: refused: interests of different widths") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> one(3, 1, 4), narrow(3, 1, 2);
  using Cube = ls::Cube<float, Space>;
  CHECK_THROWS_WITH_AS(
      (ls::ProductFuser<float, Space>()(context, {}, {Cube(one.view()), Cube(narrow.view())})),
      "ProductFuser: interest 2 has 2 features, interest 1 has 4; a Linear before the fuser makes them equal",
      ls::ShapeError);
}

TEST_CASE("ProductFuser: concept: models Fuser") {
  using Space = Kokkos::Serial;
  static_assert(ls::Fuser<ls::ProductFuser<float, Space>, float, Space>);
  CHECK_FALSE(ls::ProductFuser<float, Space>().sees_candidates());
}
