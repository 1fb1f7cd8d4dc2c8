// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/sequences.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a recurrent encoder carries from step to step, for all its layers: where it starts, or where it ended.
///
/// Slice l is layer l; if there are two directions, slice 2 l is layer l forward and 2 l + 1 the same in reverse, as in
/// PyTorch. Made implicitly from one vector a sequence (B, H), which starts an encoder of one layer and one direction.
///
/// Cost: O(1), shares the elements.
template <class Real, class Space>
struct RecurrentState {
  Cube<Real, Space> hidden;  // (layers * directions, B, H), or empty: zeros
  Cube<Real, Space> cell;    // the same for an Lstm; others have none

  RecurrentState() = default;
  RecurrentState(const Cube<Real, Space>& its_hidden, const Cube<Real, Space>& its_cell = {})
      : hidden(its_hidden), cell(its_cell) {}
  RecurrentState(const Matrix<Real, Space>& its_hidden) : hidden(slice_of(its_hidden)) {}
  RecurrentState(const Matrix<Real, Space>& its_hidden, const Matrix<Real, Space>& its_cell)
      : hidden(slice_of(its_hidden)), cell(slice_of(its_cell)) {}
  /// One vector a sequence is wanted and these are Sequences: pool them first.
  template <class U>
  RecurrentState(const Sequences<U, Space>&) = delete;

 private:
  static Cube<Real, Space> slice_of(const Matrix<Real, Space>& one) {
    return reshape(one, 1, one.extent(0), one.extent(1));
  }
};

/// What a recurrent encoder says of a batch: the state after every step, and the one after the last step of each
/// sequence.
template <class Real, class Space>
struct RecurrentResult {
  Sequences<Real, Space> steps;      // (N, directions * H)
  RecurrentState<Real, Space> last;  // (layers * directions, B, H); of a sequence without steps, where it started
};

}  // namespace longshore::inline LONGSHORE_ABI
