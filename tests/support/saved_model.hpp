// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/parameter.hpp>
#include <longshore/core/visit.hpp>

namespace test {

/// A part of a model with an array that may be absent.
template <class Real, class Space>
struct SavedPart {
  longshore::Parameter<Real, 2, Space> weights;
  longshore::Parameter<Real, 1, Space> bias;
  SavedPart() = default;
  SavedPart(int rows, int columns, bool with_bias) : weights(rows, columns), bias(with_bias ? columns : 0) {}
  void visit(auto&& visitor) {
    visitor("weights", weights);
    visitor("bias", bias);
  }
};

/// A model with all that a file has to keep apart: parts in a list, ranks 1 to 3, two element types, an empty array and
/// a frozen one. `Other` is the element type of `times`.
template <class Real, class Space, class Other = double>
struct SavedModel {
  std::vector<SavedPart<Real, Space>> tower;
  longshore::Parameter<Real, 3, Space> heads;
  longshore::Parameter<Other, 1, Space> times;

  /// @param first  added to the numbers, which are different everywhere
  explicit SavedModel(double first = 0, int columns = 3) : heads(2, 1, 2), times(2) {
    tower.emplace_back(2, columns, true);
    tower.emplace_back(1, 2, false);
    heads.frozen = true;
    double number = first;
    longshore::visit_parameters(*this, [&](const longshore::Path&, auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      std::vector<T> numbers(parameter.size());
      for (T& x : numbers) x = static_cast<T>(number += 0.25);
      longshore::copy_from_host(numbers, parameter.mutable_view());
    });
  }
  void visit(auto&& visitor) {
    visitor("tower", tower);
    visitor("heads", heads);
    visitor("times", times);
  }

  /// Everything in it, in the order of `visit`.
  std::vector<double> numbers() const {
    std::vector<double> all;
    longshore::visit_parameters(*this, [&](const longshore::Path&, const auto& parameter) {
      for (const auto x : longshore::copy_to_host(parameter.view())) all.push_back(static_cast<double>(x));
    });
    return all;
  }
};

}  // namespace test
