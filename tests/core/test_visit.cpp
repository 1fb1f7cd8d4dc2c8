// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/visit.hpp>
#include <longshore/layers/linear.hpp>
#include <string>
#include <vector>

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {

struct Tower {
  static constexpr std::string_view block_name = "Tower";
  std::vector<ls::Linear<float, Space>> layers;
  ls::Parameter<float, 1, Space> scale{1};
  void visit(auto&& visitor) {
    visitor("layers", layers);
    visitor("scale", scale);
  }
};

struct Nested {
  Tower left, right;
  void visit(auto&& visitor) {
    visitor("left", left);
    visitor("right", right);
  }
};

std::vector<std::string> names(auto& model) {
  std::vector<std::string> result;
  ls::visit_parameters(
      model, [&](const ls::Path& path, const auto&) { result.push_back(path.text() + "/" + std::string(path.block)); });
  return result;
}

}  // namespace

TEST_CASE(
    "parameters are named by their path, in the order of visit, with the block they are in; empty ones are left out") {
  Nested model;
  model.left.layers = {ls::Linear<float, Space>({.in = 2, .out = 3}),
                       ls::Linear<float, Space>({.in = 3, .out = 1, .bias = false})};
  CHECK(names(model) == std::vector<std::string>{"left.layers.0.weights/Linear", "left.layers.0.bias/Linear",
                                                 "left.layers.1.weights/Linear", "left.scale/Tower",
                                                 "right.scale/Tower"});
  const Nested& constant = model;
  CHECK(names(constant) == names(model));
}

TEST_CASE("a const model hands its parts out const, another lets them be changed") {
  Nested model;
  ls::visit_parameters(model, [](const ls::Path&, auto& parameter) {
    static_assert(!std::is_const_v<std::remove_reference_t<decltype(parameter)>>);
    parameter.mutable_view().data()[0] = 4;
  });
  CHECK(model.left.scale.view()(0) == 4);
  ls::visit_parameters(std::as_const(model), [](const ls::Path&, auto& parameter) {
    static_assert(std::is_const_v<std::remove_reference_t<decltype(parameter)>>);
  });
}

namespace {

/// Is called what it holds.
struct Choice {
  [[maybe_unused]] static constexpr std::string_view block_name = "Choice";  // `chosen_name` counts more
  ls::Linear<float, Space> held{{.in = 1, .out = 1}};
  ls::Parameter<float, 1, Space> own{1};
  std::string_view chosen_name() const { return "Chosen"; }
  void visit(auto&& visitor) {
    visitor("held", held);
    visitor("own", own);
  }
};
/// Has no name.
struct Pair {
  ls::Parameter<float, 1, Space> first{1};
  void visit(auto&& visitor) { visitor("first", first); }
};
struct Holder {
  static constexpr std::string_view block_name = "Holder";
  Choice choice;
  std::vector<Pair> pairs{Pair{}};
  void visit(auto&& visitor) {
    visitor("choice", choice);
    visitor("pairs", pairs);
  }
};

}  // namespace

TEST_CASE("a choice is shown as what was chosen, a part without a name as the block around it, in lists too") {
  Holder model;
  CHECK(names(model) == std::vector<std::string>{"choice.held.weights/Linear", "choice.held.bias/Linear",
                                                 "choice.own/Chosen", "pairs.0.first/Holder"});
  Choice alone;
  CHECK(names(alone).back() == "own/Chosen");
}

TEST_CASE("settings are leaves too") {
  Nested model;
  model.left.layers.emplace_back(ls::LinearSettings{.in = 2, .out = 3});
  int settings = 0, lists = 0;
  ls::visit_parts(
      model, ls::Path{},
      [&](const ls::Path&, auto& part) {
        settings += std::is_same_v<std::remove_cvref_t<decltype(part)>, ls::LinearSettings>;
      },
      [&](const ls::Path&, auto&) { ++lists; });
  CHECK(settings == 1);
  CHECK(lists == 2);
}
