// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/inference.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/encoders/stacked_recurrent.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../support/error_text.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {

/// Writes down how it is called; h is the sum of the step plus 10 where it runs in reverse.
template <bool with_cell>
struct NotingEncoder {
  static constexpr std::string_view block_name = "NotingEncoder";
  static constexpr ls::Index gates = 2;
  static constexpr bool has_cell = with_cell;
  ls::LstmSettings settings;
  std::vector<ls::RecurrentLayer<double, Space>> layers, reverse_layers;
  mutable std::vector<std::string> calls;

  void run(auto&, const ls::RecurrentLayer<double, Space>& layer, const ls::RecurrentCall<double, Space>& call) const {
    const bool forward = &layer >= layers.data() && &layer < layers.data() + layers.size();
    const auto number = &layer - (forward ? layers : reverse_layers).data();
    calls.push_back(std::string(call.groups.reverse ? "reverse " : "forward ") + std::to_string(number) + " slice " +
                    std::to_string(call.slice) + " column " + std::to_string(call.column) + " features " +
                    std::to_string(call.x.extent(1)) + (forward == !call.groups.reverse ? "" : " MIXED UP"));
    const auto out = call.output();
    for (ls::Index n = 0; n < call.x.extent(0); ++n) {
      double sum = call.groups.reverse ? 10 : 0;
      for (ls::Index d = 0; d < call.x.extent(1); ++d) sum += call.x.data(n, d);
      for (ls::Index u = 0; u < settings.hidden; ++u) out.data[n * out.row_stride + u] = sum;
    }
    const auto last = call.slice_of(call.last.hidden.data), first = call.slice_of(call.initial.hidden.data);
    if (last.data())
      for (std::size_t e = 0; e < last.size(); ++e) last.data()[e] = first.data() ? first.data()[e] + 1 : -1;
  }
};

template <bool with_cell = false>
NotingEncoder<with_cell> encoder_of(const ls::LstmSettings& settings) {
  NotingEncoder<with_cell> encoder;
  encoder.settings = settings;
  ls::make_layers(encoder, ls::Random(3));
  return encoder;
}

/// Three steps of two features in two sequences.
struct Input {
  ls::Tensor<double, 2, Space> x = filled_tensor<double, 2, Space>({1, 2, 3, 4, 5, 6}, 3, 2);
  ls::Tensor<ls::Index, 1, Space> rows = filled_tensor<ls::Index, 1, Space>({0, 1, 3}, 3);
  ls::Sequences<double, Space> sequences() const {
    return {ls::Matrix<double, Space>(ls::View<double, 2, Space>(const_cast<double*>(x.data()), 3, 2)),
            {rows.view(), 2}};
  }
};

ls::Cube<double, Space> state_of(ls::Tensor<double, 3, Space>& tensor) { return tensor.view(); }

}  // namespace

TEST_CASE("make_layers: layers behind the first read what the directions before them give, each from its own numbers") {
  const auto encoder = encoder_of({.in = 5, .hidden = 3, .layers = 3, .bidirectional = true});
  REQUIRE(encoder.layers.size() == 3);
  REQUIRE(encoder.reverse_layers.size() == 3);
  for (const auto* layers : {&encoder.layers, &encoder.reverse_layers})
    for (std::size_t l = 0; l < 3; ++l) {
      CHECK((*layers)[l].weights_input.extent(0) == 6);
      CHECK((*layers)[l].weights_input.extent(1) == (l == 0 ? 5 : 6));
    }
  const auto hidden = [](const auto& layer) { return ls::copy_to_host(layer.weights_hidden.view()); };
  CHECK(hidden(encoder.layers[0]) != hidden(encoder.layers[1]));
  CHECK(hidden(encoder.layers[1]) != hidden(encoder.reverse_layers[1]));
  CHECK(encoder_of({.in = 5, .hidden = 3, .layers = 2}).reverse_layers.empty());
}

TEST_CASE("make_layers: refuses sizes below 1 and rates outside [0, 1) by the encoder's name") {
  const auto refused = [](const ls::LstmSettings& settings) {
    return test::error_text<ls::ShapeError>([&] { encoder_of(settings); });
  };
  CHECK(refused({.in = 0, .hidden = 3}) == "NotingEncoder: in, hidden and layers are at least 1, they are 0, 3 and 1");
  CHECK(refused({.in = 1, .hidden = 3, .layers = 0}) ==
        "NotingEncoder: in, hidden and layers are at least 1, they are 1, 3 and 0");
  CHECK(refused({.in = 1, .hidden = 3, .dropout = 1}) == "NotingEncoder: dropout is at least 0 and below 1, it is 1");
}

TEST_CASE("run_layers: layers in order, directions beside each other, slices as PyTorch's") {
  const auto encoder = encoder_of({.in = 2, .hidden = 1, .layers = 2, .bidirectional = true, .dropout = 0.9});
  const Input input;
  ls::Inference<Space> context;  // nothing is dropped
  const auto result = ls::run_layers(context, encoder, input.sequences(), {}, true);
  CHECK(encoder.calls ==
        std::vector<std::string>{"forward 0 slice 0 column 0 features 2", "reverse 0 slice 1 column 1 features 2",
                                 "forward 1 slice 2 column 0 features 2", "reverse 1 slice 3 column 1 features 2"});
  // Sums of the steps are 3, 7 and 11; the first layer gives (s, s + 10), the second (2 s + 10, 2 s + 20).
  CHECK(ls::copy_to_host(result.steps.steps.data) == std::vector<double>{16, 26, 24, 34, 32, 42});
  CHECK(result.steps.count() == 2);
  CHECK(result.last.hidden.extent(0) == 4);
  CHECK(ls::copy_to_host(result.last.hidden.data) == std::vector<double>(8, -1));
  CHECK(result.last.cell.extent(2) == 0);
  CHECK(ls::run_layers(context, encoder, input.sequences(), {}, false).last.hidden.extent(2) == 0);
}

TEST_CASE("run_layers: hands each layer its slice of the state it starts from") {
  const auto encoder = encoder_of<true>({.in = 2, .hidden = 1, .layers = 2});
  const Input input;
  auto hidden = filled_tensor<double, 3, Space>({1, 2, 3, 4}, 2, 2, 1),
       cell = filled_tensor<double, 3, Space>({0, 0, 0, 0}, 2, 2, 1);
  ls::Inference<Space> context;
  const auto last = ls::run_layers(context, encoder, input.sequences(), {state_of(hidden), state_of(cell)}, true).last;
  CHECK(ls::copy_to_host(last.hidden.data) == std::vector<double>{2, 3, 4, 5});
  CHECK(last.cell.extent(0) == 2);
}

TEST_CASE("run_layers: refuses other features and states by the encoder's name") {
  const Input input;
  ls::Inference<Space> context;
  const auto refused = [&](const auto& encoder, const ls::RecurrentState<double, Space>& state) {
    return test::error_text<ls::ShapeError>([&] { ls::run_layers(context, encoder, input.sequences(), state, false); });
  };
  CHECK(refused(encoder_of({.in = 3, .hidden = 1}), {}) ==
        "NotingEncoder: the steps have 2 features, the weights expect 3");
  auto state = ls::Tensor<double, 3, Space>(1, 2, 4);
  CHECK(refused(encoder_of({.in = 2, .hidden = 1}), state_of(state)) ==
        "NotingEncoder: the initial hidden state is (1, 2, 4), expected is (layers * directions, batch, hidden) = (1, "
        "2, 1)");
  auto fitting = ls::Tensor<double, 3, Space>(1, 2, 1);
  CHECK(refused(encoder_of({.in = 2, .hidden = 1}), {state_of(fitting), state_of(fitting)}) ==
        "NotingEncoder: it has no cell state to start from");
  CHECK(test::has(refused(encoder_of<true>({.in = 2, .hidden = 1}), {state_of(fitting), state_of(state)}),
                  "the initial cell state is (1, 2, 4)"));
}
