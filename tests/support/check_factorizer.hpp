// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cstring>
#include <longshore/core/copy.hpp>
#include <longshore/core/visit.hpp>
#include <map>
#include <string>
#include <vector>

#include "close.hpp"
#include "rating_case.hpp"
#include "spaces.hpp"

/// What all factorisations that are trained by epochs have in common.
namespace check {

/// The parameters of a model, by name.
template <class Real, class Model>
std::map<std::string, std::vector<Real>> parameters_of(const Model& model) {
  Kokkos::fence();
  std::map<std::string, std::vector<Real>> all;
  longshore::visit_parameters(model, [&](const longshore::Path& path, const auto& parameter) {
    all[path.text()] = longshore::copy_to_host(parameter.view());
  });
  return all;
}

template <class Real>
bool same_parameters(const std::map<std::string, std::vector<Real>>& a,
                     const std::map<std::string, std::vector<Real>>& b) {
  if (a.size() != b.size() || a.empty()) return false;
  for (const auto& [name, elements] : a) {
    const auto& others = b.at(name);
    if (elements.size() != others.size() ||
        std::memcmp(elements.data(), others.data(), elements.size() * sizeof(Real)) != 0)
      return false;
  }
  return true;
}

/// Some epochs give the same bits on Serial, on every other host space at its number of threads, twice, and when they
/// are interrupted: model and number of an epoch are the whole state. On a device the same numbers to `far`.
///
/// @param list  ratings in enough blocks that several threads have work
template <template <class, class> class Model, class Real>
void same_epochs(const auto& settings, const RatingList& list, double far) {
  namespace ls = longshore;
  constexpr int epochs = 4;
  const RatingCase<Real, Kokkos::Serial> serial(list);
  Model<Real, Kokkos::Serial> model(settings);
  const auto before = parameters_of<Real>(model);
  double objective = 0;
  for (int e = 0; e < epochs; ++e) objective = model.epoch(Kokkos::Serial(), serial.interactions, e);
  const auto expected = parameters_of<Real>(model);
  REQUIRE(!same_parameters(before, expected));
  Model<Real, Kokkos::Serial> first(settings);
  first.epoch(Kokkos::Serial(), serial.interactions, 0);
  Model<Real, Kokkos::Serial> second = first;
  for (int e = 1; e < epochs; ++e) second.epoch(Kokkos::Serial(), serial.interactions, e);
  CHECK(same_parameters(parameters_of<Real>(second), expected));
  for_every_other_space([&](auto space) {
    using Space = decltype(space);
    const RatingCase<Real, Space> other(list);
    for (int repetition = 0; repetition < 2; ++repetition) {
      Model<Real, Space> again(settings);
      double its = 0;
      for (int e = 0; e < epochs; ++e) its = again.epoch(Space(), other.interactions, e);
      const auto actual = parameters_of<Real>(again);
      if constexpr (ls::is_host_space<Space>) {
        CHECK(its == objective);
        CHECK(same_parameters(actual, expected));
      } else {
        for (const auto& [name, elements] : expected) close(actual.at(name), {elements.begin(), elements.end()}, far);
      }
    }
  });
  (void)far;
}

}  // namespace check
