// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <longshore/core/index.hpp>
#include <longshore/core/kokkos.hpp>
#include <string>
#include <vector>

namespace ls = longshore;

using Real = float;
/// Whose memory the arrays of this example are: the host's. For a device its space, with pointers into its memory.
using Space = Kokkos::DefaultHostExecutionSpace;

/// Sequences without padding: sequence b is rows offsets[b] to offsets[b + 1] of each array with N rows.
struct Batch {
  std::vector<ls::Index> offsets{0};  // (B + 1)
  ls::Index longest = 0;

  ls::Index sequences() const { return static_cast<ls::Index>(offsets.size()) - 1; }  // B
  ls::Index steps() const { return offsets.back(); }                                  // N
};

/// What a kernel and its backward pass gave, and how far that is from a loop that is written down naively.
struct Outcome {
  std::string kernel, arrays, executor;
  std::size_t forward_workspace = 0, backward_workspace = 0;  // numbers of scratch
  std::vector<Real> y;                                        // (N, H)
  std::vector<Real> gradients;                                // of sum(dy * y) by x and by each parameter
  double y_difference = 0, gradient_difference = 0;           // the greatest of any number
};

/// An LSTM whose arrays are raw pointers, run on the calling thread: Kokkos need not be started.
Outcome lstm_on_pointers(const Batch& batch);
/// The same with xtensor arrays, run by the host's threads. Kokkos must be started.
Outcome lstm_on_xtensor(const Batch& batch);

/// Causal self-attention with two heads whose arrays are raw pointers, run on the calling thread: Kokkos need not be
/// started.
Outcome self_attention_on_pointers(const Batch& batch);
/// The same with xtensor arrays, run by the host's threads. Kokkos must be started.
Outcome self_attention_on_xtensor(const Batch& batch);
