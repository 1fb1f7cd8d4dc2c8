// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "inputs.hpp"

/// Who had to do with what, from the tensors `offsets`, `columns` and `values`.
class Train {
 public:
  Train(const Inputs& inputs, ls::Index items) {
    const auto columns = inputs.list<std::int64_t>("columns");
    matrix_ = ls::SparseMatrix<Real, Space>(inputs.list<std::int64_t>("offsets"),
                                            std::vector<ls::Id>(columns.begin(), columns.end()),
                                            inputs.list<Real>("values"), items);
    interactions_.emplace(matrix_.rows());
  }
  const ls::Interactions<Real, Space>& operator*() const { return *interactions_; }
  const ls::Interactions<Real, Space>* operator->() const { return &*interactions_; }

  /// Of both orientations.
  std::int64_t bytes() const {
    const std::int64_t entries = interactions_->entries() * std::int64_t{sizeof(ls::Id) + sizeof(Real)};
    const std::int64_t rows = std::int64_t{interactions_->users()} + interactions_->items() + 2;
    return 2 * entries + rows * std::int64_t{sizeof(std::int64_t)};
  }

 private:
  ls::SparseMatrix<Real, Space> matrix_;
  std::optional<ls::Interactions<Real, Space>> interactions_;
};

/// Of all parameters of a model.
template <class Model>
std::int64_t parameter_bytes(Model& model) {
  std::int64_t sum = 0;
  ls::visit_parameters(model, [&](const ls::Path&, const auto& parameter) {
    sum += static_cast<std::int64_t>(parameter.view().size() * sizeof(Real));
  });
  return sum;
}
