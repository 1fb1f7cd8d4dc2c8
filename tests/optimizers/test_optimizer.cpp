// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/optimizer.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/sgd.hpp>

#include "../support/count_allocations.hpp"
#include "../support/planted.hpp"

namespace ls = longshore;
using rules::Gradients, rules::Numbers;

namespace {

using Serial = Kokkos::Serial;
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Parameters of two precisions.
struct Mixed {
  ls::Parameter<float, 1, Serial> narrow{3};
  ls::Parameter<double, 1, Serial> wide{2};
  void visit(auto&& visitor) {
    visitor("narrow", narrow);
    visitor("wide", wide);
  }
};

template <class Real = double, class Space = Serial>
rules::Model<Real, Space> random_model(int length = 5) {
  rules::Model<Real, Space> model(3, 4, length, 6, 3);
  rules::randomise(model, ls::Random(21));
  return model;
}

}  // namespace

TEST_CASE_TEMPLATE("Optimizer: golden: clipping by the norm of all gradients and parameter groups equal PyTorch's",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Golden values("optimizers/optimizer");
  CHECK(values.cases().size() >= 5);
  for (const std::string& name : values.cases()) {
    CAPTURE(name);
    rules::Model<Real, Space> model(values.shape(name + "/start/matrix")[0], 4, values.shape(name + "/start/vector")[0],
                                    5, 2);
    Numbers start;
    for (const std::string part : {"matrix", "vector", "table"}) start[part] = values.numbers(name + "/start/" + part);
    rules::assign(model, start);
    ls::Optimizer<ls::Sgd, Space> optimizer(
        model, {.rate = 0.1},
        {.clip_norm = values.numbers(name + "/limit")[0],
         .groups = {{.pattern = "matrix", .rate = 0.3}, {.pattern = "v*", .weight_decay = 0.1}}});
    ls::Training<Space> context(model);
    const auto of_step = [&](const auto& all, std::size_t step) {
      const auto size = static_cast<std::ptrdiff_t>(all.size() / 5), from = size * static_cast<std::ptrdiff_t>(step);
      return std::vector(all.begin() + from, all.begin() + from + size);
    };
    const auto matrix = values.numbers(name + "/gradients/matrix"), vector = values.numbers(name + "/gradients/vector");
    const auto rows = values.numbers(name + "/rows"), norms = values.numbers(name + "/norms");
    const auto ids = values.integers(name + "/ids");
    for (std::size_t step = 0; step < 5; ++step) {
      const auto ids_now = of_step(ids, step);
      Gradients gradients{of_step(matrix, step), of_step(vector, step), {}, of_step(rows, step)};
      for (const auto id : ids_now) gradients.ids.push_back(static_cast<ls::Id>(id));
      rules::give(context, model, gradients);
      optimizer.step(model, context);
      context.fence();
      CHECK(optimizer.status().norm == doctest::Approx(norms[step]).epsilon(rules::after_one<Real>));
    }
    const auto after = [&](const std::string& part) { return values.numbers(name + "/after_5/" + part); };
    rules::close(rules::numbers_of(model), after, rules::after_one<Real>);
  }
}

TEST_CASE("Optimizer: the norm is that of all gradients together, before clipping, in double") {
  auto model = random_model<float>();
  const Numbers before = rules::numbers_of(model);
  ls::Optimizer<ls::Sgd, Serial> optimizer(model, {.rate = 1}, {.clip_norm = 2.5});
  ls::Training<Serial> context(model);
  // Rows 3 and -3 of one id leave nothing: 3² + 4² = 5².
  rules::give(context, model, {{3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {}, {4, 1, 4}, {3, 0, 0, 0, 4, 0, -3, 0, 0}});
  optimizer.step(model, context);
  CHECK(optimizer.status().norm == 5);
  CHECK(optimizer.status().scale == doctest::Approx(0.5));
  const Numbers after = rules::numbers_of(model);
  CHECK(after.at("matrix")[0] - before.at("matrix")[0] == doctest::Approx(-1.5));
  CHECK(after.at("table")[4] - before.at("table")[4] == doctest::Approx(-2));
  CHECK(after.at("table")[12] == before.at("table")[12]);
  CHECK(after.at("vector") == before.at("vector"));
  // A small one is left alone.
  rules::give(context, model, {{}, {0.3, 0.4, 0, 0, 0}, {}, {}});
  optimizer.step(model, context);
  CHECK(optimizer.status().norm == doctest::Approx(0.5));
  CHECK(optimizer.status().scale == 1);
}

TEST_CASE("Optimizer: a rate follows its schedule, a group's too") {
  auto model = random_model();
  const Numbers before = rules::numbers_of(model);
  ls::Optimizer<ls::Sgd, Serial> optimizer(
      model, {.rate = 0.5},
      {.schedule = {.kind = ls::Schedule::Kind::step, .step_every = 2, .decay = 0.5},
       .groups = {{.pattern = "vector", .rate = 2}}});
  ls::Training<Serial> context(model);
  for (int step = 0; step < 5; ++step) {
    rules::give(context, model, {std::vector<double>(12, 1), std::vector<double>(5, 1), {}, {}});
    optimizer.step(model, context);
  }
  const double sum = 1 + 1 + 0.5 + 0.5 + 0.25;
  CHECK(rules::numbers_of(model).at("matrix")[7] == doctest::Approx(before.at("matrix")[7] - 0.5 * sum));
  CHECK(rules::numbers_of(model).at("vector")[4] == doctest::Approx(before.at("vector")[4] - 2 * sum));
  CHECK(optimizer.rate(0) == 0.5);
  CHECK(optimizer.rate(4) == 0.125);
}

TEST_CASE("Optimizer: frozen parameters have no gradient, no moments and keep their bits") {
  auto model = random_model();
  model.vector.frozen = true;
  const Numbers before = rules::numbers_of(model);
  ls::Optimizer<ls::Adam, Serial> optimizer(model, {}, {.groups = {{.pattern = "table", .frozen = true}}});
  CHECK_FALSE(model.table.frozen);  // by the group: for this optimiser only
  CHECK(optimizer.left_out() == std::vector<bool>{false, false, true});
  ls::Training<Serial> context(model, ls::Random(0), Serial(), optimizer.left_out());
  CHECK_FALSE(context.trains(model.table));
  CHECK_FALSE(context.trains(model.vector));
  rules::give(context, model, {std::vector<double>(12, 1), {}, {1}, {1, 1, 1}});
  optimizer.step(model, context);
  const Numbers after = rules::numbers_of(model), moments = rules::moments_of(optimizer, model);
  CHECK(after.at("table") == before.at("table"));
  CHECK(after.at("vector") == before.at("vector"));
  CHECK(after.at("matrix") != before.at("matrix"));
  CHECK(moments.size() == 2);
  CHECK(moments.count("matrix.moment1") == 1);
  CHECK(moments.count("matrix.moment2") == 1);
  CHECK(optimizer.counts() == std::vector<std::int64_t>{1, 0, 0});
}

TEST_CASE("Optimizer: a frozen group ends with its optimiser; gradients that a context makes nevertheless count not") {
  auto model = random_model(), other = model;
  const Gradients gradients = rules::random_gradients(model, ls::Random(3), 4);
  const auto step = [&](auto& of, const std::vector<ls::ParameterGroup>& groups, bool told) {
    ls::Optimizer<ls::Adam, Serial> optimizer(of, {}, {.clip_norm = 1, .groups = groups});
    ls::Training<Serial> context(of, ls::Random(0), Serial(), told ? optimizer.left_out() : std::vector<bool>());
    rules::give(context, of, gradients);
    optimizer.step(of, context);
    return optimizer.status().norm;
  };
  const Numbers before = rules::numbers_of(model);
  const double norm = step(model, {{.pattern = "table", .frozen = true}}, true);
  CHECK(step(other, {{.pattern = "table", .frozen = true}}, false) == norm);
  CHECK(rules::numbers_of(other) == rules::numbers_of(model));
  CHECK(rules::numbers_of(model).at("table") == before.at("table"));
  CHECK(rules::numbers_of(model).at("matrix") != before.at("matrix"));
  CHECK(step(model, {}, true) > norm);
  CHECK(rules::numbers_of(model).at("table") != before.at("table"));
}

TEST_CASE_TEMPLATE("P12: a gradient or loss that is not finite is refused and named, and nothing is changed", Where,
                   LONGSHORE_EVERYWHERE) {
  CHECK(rules::reported_of_planted<typename Where::Real, typename Where::Space>(500) == 500);
}

TEST_CASE("P12: until it is reported, later steps change nothing either; then training goes on as before") {
  auto model = random_model(), straight = random_model();
  const ls::OptimizerSettings settings{.clip_norm = 3,
                                       .schedule = {.kind = ls::Schedule::Kind::exponential, .decay = 0.9}};
  ls::Optimizer<ls::Adam, Serial> optimizer(model, {}, settings), other(straight, {}, settings);
  ls::Training<Serial> context(model), context_of_other(straight);
  const auto good = [](int step) {
    return rules::random_gradients(random_model(), ls::Random(4).at(rules::whole(step)), 7);
  };
  for (int step = 0; step < 6; ++step) {
    if (step == 3) {
      Gradients bad = good(step);
      bad.rows[2] = infinite;
      const Numbers before = rules::numbers_of(model);
      for (const Gradients& gradients : {bad, good(7), good(8)}) {
        rules::give(context, model, gradients);
        optimizer.step(model, context);
        CHECK(rules::numbers_of(model) == before);
      }
      CHECK(optimizer.status().refused == 3);
      CHECK_THROWS_WITH_AS(optimizer.check(),
                           "Optimizer: the gradient of table is not finite; the step was refused and changed nothing, "
                           "nor did the 2 steps after it",
                           ls::DataError);
      CHECK_NOTHROW(optimizer.check());
      CHECK(optimizer.steps() == 3);
    }
    rules::give(context, model, good(step));
    optimizer.step(model, context);
    rules::give(context_of_other, straight, good(step));
    other.step(straight, context_of_other);
  }
  CHECK(optimizer.steps() == 6);
  CHECK(optimizer.counts() == other.counts());
  CHECK(rules::numbers_of(model) == rules::numbers_of(straight));
  CHECK(rules::moments_of(optimizer, model) == rules::moments_of(other, straight));
}

TEST_CASE("P12, P22: a gradient too large to be squared is refused unless clipping makes it small") {
  const auto answer = [&]<class Real>(Real, double size, const ls::OptimizerSettings& settings = {}) {
    auto model = random_model<Real>();
    ls::Optimizer<ls::Adam, Serial> optimizer(model, {}, settings);
    ls::Training<Serial> context(model);
    rules::give(context, model, Gradients{std::vector<double>(12, 0), {0, size, 0, 0, 0}, {}, {}});
    optimizer.step(model, context);
    return test::error_text<ls::DataError>([&] { optimizer.check(); });
  };
  using Optimizer = ls::Optimizer<ls::Adam, Serial>;
  CHECK(answer(1.0f, 0.999 * Optimizer::largest_float_norm) == "nothing was thrown");
  CHECK(test::has(answer(1.0f, 1.001 * Optimizer::largest_float_norm), "too large"));
  CHECK(answer(1.0, 0.999 * Optimizer::largest_double_norm) == "nothing was thrown");
  CHECK(test::has(answer(1.0, 1.001 * Optimizer::largest_double_norm), "too large"));
  CHECK(answer(1.0f, 1e17) ==
        "Optimizer: the gradient of vector is too large (the norm of all gradients is 1e+17); the step was "
        "refused and changed nothing");
  CHECK(answer(1.0f, 1e17, {.clip_norm = 1}) == "nothing was thrown");
}

TEST_CASE("Optimizer: a run that goes on from moments, counts and steps gives the bits of one that never stopped") {
  auto straight = random_model<float>();
  const ls::OptimizerSettings settings{.clip_norm = 2,
                                       .schedule = {.kind = ls::Schedule::Kind::cosine, .total_steps = 20}};
  const auto train = [](auto& optimizer, auto& model, int from, int to) {
    ls::Training<Serial> context(model);
    for (int step = from; step < to; ++step) {
      Gradients gradients = rules::random_gradients(model, ls::Random(9).at(rules::whole(step)), step % 3 == 0 ? 0 : 9);
      if (step % 4 == 1) gradients.vector.clear();
      rules::give(context, model, gradients);
      optimizer.step(model, context);
    }
  };
  ls::Optimizer<ls::Adam, Serial> whole(straight, {}, settings);
  for (const int cut : {1, 8, 19}) {
    CAPTURE(cut);
    auto model = random_model<float>();
    ls::Optimizer<ls::Adam, Serial> first(model, {}, settings);
    train(first, model, 0, cut);
    auto resumed_model = model;
    ls::Optimizer<ls::Adam, Serial> resumed(resumed_model, {}, settings);
    const Numbers moments = rules::moments_of(first, model);
    resumed.visit_moments(resumed_model, [&](const std::string& name, const auto& moment) {
      ls::copy_from_host(std::vector<float>(moments.at(name).begin(), moments.at(name).end()), moment);
    });
    resumed.set_steps(first.steps(), first.counts());
    CHECK(resumed.steps() == cut);
    CHECK(resumed.status().steps == cut);
    train(first, model, cut, 20);
    train(resumed, resumed_model, cut, 20);
    CHECK(rules::numbers_of(resumed_model) == rules::numbers_of(model));
    CHECK(rules::moments_of(resumed, resumed_model) == rules::moments_of(first, model));
    CHECK(resumed.counts() == first.counts());
    // Counts survive a refused step: they were set in the device's memory too.
    ls::Training<Serial> context(resumed_model);
    rules::give(context, resumed_model, {std::vector<double>(12, infinite), {}, {}, {}});
    resumed.step(resumed_model, context);
    CHECK_THROWS_AS(resumed.check(), ls::DataError);
    CHECK(resumed.counts() == first.counts());
    CHECK(resumed.steps() == 20);
  }
  CHECK_THROWS_WITH_AS(whole.set_steps(3, {1, 2}), "Optimizer: 2 counts for 3 parameters", ls::ShapeError);
}

TEST_CASE("Optimizer: parameters of two precisions are trained together") {
  Mixed model;
  ls::Optimizer<ls::Sgd, Serial> optimizer(model, {.rate = 1}, {.clip_norm = 2.5});
  ls::Training<Serial> context(model);
  context.reset();
  ls::copy_from_host(std::vector<float>{3, 0, 0}, context.gradient_to(model.narrow).view);
  ls::copy_from_host(std::vector<double>{0, 4}, context.gradient_to(model.wide).view);
  optimizer.step(model, context);
  CHECK(optimizer.status().norm == 5);
  CHECK(model.narrow.view()(0) == doctest::Approx(-1.5));
  CHECK(model.wide.view()(1) == doctest::Approx(-2));
}

TEST_CASE("Optimizer: another model or context and a parameter that was frozen are refused, and nothing changes") {
  auto model = random_model(), larger = random_model(6);
  ls::Optimizer<ls::Adam, Serial> optimizer(model);
  ls::Training<Serial> context(model), of_larger(larger);
  const Gradients gradients = rules::random_gradients(larger, ls::Random(3), 4);
  const Numbers before = rules::numbers_of(larger);
  rules::give(of_larger, larger, gradients);
  CHECK_THROWS_WITH_AS(optimizer.step(larger, of_larger),
                       "Optimizer: vector has 48 bytes, it had 40 when this was made", ls::Error);
  CHECK_THROWS_AS(optimizer.step(larger, context), ls::Error);
  CHECK(rules::numbers_of(larger) == before);
  CHECK(optimizer.steps() == 0);
  CHECK(optimizer.counts() == std::vector<std::int64_t>{0, 0, 0});
  auto thawed = random_model();
  thawed.table.frozen = true;
  ls::Optimizer<ls::Adam, Serial> without_table(thawed);
  thawed.table.frozen = false;
  ls::Training<Serial> of_thawed(thawed);
  const Numbers same = rules::numbers_of(thawed);
  rules::give(of_thawed, thawed, rules::random_gradients(thawed, ls::Random(3), 4));
  CHECK_THROWS_WITH_AS(without_table.step(thawed, of_thawed), "Optimizer: table was frozen when this was made",
                       ls::Error);
  CHECK(rules::numbers_of(thawed) == same);
}

TEST_CASE("Optimizer: a step allocates nothing after the first ones") {
  auto model = random_model<float>();
  ls::Optimizer<ls::Adam, Serial> optimizer(model);
  ls::Training<Serial> context(model);
  const Gradients gradients = rules::random_gradients(model, ls::Random(3), 40);
  std::size_t allocations = 0;
  for (int step = 0; step < 8; ++step) {
    rules::give(context, model, gradients);
    const auto before = count_allocations();
    optimizer.step(model, context);
    optimizer.check();
    if (step >= 3) allocations += count_allocations() - before;
  }
  CHECK(allocations == 0);
}
