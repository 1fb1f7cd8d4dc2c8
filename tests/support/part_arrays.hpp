// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <longshore/core/tensor.hpp>
#include <longshore/kernels/parts.hpp>

/// Arrays for kernels that take several parts, and arrays of the same shapes for their gradients.
template <class Real, class Space>
struct PartArrays {
  std::vector<longshore::Tensor<Real, 3, Space>> values, gradients;
  int users, candidates;

  PartArrays(int its_users, int its_candidates) : users(its_users), candidates(its_candidates) {}

  /// Appends a part with these numbers.
  PartArrays& add(int part_users, int part_candidates, int features, const std::vector<Real>& numbers) {
    values.emplace_back(part_users, part_candidates, features);
    longshore::copy_from_host(numbers, values.back().view());
    gradients.emplace_back(part_users, part_candidates, features);
    return *this;
  }

  longshore::Parts<const Real> parts() const {
    longshore::Parts<const Real> result;
    result.count = static_cast<int>(values.size());
    result.users = users;
    result.candidates = candidates;
    for (std::size_t k = 0; k < values.size(); ++k) result.part[k] = longshore::part_of(values[k].view());
    return result;
  }

  /// Targets for the parts whose bit is set in `wanted`, which hold `start` before; they add where the bit of `adding` is set.
  longshore::PartTargets<Real> targets(unsigned wanted, unsigned adding, Real start) {
    longshore::PartTargets<Real> result;
    result.adding = adding;
    for (std::size_t k = 0; k < gradients.size(); ++k) {
      longshore::copy_from_host(std::vector<Real>(gradients[k].size(), start), gradients[k].view());
      if ((wanted >> k & 1u) != 0) result.data[k] = gradients[k].data();
    }
    return result;
  }

  std::vector<Real> gradient(std::size_t k) const {
    Kokkos::fence();
    return longshore::copy_to_host(gradients[k].view());
  }
};

/// A tensor with these numbers.
template <class Real, int Rank, class Space, class... Extents>
longshore::Tensor<Real, Rank, Space> tensor_of(const std::vector<Real>& numbers, Extents... extents) {
  longshore::Tensor<Real, Rank, Space> tensor(extents...);
  longshore::copy_from_host(numbers, tensor.view());
  return tensor;
}

/// Its numbers, when everything launched is done.
template <class Tensor>
auto numbers_of(const Tensor& tensor) {
  Kokkos::fence();
  return longshore::copy_to_host(tensor.view());
}
