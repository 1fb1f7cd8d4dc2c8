// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/recurrent_state.hpp>

#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

namespace ls = longshore;
using Space = Kokkos::Serial;
using State = ls::RecurrentState<float, Space>;

TEST_CASE("one vector a sequence starts an encoder of one layer: one slice, which shares elements and gradient") {
  std::vector<float> numbers(6), others(6);
  ls::Gradient gradient, cells;
  const ls::Matrix<float, Space> hidden(ls::View<float, 2, Space>(numbers.data(), 3, 2), &gradient);
  const ls::Matrix<float, Space> cell(ls::View<float, 2, Space>(others.data(), 3, 2), &cells);
  static_assert(std::is_convertible_v<ls::Matrix<float, Space>, State>);
  const State one = hidden;
  CHECK(one.hidden.extent(0) == 1);
  CHECK(one.hidden.extent(1) == 3);
  CHECK(one.hidden.extent(2) == 2);
  CHECK(one.hidden.data.data() == numbers.data());
  CHECK(one.hidden.gradient == &gradient);
  CHECK(one.cell.data.data() == nullptr);
  const State two(hidden, cell);
  CHECK(two.hidden.gradient == &gradient);
  CHECK(two.cell.extent(0) == 1);
  CHECK(two.cell.data.data() == others.data());
  CHECK(two.cell.gradient == &cells);
}

TEST_CASE("all layers and directions are given at once as a cube; nothing given means zeros") {
  std::vector<float> numbers(24);
  const ls::Cube<float, Space> layers(ls::View<float, 3, Space>(numbers.data(), 4, 3, 2));
  const State state = layers;
  CHECK(state.hidden.extent(0) == 4);
  CHECK(state.cell.data.size() == 0);
  const State both(layers, layers);
  CHECK(both.cell.data.data() == numbers.data());
  CHECK(State().hidden.data.data() == nullptr);
  CHECK(State().hidden.data.size() == 0);
}

TEST_CASE("sequences, and values of another scalar, are no state") {
  static_assert(!std::is_constructible_v<State, ls::Sequences<float, Space>>);
  static_assert(!std::is_constructible_v<State, ls::Sequences<double, Space>>);
  static_assert(!std::is_constructible_v<State, ls::Matrix<double, Space>>);
  static_assert(!std::is_convertible_v<ls::Value<float, 1, Space>, State>);
  static_assert(std::is_trivially_copyable_v<ls::RecurrentResult<float, Space>>);  // backward steps hold it
  CHECK(ls::RecurrentResult<float, Space>().steps.count() == 0);
}
