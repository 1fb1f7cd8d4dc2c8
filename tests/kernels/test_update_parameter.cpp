// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/update_parameter.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/kernels/for_each_piece.hpp>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// w becomes w + g, and the moments count: whole numbers, so that all is exact.
struct AddUp {
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(Number& w, Number g, Number& m, Number& v) const {
    w += g;
    m += g;
    v += g + g;
  }
};

template <class Real, class Space>
ls::Tensor<Real, 1, Space> counting(int size, Real factor) {
  std::vector<Real> numbers;
  for (int i = 0; i < size; ++i) numbers.push_back(factor * static_cast<Real>(i % 1000));
  return filled_tensor<Real, 1, Space>(numbers, size);
}

template <class Space>
ls::Tensor<ls::GradientStatus, 1, Space> status_of(const ls::GradientStatus& status) {
  ls::Tensor<ls::GradientStatus, 1, Space> result(1);
  ls::copy_from_host(std::vector<ls::GradientStatus>{status}, result.view());
  return result;
}

}  // namespace

TEST_CASE_TEMPLATE(
    "update_parameter: every number of every array is updated once, scaled, with the moments that there are", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int size : {1, 3, 8, 17, 4095, 4096, 4097, 9000})
    for (const int moments : {0, 1, 2}) {
      CAPTURE(size);
      CAPTURE(moments);
      auto weights = counting<Real, Space>(size, 1), other = counting<Real, Space>(5, 1);
      const auto gradient = counting<Real, Space>(size, 4);
      auto first = counting<Real, Space>(size, 100), second = counting<Real, Space>(size, 1000);
      using Piece = ls::UpdatePiece<Real, AddUp>;
      const std::vector<Piece> pieces{{{}, 5, other.data(), gradient.data(), nullptr, nullptr},
                                      {{},
                                       size,
                                       weights.data(),
                                       gradient.data(),
                                       moments > 0 ? first.data() : nullptr,
                                       moments > 1 ? second.data() : nullptr}};
      const auto status = status_of<Space>({.scale = 0.5});
      if (size >= 5)  // else the first piece would read past the gradient
        ls::for_each_piece<Space>(Space{}, std::span(pieces), ls::UpdateDense<Real, AddUp>{status.data()});
      else
        ls::for_each_piece<Space>(Space{}, std::span(pieces).subspan(1), ls::UpdateDense<Real, AddUp>{status.data()});
      const auto w = numbers_of(weights.view()), m = numbers_of(first.view()), v = numbers_of(second.view());
      for (std::size_t i = 0; i < w.size(); ++i) {
        const auto x = static_cast<double>(i % 1000);
        REQUIRE(w[i] == 3 * x);
        REQUIRE(m[i] == (moments > 0 ? 102 : 100) * x);
        REQUIRE(v[i] == (moments > 1 ? 1004 : 1000) * x);
      }
      if (size >= 5) CHECK(numbers_of(other.view()) == std::vector<double>{0, 3, 6, 9, 12});
    }
}

TEST_CASE_TEMPLATE("update_parameter: rows of sorted ids are updated once each, the others keep their numbers", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int features : {1, 5, 16, 33}) {
    CAPTURE(features);
    // Ids 1 and 3 of five, 40 and 30 places: the second begins in the middle of a chunk of places.
    std::vector<ls::Id> ids(40, 1);
    ids.insert(ids.end(), 30, 3);
    const auto sorted = filled_tensor<ls::Id, 1, Space>(ids, 70);
    std::vector<Real> numbers(static_cast<std::size_t>(70 * features), Real(-1000));  // only first places are read
    for (int d = 0; d < features; ++d) {
      numbers[static_cast<std::size_t>(d)] = static_cast<Real>(d + 1);
      numbers[static_cast<std::size_t>(40 * features + d)] = static_cast<Real>(10 * d);
    }
    const auto sums = filled_tensor<Real, 1, Space>(numbers, 70 * features);
    auto weights = counting<Real, Space>(5 * features, 1), first = counting<Real, Space>(5 * features, 2);
    const auto status = status_of<Space>({.scale = 2});
    ls::for_each_team<Space>(
        Space{}, ls::row_chunks(70),
        ls::UpdateRows<Real, AddUp>{
            {}, 70, features, sorted.data(), sums.data(), weights.data(), first.data(), nullptr, status.data()});
    const auto w = numbers_of(weights.view()), m = numbers_of(first.view());
    for (int i = 0; i < 5 * features; ++i) {
      const int row = i / features, d = i % features;
      const int g = row == 1 ? 2 * (d + 1) : row == 3 ? 20 * d : 0;
      REQUIRE(w[static_cast<std::size_t>(i)] == i + g);
      REQUIRE(m[static_cast<std::size_t>(i)] == 2 * i + g);
    }
  }
}

TEST_CASE_TEMPLATE("update_parameter: a refused step changes nothing", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto weights = counting<Real, Space>(10, 1);
  const auto gradient = counting<Real, Space>(10, 1), before = weights;
  const auto sorted = filled_tensor<ls::Id, 1, Space>({0, 1}, 2);
  const auto status = status_of<Space>({.bad = 0});
  const std::vector<ls::UpdatePiece<Real, AddUp>> pieces{{{}, 10, weights.data(), gradient.data(), nullptr, nullptr}};
  ls::for_each_piece<Space>(Space{}, std::span(pieces), ls::UpdateDense<Real, AddUp>{status.data()});
  ls::for_each_team<Space>(
      Space{}, 1,
      ls::UpdateRows<Real, AddUp>{
          {}, 2, 5, sorted.data(), gradient.data(), weights.data(), nullptr, nullptr, status.data()});
  CHECK(numbers_of(weights.view()) == numbers_of(before.view()));
}
