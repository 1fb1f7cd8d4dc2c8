// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <longshore/core/copy.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/training.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// What tests of update rules share: a model of nothing but parameters, and gradients that are handed to the optimiser.
namespace rules {

namespace ls = longshore;

/// A matrix and a vector with gradients for all of them, and a table with gradients for touched rows.
template <class Real, class Space>
struct Model {
  ls::Parameter<Real, 2, Space> matrix;
  ls::Parameter<Real, 1, Space> vector;
  ls::Parameter<Real, 2, Space> table;  // row-sparse

  Model(int rows, int columns, int length, int items, int features)
      : matrix(rows, columns), vector(length), table(items, features) {
    table.gradient_kind = ls::GradientKind::row_sparse;
  }
  void visit(auto&& visitor) {
    visitor("matrix", matrix);
    visitor("vector", vector);
    visitor("table", table);
  }
};

/// The numbers of a model, or of its moments, by name.
using Numbers = std::map<std::string, std::vector<double>>;

/// The gradients of one step. Rows of ids that repeat are meant to be summed.
struct Gradients {
  std::vector<double> matrix, vector;
  std::vector<ls::Id> ids;
  std::vector<double> rows;
};

/// Hands gradients to a context, as backward does; an empty list: the loss does not reach the parameter. The rows are
/// given by two uses of the table.
template <class Real, class Space, class Context>
void give(Context& context, const Model<Real, Space>& model, const Gradients& gradients) {
  context.reset();
  const auto dense = [&](const auto& parameter, const std::vector<double>& numbers) {
    if (numbers.empty()) return;
    const auto target = context.gradient_to(parameter);
    ls::copy_from_host(std::vector<Real>(numbers.begin(), numbers.end()), target.view);
  };
  dense(model.matrix, gradients.matrix);
  dense(model.vector, gradients.vector);
  const std::size_t count = gradients.ids.size(), half = count / 2;
  const auto features = static_cast<std::size_t>(model.table.extent(1));
  for (const auto& [from, to] : {std::pair{std::size_t{0}, half}, std::pair{half, count}}) {
    const auto ids = ls::scratch<ls::Id>(context, to - from);
    const auto rows = ls::scratch<Real>(context, to - from, features);
    const auto at = [&](std::size_t place) { return static_cast<std::ptrdiff_t>(place); };
    ls::copy_from_host(std::vector<ls::Id>(gradients.ids.begin() + at(from), gradients.ids.begin() + at(to)), ids);
    ls::copy_from_host(
        std::vector<Real>(gradients.rows.begin() + at(from * features), gradients.rows.begin() + at(to * features)),
        rows);
    context.add_rows(model.table, ls::View<const ls::Id, 1, Space>(ids), ls::View<const Real, 2, Space>(rows));
  }
}

inline std::size_t whole(int i) { return static_cast<std::size_t>(i); }

/// Random numbers of order one.
inline std::vector<double> draw(const ls::Random& random, std::size_t count) {
  std::vector<double> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = random.normal<double>(i);
  return result;
}

template <class Real, class Space>
void assign(Model<Real, Space>& model, const Numbers& numbers) {
  ls::visit_parameters(model, [&](const ls::Path& path, auto& parameter) {
    const auto& wide = numbers.at(path.text());
    ls::copy_from_host(std::vector<Real>(wide.begin(), wide.end()), parameter.mutable_view());
  });
}

template <class Real, class Space>
Numbers numbers_of(const Model<Real, Space>& model) {
  Kokkos::fence();
  Numbers result;
  ls::visit_parameters(model, [&](const ls::Path& path, const auto& parameter) {
    const auto elements = ls::copy_to_host(parameter.view());
    result[path.text()] = {elements.begin(), elements.end()};
  });
  return result;
}

/// The moments of every parameter, by "<parameter>.moment1" and so on.
template <class Optimizer, class Model>
Numbers moments_of(Optimizer& optimizer, const Model& model) {
  Kokkos::fence();
  Numbers result;
  optimizer.visit_moments(model, [&](const std::string& name, const auto& moment) {
    const auto elements = ls::copy_to_host(moment);
    result[name] = {elements.begin(), elements.end()};
  });
  return result;
}

/// Gradients of a step for a model, with rows that repeat.
template <class Real, class Space>
Gradients random_gradients(const Model<Real, Space>& model, const ls::Random& random, int rows) {
  Gradients result{draw(random.stream("matrix"), model.matrix.size()),
                   draw(random.stream("vector"), model.vector.size()), std::vector<ls::Id>(whole(rows)),
                   draw(random.stream("rows"), whole(rows * model.table.extent(1)))};
  for (int i = 0; i < rows; ++i)
    result.ids[whole(i)] = i % 3 == 0 ? 0 : static_cast<ls::Id>(random.below(whole(i), whole(model.table.extent(0))));
  return result;
}

template <class Real, class Space>
void randomise(Model<Real, Space>& model, const ls::Random& random) {
  assign(model, {{"matrix", draw(random.stream("m"), model.matrix.size())},
                 {"vector", draw(random.stream("v"), model.vector.size())},
                 {"table", draw(random.stream("t"), model.table.size())}});
}

}  // namespace rules
