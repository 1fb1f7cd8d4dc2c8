// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/interest.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/tensor.hpp>
#include <type_traits>

namespace ls = longshore;
using Space = Kokkos::Serial;
using Interest = ls::Interest<float, Space>;

TEST_CASE("Interest: a matrix is one vector a user, and shares its elements and gradient") {
  ls::Tensor<float, 2, Space> tensor(4, 3);
  ls::Gradient gradient;
  const Interest interest = ls::Matrix<float, Space>(tensor.view(), &gradient);
  CHECK(interest);
  CHECK(interest.users() == 4);
  CHECK(interest.candidates() == 1);
  CHECK(interest.features() == 3);
  CHECK(interest.vectors.data.data() == tensor.data());
  CHECK(&interest.vectors.data(2, 0, 1) == &tensor.view()(2, 1));
  CHECK(interest.vectors.gradient == &gradient);
}

TEST_CASE("Interest: a cube is one vector a candidate") {
  ls::Tensor<float, 3, Space> tensor(4, 5, 3);
  const Interest interest = ls::Cube<float, Space>(tensor.view());
  CHECK(interest.users() == 4);
  CHECK(interest.candidates() == 5);
  CHECK(interest.features() == 3);
  CHECK(interest.vectors.data.data() == tensor.data());
}

TEST_CASE("Interest: one that is left out is false, one of an empty batch is not") {
  CHECK_FALSE(Interest{});
  ls::Tensor<float, 2, Space> nobody(0, 3);
  const Interest interest = ls::Matrix<float, Space>(nobody.view());
  CHECK(interest);
  CHECK(interest.users() == 0);
}

TEST_CASE("Interest: sequences are refused, they are to be pooled first; other scalars and spaces too") {
  static_assert(std::is_convertible_v<ls::Matrix<float, Space>, Interest>);
  static_assert(std::is_convertible_v<ls::Cube<float, Space>, Interest>);
  static_assert(!std::is_constructible_v<Interest, ls::Sequences<float, Space>>);
  static_assert(!std::is_constructible_v<Interest, ls::Matrix<double, Space>>);
  static_assert(!std::is_constructible_v<Interest, ls::Value<float, 1, Space>>);
#if defined(KOKKOS_ENABLE_OPENMP)
  static_assert(!std::is_constructible_v<Interest, ls::Matrix<float, Kokkos::OpenMP>>);
#endif
  CHECK(std::is_trivially_copyable_v<Interest>);  // backward steps capture it
}
