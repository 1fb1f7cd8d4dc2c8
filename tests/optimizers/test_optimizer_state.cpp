// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/optimizer_state.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/copy.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/sgd.hpp>
#include <string>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

template <class Space>
struct Tower {
  ls::Parameter<float, 2, Space> weights{3, 2};
  ls::Parameter<double, 1, Space> bias{2};
  ls::Parameter<float, 1, Space> nothing{0};
  void visit(auto&& visitor) {
    visitor("weights", weights);
    visitor("bias", bias);
    visitor("nothing", nothing);
  }
};

template <class Space>
struct Towers {
  std::vector<Tower<Space>> tower;
  void visit(auto&& visitor) { visitor("tower", tower); }
};

}  // namespace

TEST_CASE_TEMPLATE("OptimizerState: keeps moments of each parameter by name, from 0, none for frozen ones", Where,
                   LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  Towers<Space> model{std::vector<Tower<Space>>(2)};
  const ls::OptimizerState<Space> state(model, ls::Adam{}, {{.pattern = "tower.1.*", .frozen = true}});
  CHECK(state.size() == 4);
  std::vector<std::string> names;
  std::size_t numbers = 0;
  state.visit_moments(model, [&](const std::string& name, const auto& moment) {
    names.push_back(name);
    for (const auto x : ls::copy_to_host(moment)) {
      CHECK(x == 0);
      ++numbers;
    }
  });
  CHECK(names == std::vector<std::string>{"tower.0.weights.moment1", "tower.0.weights.moment2", "tower.0.bias.moment1",
                                          "tower.0.bias.moment2"});
  CHECK(numbers == 2 * (6 + 2));
  CHECK_FALSE(model.tower[1].weights.frozen);
  CHECK_FALSE(model.tower[1].bias.frozen);
  CHECK(state.left_out() == std::vector<bool>{false, false, true, true});
  CHECK(state[0].template moment<float>(1) != nullptr);
  CHECK(state[0].template moment<float>(2) == nullptr);
  CHECK(state[2].template moment<float>(0) == nullptr);
  CHECK(state[1].bytes == 2 * sizeof(double));
}

TEST_CASE("OptimizerState: the last group that fits a name counts, alone; what it leaves open is the rule's") {
  using Space = Kokkos::Serial;
  Towers<Space> model{std::vector<Tower<Space>>(2)};
  const ls::OptimizerState<Space> state(model, ls::Sgd{.rate = 0.5, .weight_decay = 0.25},
                                        {{.pattern = "tower.*", .rate = 2, .weight_decay = 3},
                                         {.pattern = "*.bias", .weight_decay = 0},
                                         {.pattern = "tower.1.bias", .rate = 0}});
  CHECK(state[0].rate == 2);
  CHECK(state[0].decay == 3);
  CHECK(state[1].rate == 0.5);
  CHECK(state[1].decay == 0);
  CHECK(state[3].rate == 0);
  CHECK(state[3].decay == 0.25);
  CHECK(state[3].moments.empty());
}

TEST_CASE("OptimizerState: a group that fits nothing is an error that lists the names there are, of many some") {
  using Space = Kokkos::Serial;
  Towers<Space> model{std::vector<Tower<Space>>(1)};
  const std::vector<ls::ParameterGroup> groups{{.pattern = "tower.0.*", .frozen = true}, {.pattern = "towers.*"}};
  CHECK_THROWS_WITH_AS((ls::OptimizerState<Space>(model, ls::Adam{}, groups)),
                       "Optimizer: no parameter fits the pattern \"towers.*\"; there are tower.0.weights, tower.0.bias",
                       ls::Error);
  const auto text = [&](std::size_t count) {
    model.tower.resize(count);
    try {
      const ls::OptimizerState<Space> state(model, ls::Adam{}, {{.pattern = "head"}});
    } catch (const ls::Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(text(0) == "Optimizer: no parameter fits the pattern \"head\"; there are none");
  const std::string all = text(12), some = text(13);
  CHECK(
      all.ends_with("tower.5.bias, tower.6.weights, tower.6.bias, tower.7.weights, tower.7.bias, tower.8.weights, "
                    "tower.8.bias, tower.9.weights, tower.9.bias, tower.10.weights, tower.10.bias, "
                    "tower.11.weights, tower.11.bias"));
  CHECK(
      some.ends_with("tower.5.bias, ... (2 more) ..., tower.7.weights, tower.7.bias, tower.8.weights, tower.8.bias, "
                     "tower.9.weights, tower.9.bias, tower.10.weights, tower.10.bias, tower.11.weights, "
                     "tower.11.bias, tower.12.weights, tower.12.bias"));
}

TEST_CASE("OptimizerState: a model with more, fewer or other parameters is refused") {
  using Space = Kokkos::Serial;
  Towers<Space> one{std::vector<Tower<Space>>(1)}, two{std::vector<Tower<Space>>(2)}, other = one;
  other.tower[0].weights = ls::Parameter<float, 2, Space>(2, 2);
  const ls::OptimizerState<Space> of_one(one, ls::Sgd{}, {}), of_two(two, ls::Sgd{}, {});
  const auto ignore = [](std::size_t, auto&) {};
  CHECK_NOTHROW(of_one.visit(one, ignore));
  CHECK_THROWS_WITH_AS(of_one.visit(two, ignore),
                       "Optimizer: the model has more parameters than the one it was made for", ls::Error);
  CHECK_THROWS_WITH_AS(of_two.visit(one, ignore),
                       "Optimizer: the model has fewer parameters than the one it was made for", ls::Error);
  CHECK_THROWS_WITH_AS(of_one.visit(other, ignore),
                       "Optimizer: tower.0.weights has 16 bytes, it had 24 when this was made", ls::Error);
}

TEST_CASE("OptimizerState: counts are handed out and set, one for each parameter") {
  using Space = Kokkos::Serial;
  Towers<Space> model{std::vector<Tower<Space>>(1)};
  ls::OptimizerState<Space> state(model, ls::Adam{}, {});
  CHECK(state.counts() == std::vector<std::int64_t>{0, 0});
  ++state[1].count;
  CHECK(state.counts() == std::vector<std::int64_t>{0, 1});
  state.set_counts({7, 8});
  CHECK(state[0].count == 7);
  CHECK_THROWS_WITH_AS(state.set_counts({1}), "Optimizer: 1 counts for 2 parameters", ls::ShapeError);
}
