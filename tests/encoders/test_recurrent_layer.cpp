// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <longshore/core/training.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/encoders/recurrent_layer.hpp>
#include <string>
#include <vector>

namespace ls = longshore;
using Space = Kokkos::Serial;
using Layer = ls::RecurrentLayer<double, Space>;

TEST_CASE("a recurrent layer has PyTorch's extents, and starts within 1 / sqrt(H)") {
  const Layer layer(3, 5, ls::LstmSettings{.in = 5, .hidden = 4}, ls::Random(1));
  std::vector<std::string> extents;
  double largest = 0;
  ls::visit_parameters(layer, [&](const ls::Path& path, const auto& parameter) {
    std::string text = path.text();
    for (int r = 0; r < std::remove_cvref_t<decltype(parameter)>::rank; ++r)
      text += " " + std::to_string(parameter.extent(r));
    extents.push_back(text);
    for (const double x : ls::copy_to_host(parameter.view())) {
      CHECK(std::abs(x) <= 0.5);
      largest = std::max(largest, std::abs(x));
    }
  });
  CHECK(extents ==
        std::vector<std::string>{"weights_input 12 5", "weights_hidden 12 4", "bias_input 12", "bias_hidden 12"});
  CHECK(largest > 0.4);
  CHECK(ls::copy_to_host(layer.bias_input.view()) != ls::copy_to_host(layer.bias_hidden.view()));
}

TEST_CASE("settings leave out the biases and start the weights otherwise") {
  const Layer layer(
      2, 1,
      ls::LstmSettings{
          .hidden = 1, .bias = false, .weights_input = ls::constant(7), .weights_hidden = ls::constant(-3)},
      ls::Random(1));
  CHECK(layer.bias_input.empty());
  CHECK(layer.bias_hidden.empty());
  CHECK(ls::copy_to_host(layer.weights_input.view()) == std::vector<double>{7, 7});
  CHECK(ls::copy_to_host(layer.weights_hidden.view()) == std::vector<double>{-3, -3});
  const auto weights = layer.weights();
  CHECK(weights.input.data() == layer.weights_input.view().data());
  CHECK(weights.hidden.data() == layer.weights_hidden.view().data());
  CHECK(weights.bias_input.data() == nullptr);
}

TEST_CASE("targets of a layer: none for frozen or absent parameters; the first use writes, the second adds") {
  Layer layer(3, 2, ls::LstmSettings{.hidden = 2}, ls::Random(1));
  layer.bias_hidden.frozen = true;
  ls::Training<Space> context(layer);
  const auto first = layer.targets(context);
  CHECK(first.input.view.extent(0) == 6);
  CHECK(first.hidden.view.extent(1) == 2);
  CHECK_FALSE(first.input.adds());
  CHECK_FALSE(first.bias_input.adds());
  CHECK_FALSE(first.bias_hidden);
  const auto second = layer.targets(context);
  CHECK(second.input.adds());
  CHECK(second.input.view.data() == first.input.view.data());
}
