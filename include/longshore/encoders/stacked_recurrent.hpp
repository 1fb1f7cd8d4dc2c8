// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <longshore/core/check_offsets.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/fill.hpp>
#include <longshore/core/recurrent_state.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/encoders/recurrent_layer.hpp>
#include <longshore/kernels/sequence_groups.hpp>
#include <longshore/layers/dropout.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One layer in one direction at work: what its cell is given.
template <class Real, class Space>
struct RecurrentCall {
  Matrix<Real, Space> x;                // (N, D)
  SequenceGroups<Space> groups;         // the sequences and the direction
  Matrix<Real, Space> y;                // (N, directions H)
  Index column;                         // the first of the H columns of y that belong to this direction
  Index slice;                          // of the states below
  RecurrentState<Real, Space> initial;  // (layers directions, B, H) each, or empty
  RecurrentState<Real, Space> last;     // the same

  /// Its columns of y, or of the gradient by y; null if there is none.
  Strided<Real> output() const { return {y.data.data() ? y.data.data() + column : nullptr, y.extent(1)}; }
  /// Its columns of an array (N, directions H); null if there is none.
  Strided<const Real> columns_of(const View<const Real, 2, Space>& whole) const {
    return {whole.data() ? whole.data() + column : nullptr, whole.extent(1)};
  }
  /// Its slice of a state, or of the gradient by one; empty if there is none.
  template <class T>
  View<T, 2, Space> slice_of(const View<T, 3, Space>& whole) const {
    return {whole.data() ? whole.row(slice) : nullptr, whole.extent(1), whole.extent(2)};
  }
  Target<Real, 2, Space> slice_of(const Target<Real, 3, Space>& whole) const {
    return {slice_of(whole.view), whole.update};
  }
};

/// Checks the settings of a recurrent encoder and makes its layers. Cost: O(parameters).
///
/// @param encoder  has settings, layers, reverse_layers, gates
/// @throws ShapeError if in, hidden or layers is below 1, if the gates have 2^31 rows, or unless 0 <= dropout < 1
template <class Encoder>
void make_layers(Encoder& encoder, const Random& random) {
  const auto& settings = encoder.settings;
  expects(settings.in > 0 && settings.hidden > 0 && settings.layers > 0, Encoder::block_name,
          ": in, hidden and layers are at least 1, they are ", settings.in, ", ", settings.hidden, " and ",
          settings.layers);
  expects(settings.dropout >= 0 && settings.dropout < 1, Encoder::block_name,
          ": dropout is at least 0 and below 1, it is ", settings.dropout);
  checked_size(Encoder::block_name, "hidden times its gates", std::int64_t{Encoder::gates} * settings.hidden);
  for (Index l = 0; l < settings.layers; ++l) {
    const Index features = l == 0 ? settings.in : settings.hidden * (settings.bidirectional ? 2 : 1);
    const auto number = static_cast<std::uint32_t>(l);
    encoder.layers.emplace_back(Encoder::gates, features, settings, random.stream("layers").stream(number));
    if (settings.bidirectional)
      encoder.reverse_layers.emplace_back(Encoder::gates, features, settings,
                                          random.stream("reverse_layers").stream(number));
  }
}

/// Refuses a given state of other extents than the encoder's. Cost: O(1).
///
/// @throws ShapeError naming the encoder and the state
template <class Encoder, class Real, class Space>
void check_state(const Cube<Real, Space>& state, const char* name, Index slices, Index batch, Index hidden) {
  if (state.extent(2) == 0) return;
  expects(state.extent(0) == slices && state.extent(1) == batch && state.extent(2) == hidden, Encoder::block_name,
          ": the initial ", name, " state is (", state.extent(0), ", ", state.extent(1), ", ", state.extent(2),
          "), expected is (layers * directions, batch, hidden) = (", slices, ", ", batch, ", ", hidden, ")");
}

/// Runs the layers of a recurrent encoder one after the other, each in one or two directions, with dropout between
/// them.
///
/// Cost: that of the layers and of the dropout between them; O(N H) numbers of the arena for each layer and direction.
///
/// @param encoder     has settings, layers, reverse_layers, has_cell and run(context, layer, call)
/// @param wants_last  whether the last states are asked for
/// @throws ShapeError if the steps or the initial states have other extents than the encoder
/// @throws DataError  on a host, if the offsets do not cut the steps into sequences; see `check_offsets`
template <class Encoder, class Real, class Space>
RecurrentResult<Real, Space> run_layers(auto& context, const Encoder& encoder, const Sequences<Real, Space>& sequences,
                                        const RecurrentState<Real, Space>& initial, bool wants_last) {
  check_values(Encoder::block_name, context, sequences, initial);
  const Index layers = static_cast<Index>(encoder.layers.size()), directions = encoder.reverse_layers.empty() ? 1 : 2;
  const Index slices = layers * directions, batch = sequences.count(), rows = sequences.steps.extent(0);
  const Index features = layers > 0 ? encoder.layers.front().weights_input.extent(1) : 0;
  const Index hidden = layers > 0 ? encoder.layers.front().weights_hidden.extent(1) : 0;
  expects(sequences.steps.extent(1) == features, Encoder::block_name, ": the steps have ", sequences.steps.extent(1),
          " features, the weights expect ", features);
  check_offsets(Encoder::block_name, sequences.offsets, rows);
  check_state<Encoder>(initial.hidden, "hidden", slices, batch, hidden);
  expects(Encoder::has_cell || initial.cell.extent(2) == 0, Encoder::block_name,
          ": it has no cell state to start from");
  check_state<Encoder>(initial.cell, "cell", slices, batch, hidden);

  RecurrentState<Real, Space> last;
  if (wants_last) {
    last.hidden = make_value<Real>(context, slices, batch, hidden);
    if (Encoder::has_cell) last.cell = make_value<Real>(context, slices, batch, hidden);
  }
  const auto order = scratch<Index>(context, batch);  // (B)
  order_by_length(context.executor(), sequences.offsets, order);
  const Dropout<Real, Space> between({.rate = encoder.settings.dropout});
  Matrix<Real, Space> x = sequences.steps;
  for (Index l = 0; l < layers; ++l) {
    if (l > 0) x = between(context, x);
    const auto y = make_value<Real>(context, rows, directions * hidden);  // (N, directions H)
    for (Index d = 0; d < directions; ++d) {
      const auto& layer = (d == 0 ? encoder.layers : encoder.reverse_layers)[static_cast<std::size_t>(l)];
      encoder.run(context, layer,
                  RecurrentCall<Real, Space>{
                      x, {sequences.offsets, order, d == 1}, y, d * hidden, l * directions + d, initial, last});
    }
    x = y;
  }
  // Backward adds to one slice of the gradient by the initial state at a time: something has to write it first.
  if (slices > 1)
    context.record(wants_last ? Matrix<Real, Space>{} : x, [x, last, initial](auto& c) {
      if (!c.gradient_of(x).data() && !c.gradient_of(last.hidden).data() && !c.gradient_of(last.cell).data()) return;
      const Cube<Real, Space> states[] = {initial.hidden, initial.cell};  // nvcc cannot loop over a list in braces here
      for (const auto& state : states) {
        const auto target = c.gradient_to(state);
        if (target && !target.adds()) fill(c.executor(), target.view, Real(0));
      }
    });
  return {{x, sequences.offsets}, last};
}

}  // namespace longshore::inline LONGSHORE_ABI
