// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
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
  /// Memory of all numbers: without gradients and what optimisers keep.
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

/// Prints an aligned table and the total. Where it would be wider than 80 columns, parameters stand below the part of
/// the model that they belong to and its block.
inline std::ostream& operator<<(std::ostream& out, const ModelSummary& model) {
  struct Line {
    std::string name, block, shape, numbers, bytes;
    bool is_heading = false;  // of the parameters of a part
  };
  const auto length = [](std::size_t least, const std::vector<Line>& lines, std::string Line::*cell) {
    for (const Line& line : lines)
      if (!line.is_heading) least = std::max(least, (line.*cell).size());
    return least;
  };
  const auto padded = [](const std::string& text, std::size_t to) {
    return std::string(to - std::min(to, text.size()), ' ');
  };
  std::vector<Line> lines{{"parameter", "block", "shape", "numbers", "bytes"}};
  for (const auto& row : model.rows)
    lines.push_back({row.name + (row.frozen ? " (frozen)" : ""), row.block, row.shape, std::to_string(row.parameters),
                     std::to_string(row.bytes)});
  lines.push_back({"total", "", "", std::to_string(model.parameters()), std::to_string(model.bytes())});

  std::size_t block = 2 + length(5, lines, &Line::block), name = length(9, lines, &Line::name);
  const std::size_t shape = length(5, lines, &Line::shape), numbers = length(10, lines, &Line::numbers);
  const std::size_t bytes = length(11, lines, &Line::bytes);
  if (name + block + shape + numbers + bytes + 6 > 80) {
    std::vector<Line> grouped;
    std::string part;
    for (Line& line : lines) {
      const std::size_t dot = line.name.rfind('.');
      const std::string its_part = dot == std::string::npos ? "" : line.name.substr(0, dot);
      if (!its_part.empty() && its_part != part) grouped.push_back({its_part, line.block, "", "", "", true});
      if (!its_part.empty()) line.name = "  " + line.name.substr(dot + 1);
      part = its_part;
      grouped.push_back(std::move(line));
    }
    lines = std::move(grouped);
    name = length(9, lines, &Line::name);
    block = 0;
  }
  for (const Line& line : lines) {
    if (line.is_heading) {
      out << line.name << "  " << line.block << '\n';
      continue;
    }
    out << line.name << padded(line.name, name);
    if (block > 0) out << "  " << line.block << padded(line.block, block - 2);
    out << "  " << padded(line.shape, shape) << line.shape << "  " << padded(line.numbers, numbers) << line.numbers
        << "  " << padded(line.bytes, bytes) << line.bytes << '\n';
  }
  return out;
}

}  // namespace longshore::inline LONGSHORE_ABI
