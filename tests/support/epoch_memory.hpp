// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <longshore/core/visit.hpp>
#include <longshore/factorization/interactions.hpp>

#include "count_allocations.hpp"
#include "sparse.hpp"

namespace test {

/// Bytes that an epoch of a model asks for, all of its allocations together, in percent of its parameters and the
/// interactions in both orientations: an upper bound of what it takes beside them at any time.
///
/// @param model  on a host, of as many users and items as the interactions
template <class Real, class Space, class Model>
double percent_beside(Model& model, const longshore::Interactions<Real, Space>& train) {
  const auto both = 2 * static_cast<std::size_t>(train.entries()) * (sizeof(longshore::Id) + sizeof(Real)) +
                    static_cast<std::size_t>(train.users() + train.items()) * sizeof(std::int64_t);
  std::size_t state = both;
  longshore::visit_parameters(
      model, [&](const longshore::Path&, const auto& parameter) { state += parameter.view().size() * sizeof(Real); });
  model.epoch(Space(), train, 0);  // threads start, and Kokkos makes its own room
  const std::size_t before = allocated_bytes();
  model.epoch(Space(), train, 1);
  return 100 * static_cast<double>(allocated_bytes() - before) / static_cast<double>(state);
}

}  // namespace test
