// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/sum_terms.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// The first term is large, the others are one: a sum in float would lose them.
template <class Real>
struct OneLarge {
  Real large;
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t i) const { return i == 0 ? large : Real(1); }
};

/// Its terms are numbers of an array, and it keeps their derivatives.
template <class Real>
struct Squares {
  const Real* x;
  Real* derivative;
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t i) const {
    derivative[i] = 2 * x[i];
    return x[i] * x[i];
  }
};

}  // namespace

TEST_CASE_TEMPLATE("sum_terms: sums any number of terms, in double", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const std::int64_t count : {0, 1, 2, 511, 512, 513, 1024, 5001}) {
    CAPTURE(count);
    ls::Tensor<Real, 1, Space> result(1);
    ls::Tensor<double, 1, Space> workspace(ls::sum_terms_workspace(count));
    CHECK(workspace.size() == static_cast<std::size_t>((count + 511) / 512));
    ls::sum_terms<Real, Space>(Space{}, count, OneLarge<Real>{Real(1 << 26)}, result.view(), workspace.view());
    const double sum = count == 0 ? 0 : static_cast<double>((1 << 26) + count - 1);
    CHECK(numbers_of(result.view())[0] == static_cast<double>(static_cast<Real>(sum)));
  }
}

TEST_CASE_TEMPLATE("sum_terms: terms may keep derivatives, which backward scales by the gradient of the loss", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto x = filled_tensor<Real, 2, Space>({1, 2, 3, 4, 5, 6}, 2, 3);
  ls::Tensor<Real, 2, Space> derivative(2, 3);
  auto result = filled_tensor<Real, 1, Space>({77}, 1);
  ls::Tensor<double, 1, Space> workspace(1);
  ls::sum_terms<Real, Space>(Space{}, 6, Squares<Real>{x.data(), derivative.data()}, result.view(), workspace.view());
  CHECK(numbers_of(result.view())[0] == 91);
  const auto dloss = filled_tensor<Real, 1, Space>({0.5}, 1);
  auto dx = filled_tensor<Real, 2, Space>(std::vector<Real>(6, Real(100)), 2, 3);
  const auto scale = [&](ls::Target<Real, 2, Space> target) {
    ls::scale_derivative<Real, 2, Space>(Space{}, derivative.view(), dloss.view(), target);
  };
  scale({dx.view(), ls::Update::add});
  CHECK(numbers_of(dx.view()) == std::vector<double>{101, 102, 103, 104, 105, 106});
  scale({dx.view(), ls::Update::write});
  CHECK(numbers_of(dx.view()) == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK_NOTHROW(scale({}));
}

TEST_CASE("sum_terms: equal bits on every space and number of threads, and twice") {
  const auto run = [](auto space) {
    using Space = decltype(space);
    const auto x = random_tensor<float, 1, Space>(ls::Random(4), 20000);
    ls::Tensor<float, 1, Space> derivative(20000), result(1);
    ls::Tensor<double, 1, Space> workspace(ls::sum_terms_workspace(20000));
    const Squares<float> terms{x.data(), derivative.data()};
    ls::sum_terms<float, Space>(space, 20000, terms, result.view(), workspace.view());
    return numbers_of(result.view())[0];
  };
  const double serial = run(Kokkos::Serial{});
  CHECK(serial == doctest::Approx(20000.0 / 3).epsilon(0.02));
  for_every_other_space([&](auto space) {
    if constexpr (ls::is_host_space<decltype(space)>)
      CHECK(run(space) == serial);
    else
      CHECK(run(space) == doctest::Approx(serial).epsilon(1e-6));
    CHECK(run(space) == run(space));
  });
}
