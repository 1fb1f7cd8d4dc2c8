// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which rows of a step matrix belong to which sequence: sequence b owns rows offsets[b] to offsets[b + 1].
///
/// Offsets (B + 1) start at 0 and do not decrease; a sequence may be empty. `longest` is their greatest length, known
/// on the host so that kernels can size their scratch. Kernels believe both; `check_offsets` verifies them: blocks that
/// walk sequences ask it on a host, and so should whoever makes offsets for a device from data of others.
template <class Space>
struct Offsets {
  View<const Index, 1, Space> view;  // (B + 1); empty for no sequences
  Index longest = 0;
  // Whether sequences begin earlier than those of separate examples would: an encoder's states know more than theirs.
  // Known on the host; whoever makes the batch says so.
  bool head_start = false;

  /// Number of sequences, B.
  KOKKOS_INLINE_FUNCTION Index count() const { return view.extent(0) > 0 ? view.extent(0) - 1 : 0; }
  /// The first step of sequence b.
  KOKKOS_INLINE_FUNCTION Index begin(Index b) const { return view(b); }
  /// One behind the last step of sequence b.
  KOKKOS_INLINE_FUNCTION Index end(Index b) const { return view(b + 1); }
};

/// A batch of histories, never padded: one matrix of steps and the offsets of the sequences in it.
///
/// Cost: O(1), shares steps and offsets.
template <class T, class Space>
struct Sequences {
  Matrix<T, Space> steps;  // (N, D)
  Offsets<Space> offsets;  // (B + 1)

  /// Number of sequences, B.
  Index count() const { return offsets.count(); }
};

}  // namespace longshore::inline LONGSHORE_ABI
