// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <longshore/core/scratch.hpp>
#include <longshore/core/training.hpp>
#include <longshore/optimizers/optimizer.hpp>
#include <map>
#include <string>
#include <vector>

#include "golden.hpp"
#include "spaces.hpp"

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

/// The largest difference, relative to the largest expected number or to 1.
inline double distance(const std::vector<double>& actual, const std::vector<double>& expected) {
  REQUIRE(actual.size() == expected.size());
  double largest = 1, worst = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    REQUIRE(std::isfinite(actual[i]));
    largest = std::max(largest, std::abs(expected[i]));
    worst = std::max(worst, std::abs(actual[i] - expected[i]));
  }
  return worst / largest;
}

/// Compares what has a name with what `expected(name)` gives.
template <class Expected>
void close(const Numbers& actual, const Expected& expected, double most) {
  for (const auto& entry : actual) {
    CAPTURE(entry.first);
    CHECK(distance(entry.second, expected(entry.first)) <= most);
  }
}

/// After one step, and after many: in double both are exact to rounding.
template <class Real>
inline constexpr double after_one = std::is_same_v<Real, float> ? 1e-5 : 1e-10;
template <class Real>
inline constexpr double after_many = std::is_same_v<Real, float> ? 1e-4 : 1e-10;

/// Compares 20 steps with PyTorch's, after 1, 7 and 20 of them.
///
/// @param file  "optimizers/adam"
/// @param make  gives the rule of a case: `make([](name) { return a setting; })`
template <class Real, class Space, class Make>
void golden(const std::string& file, const Make& make) {
  const Golden values(file);
  CHECK(values.cases().size() >= 5);
  for (const std::string& name : values.cases()) {
    CAPTURE(name);
    const auto extent = [&](const std::string& of, std::size_t r) { return values.shape(name + "/start/" + of)[r]; };
    Model<Real, Space> model(extent("matrix", 0), extent("matrix", 1), extent("vector", 0), extent("table", 0),
                             extent("table", 1));
    Numbers start;
    for (const std::string part : {"matrix", "vector", "table"}) start[part] = values.numbers(name + "/start/" + part);
    assign(model, start);
    const auto rule = make([&](const std::string& setting) { return values.numbers(name + "/" + setting).at(0); });
    ls::Optimizer<std::remove_cvref_t<decltype(rule)>, Space> optimizer(model, rule);
    ls::Training<Space> context(model);
    const auto of_step = [&](const std::vector<double>& all, int step) {
      const auto size = static_cast<std::ptrdiff_t>(all.size() / 20);
      return std::vector<double>(all.begin() + size * step, all.begin() + size * (step + 1));
    };
    const auto matrix = values.numbers(name + "/gradients/matrix"), vector = values.numbers(name + "/gradients/vector");
    const auto rows = values.numbers(name + "/rows");
    const auto ids = values.integers(name + "/ids");
    const std::vector<double> wide_ids(ids.begin(), ids.end());
    for (int step = 0; step < 20; ++step) {
      const auto ids_now = of_step(wide_ids, step);
      give(context, model,
           {of_step(matrix, step), of_step(vector, step), {ids_now.begin(), ids_now.end()}, of_step(rows, step)});
      optimizer.step(model, context);
      const std::string after = name + "/after_" + std::to_string(step + 1) + "/";
      if (!values.has(after + "matrix")) continue;
      CAPTURE(step);
      close(
          numbers_of(model), [&](const std::string& part) { return values.numbers(after + part); },
          step == 0 ? after_one<Real> : after_many<Real>);
    }
    CHECK(optimizer.steps() == 20);
  }
}

/// One number as an update rule of the literature treats it: `update(w, g, m, v, t, row_sparse)`, t counted from 1.
///
/// Compares with it, over arrays of more than one chunk of the kernels, rows that repeat hundreds of times, rows that
/// are never touched, and steps that do not reach a parameter.
template <class Real, class Space, class Rule, class Update>
void reference(const Rule& rule, const Update& update) {
  const int shapes[][5] = {{1, 1, 1, 1, 1}, {3, 5, 7, 9, 3}, {40, 131, 4097, 50, 17}, {2, 8, 4096, 7, 64}};
  for (const auto& shape : shapes) {
    CAPTURE(shape[0]);
    const int items = shape[3], features = shape[4];
    Model<Real, Space> model(shape[0], shape[1], shape[2], items, features);
    Numbers expected, first, second;
    std::map<std::string, int> counts;
    std::uint32_t stream = 0;
    const auto fill = [&](const char* part, int size) {
      expected[part] = draw(ls::Random(11).stream(stream++), whole(size));
      for (double& x : expected[part]) x = static_cast<double>(static_cast<Real>(x));
      first[part] = second[part] = std::vector<double>(expected[part].size(), 0.0);
    };
    fill("matrix", shape[0] * shape[1]);
    fill("vector", shape[2]);
    fill("table", items * features);
    assign(model, expected);
    ls::Optimizer<Rule, Space> optimizer(model, rule);
    ls::Training<Space> context(model);
    double squares = 0;  // of all gradients of a step
    const auto apply = [&](const std::string& part, const std::vector<double>& gradient, std::size_t from,
                           bool row_sparse) {
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        update(expected[part][from + i], gradient[i], first[part][from + i], second[part][from + i], counts[part],
               row_sparse);
        squares += gradient[i] * gradient[i];
      }
    };
    for (int step = 0; step < 6; ++step) {
      const ls::Random random = ls::Random(12).at(static_cast<std::uint64_t>(step)).stream(stream);
      Gradients gradients;
      gradients.matrix = draw(random.stream("matrix"), expected["matrix"].size());
      if (step != 3) gradients.vector = draw(random.stream("vector"), expected["vector"].size());
      // Half of the rows belong to id 0, as a popular item's do; odd ids are never touched.
      const int rows = step == 4 ? 0 : 1 + 60 * step;
      for (int i = 0; i < rows; ++i)
        gradients.ids.push_back(i % 2 == 0 ? 0
                                           : 2 * static_cast<ls::Id>(random.below(whole(i), whole((items + 1) / 2))));
      gradients.rows = draw(random.stream("rows"), whole(rows * features));
      give(context, model, gradients);
      optimizer.step(model, context);
      context.fence();
      for (const auto& [part, gradient] : {std::pair{"matrix", &gradients.matrix}, {"vector", &gradients.vector}}) {
        if (gradient->empty()) continue;
        ++counts[part];
        apply(part, *gradient, 0, false);
      }
      counts["table"] += rows > 0;
      for (int item = 0; rows > 0 && item < items; ++item) {
        std::vector<double> sum(whole(features), 0.0);
        bool touched = false;
        for (std::size_t i = 0; i < gradients.ids.size(); ++i) {
          if (gradients.ids[i] != item) continue;
          touched = true;
          for (std::size_t d = 0; d < sum.size(); ++d)
            sum[d] += static_cast<double>(static_cast<Real>(gradients.rows[i * sum.size() + d]));
        }
        if (touched) apply("table", sum, whole(item * features), true);
      }
      CHECK(optimizer.status().norm == doctest::Approx(std::sqrt(squares)).epsilon(after_one<Real>));
      squares = 0;
    }
    CHECK(optimizer.status().bad == -1);
    close(
        numbers_of(model), [&](const std::string& part) { return expected[part]; }, 10 * after_many<Real>);
    const auto moment = [&](const std::string& name) {
      return (name.back() == '1' ? first : second)[name.substr(0, name.find('.'))];
    };
    close(moments_of(optimizer, model), moment, 10 * after_many<Real>);
    const auto counted = optimizer.counts();
    CHECK(counted == std::vector<std::int64_t>{6, 5, 5});
  }
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

/// Empty parameters, single numbers, rows that are never touched or twice, steps that reach nothing, extreme gradients.
template <class Real, class Space, class Rule>
void edges(const Rule& rule) {
  {  // Parameters without elements are no parameters.
    Model<Real, Space> model(0, 3, 0, 0, 2);
    ls::Optimizer<Rule, Space> optimizer(model, rule);
    ls::Training<Space> context(model);
    optimizer.step(model, context);
    optimizer.check();
    CHECK(optimizer.counts().empty());
    CHECK(optimizer.status().norm == 0);
  }
  Model<Real, Space> model(1, 1, 1, 4, 3);
  randomise(model, ls::Random(3));
  const Numbers before = numbers_of(model);
  ls::Optimizer<Rule, Space> optimizer(model, rule);
  ls::Training<Space> context(model);
  // A loss that reaches nothing.
  give(context, model, {});
  optimizer.step(model, context);
  optimizer.check();
  CHECK(numbers_of(model) == before);
  CHECK(optimizer.counts() == std::vector<std::int64_t>{0, 0, 0});
  CHECK(optimizer.steps() == 1);
  // Rows 0 and 2 of four, one of them in two places: the others keep their bits, and their moments stay 0.
  for (int step = 0; step < 3; ++step) {
    give(context, model, {{0.5}, {-2}, {2, 0, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9}});
    optimizer.step(model, context);
  }
  optimizer.check();
  const Numbers after = numbers_of(model);
  for (std::size_t d = 0; d < 3; ++d) {
    CHECK(after.at("table")[d] != before.at("table")[d]);
    CHECK(after.at("table")[6 + d] != before.at("table")[6 + d]);
    for (const std::size_t untouched : {3 + d, 9 + d}) {
      CHECK(after.at("table")[untouched] == before.at("table")[untouched]);
      for (const auto& [name, moments] : moments_of(optimizer, model))
        if (name.starts_with("table")) CHECK(moments[untouched] == 0);
    }
  }
  // A row that is touched twice moves as one with the sum.
  Model<Real, Space> other(1, 1, 1, 4, 3);
  assign(other, before);
  ls::Optimizer<Rule, Space> summed(other, rule);
  ls::Training<Space> context_of_other(other);
  for (int step = 0; step < 3; ++step) {
    give(context_of_other, other, {{0.5}, {-2}, {0, 2}, {4, 5, 6, 8, 10, 12}});
    summed.step(other, context_of_other);
  }
  CHECK(numbers_of(other) == after);
  // Gradients that are zero, tiny or huge leave numbers.
  for (const double size : {0.0, 1e-300, 1e-30, 1e15}) {
    CAPTURE(size);
    give(context, model, {{size}, {-size}, {1}, {size, -size, 0}});
    optimizer.step(model, context);
    optimizer.check();
    for (const auto& [part, numbers] : numbers_of(model))
      for (const double x : numbers) CHECK(std::isfinite(x));
  }
}

/// Twelve steps with schedule and clipping give the same bits on Serial, on every other host space at its number of
/// threads, with the `Inline` executor, and twice in a row; on a device the same numbers to rounding.
template <class Real, class Rule>
void same_bits(const Rule& rule) {
  const auto run = [&]<class Space, class Executor>(const Space&, const Executor& executor) {
    Model<Real, Space> model(30, 300, 4100, 60, 20);
    randomise(model, ls::Random(5));
    ls::Optimizer<Rule, Space> optimizer(
        model, rule, {.clip_norm = 3, .schedule = {.kind = ls::Schedule::Kind::exponential, .decay = 0.9}});
    ls::Training<Space, Executor> context(model, ls::Random(0), executor);
    for (int step = 0; step < 12; ++step) {
      give(context, model, random_gradients(model, ls::Random(6).at(whole(step)), 100 * step));
      optimizer.step(model, context);
    }
    context.fence();
    optimizer.check();
    Numbers result = numbers_of(model);
    result.merge(moments_of(optimizer, model));
    result["norm"] = {optimizer.status().norm};
    return result;
  };
  const Numbers serial = run(Kokkos::Serial{}, Kokkos::Serial{});
  CHECK(run(Kokkos::Serial{}, ls::Inline{}) == serial);
  for_every_other_space([&](auto space) {
    for (int repetition = 0; repetition < 2; ++repetition) {
      const Numbers other = run(space, space);
      if constexpr (ls::is_host_space<decltype(space)>)
        CHECK(other == serial);
      else
        for (const auto& [part, numbers] : serial) CHECK(distance(other.at(part), numbers) <= after_many<Real>);
    }
  });
}

/// What a rule answers to a setting out of range, itself and when an optimiser is made from it.
template <class Rule>
void refused(const Rule& rule, const std::string& sentence) {
  CAPTURE(sentence);
  Model<float, Kokkos::Serial> model(2, 2, 2, 2, 2);
  CHECK_THROWS_WITH_AS(rule.check(), sentence.c_str(), ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::Optimizer<Rule, Kokkos::Serial>(model, rule)), sentence.c_str(), ls::ShapeError);
}

}  // namespace rules
