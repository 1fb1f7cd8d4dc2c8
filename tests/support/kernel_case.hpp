// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <longshore/core/random.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/core/value.hpp>
#include <vector>

#include "spaces.hpp"

/// A tensor of numbers in [-1, 1), for kernels that are called alone.
template <class Real, int Rank, class Space, class... Extents>
longshore::Tensor<Real, Rank, Space> random_tensor(const longshore::Random& random, Extents... extents) {
  longshore::Tensor<Real, Rank, Space> tensor(extents...);
  std::vector<Real> elements(tensor.size());
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = Real(2) * random.uniform<Real>(i) - Real(1);
  longshore::copy_from_host(elements, tensor.view());
  return tensor;
}

/// A tensor with given elements.
template <class Real, int Rank, class Space, class... Extents>
longshore::Tensor<Real, Rank, Space> filled_tensor(const std::vector<Real>& elements, Extents... extents) {
  longshore::Tensor<Real, Rank, Space> tensor(extents...);
  longshore::copy_from_host(elements, tensor.view());
  return tensor;
}

/// The elements of an array, in double, once everything that was launched is done.
template <class T, int Rank, class Space>
std::vector<double> numbers_of(const longshore::View<T, Rank, Space>& view) {
  Kokkos::fence();
  const auto elements = longshore::copy_to_host(view);
  return {elements.begin(), elements.end()};
}
