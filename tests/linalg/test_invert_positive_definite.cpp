// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/invert_positive_definite.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// M Mᵀ / n + I for a random M; what lies above the diagonal is left out.
template <class Real, class Space>
ls::Tensor<Real, 2, Space> lower_of(std::size_t size, std::vector<double>& whole) {
  const auto extent = static_cast<ls::Index>(size);
  const auto m = numbers_of(random_tensor<Real, 2, Space>(ls::Random(1), extent, extent).view());
  whole.assign(size * size, 0);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t k = 0; k < size; ++k) whole[i * size + j] += m[i * size + k] * m[j * size + k];
      whole[i * size + j] =
          static_cast<double>(static_cast<Real>(whole[i * size + j] / static_cast<double>(size) + (i == j ? 1 : 0)));
      whole[j * size + i] = whole[i * size + j];
    }
  std::vector<Real> lower(whole.begin(), whole.end());
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = i + 1; j < size; ++j) lower[i * size + j] = 77;
  return filled_tensor<Real, 2, Space>(lower, extent, extent);
}

}  // namespace

TEST_CASE_TEMPLATE("invert_positive_definite: the product with the matrix is one, for one tile and several", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const std::size_t size : std::array<std::size_t, 5>{1, 5, 192, 193, 401}) {
    CAPTURE(size);
    const auto inverted = [size](auto space) {
      using On = decltype(space);
      std::vector<double> whole;
      auto a = lower_of<Real, On>(size, whole);
      ls::Tensor<Real, 1, On> workspace(ls::invert_positive_definite_workspace(static_cast<ls::Index>(size)));
      CHECK(ls::invert_positive_definite<Real, On>(space, a.view(), workspace.view()) == -1);
      return numbers_of(a.view());
    };
    std::vector<double> whole;
    lower_of<Real, Space>(size, whole);
    auto a = inverted(Space());
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = i + 1; j < size; ++j) a[i * size + j] = a[j * size + i];
    std::vector<double> product(size * size), one(size * size);
    for (std::size_t i = 0; i < size; ++i) {
      one[i * size + i] = 1;
      for (std::size_t k = 0; k < size; ++k)
        for (std::size_t j = 0; j < size; ++j) product[i * size + j] -= whole[i * size + k] * a[k * size + j];
    }
    check::close(product, one, 10 * tolerance<Real>);
    if constexpr (ls::is_host_space<Space>)
      if (size > 192) CHECK(inverted(Space()) == inverted(Kokkos::Serial()));
  }
}

TEST_CASE_TEMPLATE("invert_positive_definite: names the first row that makes a matrix singular, in a later tile too",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto failed = [](ls::Index size, const std::vector<Real>& elements) {
    auto a = filled_tensor<Real, 2, Space>(elements, size, size);
    ls::Tensor<Real, 1, Space> workspace(ls::invert_positive_definite_workspace(size));
    return ls::invert_positive_definite<Real, Space>(Space(), a.view(), workspace.view());
  };
  CHECK(failed(2, {4, 0, 2, 1}) == 1);  // twice the same column
  CHECK(failed(2, {1, 0, 2, 1}) == 1);  // not positive definite
  CHECK(failed(2, {0, 0, 0, 1}) == 0);
  CHECK(failed(0, {}) == -1);
  std::vector<double> whole;
  auto a = lower_of<Real, Space>(300, whole);
  std::vector<Real> elements(whole.begin(), whole.end());
  for (std::size_t j = 0; j < 300; ++j) elements[250 * 300 + j] = elements[10 * 300 + j];
  for (std::size_t i = 0; i < 300; ++i) elements[i * 300 + 250] = elements[i * 300 + 10];
  elements[250 * 300 + 250] = elements[10 * 300 + 10];
  CHECK(failed(300, elements) == 250);
  ls::Tensor<Real, 2, Space> wide(2, 3);
  ls::Tensor<Real, 1, Space> none;
  CHECK_THROWS_WITH_AS((ls::invert_positive_definite<Real, Space>(Space(), wide.view(), none.view())),
                       "invert_positive_definite: the matrix has 2 rows and 3 columns", ls::ShapeError);
}
