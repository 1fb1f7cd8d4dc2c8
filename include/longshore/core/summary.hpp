// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <longshore/core/visit.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a model is made of: one row a parameter. Print it: `std::cout << summary(model)`.
struct ModelSummary {
  struct Row {
    std::string name, block, shape;
    std::size_t parameters = 0, bytes = 0;
    bool frozen = false;
  };
  std::vector<Row> rows;

  /// All numbers that training may change, and those that are frozen.
  std::size_t parameters() const {
    std::size_t sum = 0;
    for (const Row& row : rows) sum += row.parameters;
    return sum;
  }
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Row& row : rows) sum += row.bytes;
    return sum;
  }
};

/// Lists the parameters of a model: name, block, shape, count, bytes.
///
/// Cost: O(parameters) of the model, not their numbers.
template <class Model>
ModelSummary summary(const Model& model) {
  ModelSummary result;
  visit_parameters(model, [&](const Path& path, const auto& parameter) {
    using Type = std::remove_cvref_t<decltype(parameter)>;
    ModelSummary::Row row;
    row.name = path.text();
    row.block = std::string(path.block);
    for (int r = 0; r < Type::rank; ++r) row.shape += (r ? " x " : "") + std::to_string(parameter.extent(r));
    row.parameters = parameter.size();
    row.bytes = parameter.size() * sizeof(typename Type::value_type);
    row.frozen = parameter.frozen;
    result.rows.push_back(row);
  });
  return result;
}

/// Prints an aligned table and the total.
inline std::ostream& operator<<(std::ostream& out, const ModelSummary& model) {
  std::size_t name = 9, block = 5, shape = 5;
  for (const auto& row : model.rows) {
    name = std::max(name, row.name.size() + (row.frozen ? 9 : 0));
    block = std::max(block, row.block.size());
    shape = std::max(shape, row.shape.size());
  }
  const auto left = [](std::string text, std::size_t width) {
    return text.append(width - std::min(width, text.size()), ' ');
  };
  const auto right = [](const std::string& text, std::size_t width) {
    return std::string(width - std::min(width, text.size()), ' ') + text;
  };
  const auto line = [&](const std::string& a, const std::string& b, const std::string& c, const std::string& d,
                        const std::string& e) {
    out << left(a, name) << "  " << left(b, block) << "  " << right(c, shape) << "  " << right(d, 10) << "  "
        << right(e, 11) << '\n';
  };
  line("parameter", "block", "shape", "numbers", "bytes");
  for (const auto& row : model.rows)
    line(row.name + (row.frozen ? " (frozen)" : ""), row.block, row.shape, std::to_string(row.parameters),
         std::to_string(row.bytes));
  line("total", "", "", std::to_string(model.parameters()), std::to_string(model.bytes()));
  return out;
}

}  // namespace longshore::inline LONGSHORE_ABI
