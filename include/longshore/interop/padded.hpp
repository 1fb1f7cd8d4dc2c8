// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/core/tensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// On which side of a sequence the padding lies: left, before its first step, or right, behind its last.
enum class Padding { left, right };

/// Steps and offsets that own their memory: what a padded array becomes.
template <class T, class Space>
struct RaggedTensor {
  Tensor<T, 2, Space> steps;        // (N, D)
  Tensor<Index, 1, Space> offsets;  // (B + 1)
  Index longest = 0;

  /// The sequences in it, as a constant of a step.
  Sequences<T, Space> sequences() { return {Matrix<T, Space>(steps.view()), {std::as_const(offsets).view(), longest}}; }
};

/// Takes the steps of sequences out of a padded array, without the padding. Blocks.
///
/// Cost: O(N D + B), and a copy of the steps to the space.
///
/// @param padded   (B, T, D) on the host
/// @param lengths  (B) steps of each sequence, 0 to T
/// @param side     where the padding is
/// @return         (N, D) steps, N the sum of the lengths
/// @throws ShapeError if the lengths do not fit
template <class T, class Space, class Host>
RaggedTensor<T, Space> from_padded(const View<const T, 3, Host>& padded, std::span<const Index> lengths, Padding side) {
  static_assert(is_host_space<Host>, "from_padded reads a padded array on the host");
  const Index batch = padded.extent(0), width = padded.extent(1), features = padded.extent(2);
  expects(lengths.size() == static_cast<std::size_t>(batch), "from_padded: ", lengths.size(), " lengths for ", batch,
          " sequences");
  std::vector<Index> offsets{0};
  Index longest = 0;
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    expects(lengths[b] >= 0 && lengths[b] <= width, "from_padded: the length of sequence ", b, " is ", lengths[b],
            ", the array has ", width, " steps");
    offsets.push_back(offsets.back() + lengths[b]);
    longest = std::max(longest, lengths[b]);
  }
  std::vector<T> steps;
  steps.reserve(static_cast<std::size_t>(offsets.back()) * static_cast<std::size_t>(features));
  for (Index b = 0; b < batch; ++b) {
    const Index length = lengths[static_cast<std::size_t>(b)];
    const T* first = padded.row(b) + static_cast<std::int64_t>(side == Padding::left ? width - length : 0) * features;
    steps.insert(steps.end(), first, first + static_cast<std::int64_t>(length) * features);
  }
  RaggedTensor<T, Space> result{Tensor<T, 2, Space>(offsets.back(), features),
                                Tensor<Index, 1, Space>(static_cast<Index>(offsets.size())), longest};
  copy_from_host(steps, result.steps.view());
  copy_from_host(offsets, result.offsets.view());
  return result;
}

/// Puts sequences into a padded array. Blocks.
///
/// Cost: O(B T D).
///
/// @param sequences  B sequences of (N, D) steps, on any space
/// @param side       where the padding is to be
/// @param padding    what fills it
/// @param width      steps of the array, T; 0: the longest sequence
/// @return           (B, T, D) on the host
/// @throws ShapeError if a sequence is longer than the width
template <class T, class Space>
Tensor<T, 3, Kokkos::DefaultHostExecutionSpace> to_padded(const Sequences<T, Space>& sequences, Padding side,
                                                          T padding = T(0), Index width = 0) {
  const auto steps = copy_to_host(sequences.steps.data);
  const auto offsets = copy_to_host(sequences.offsets.view);
  const Index batch = sequences.count(), features = sequences.steps.extent(1);
  Index longest = 0;
  for (Index b = 0; b < batch; ++b)
    longest = std::max(longest, offsets[static_cast<std::size_t>(b) + 1] - offsets[static_cast<std::size_t>(b)]);
  if (width == 0) width = longest;
  expects(longest <= width, "to_padded: a sequence has ", longest, " steps, the array ", width);
  Tensor<T, 3, Kokkos::DefaultHostExecutionSpace> result(batch, width, features);
  std::fill_n(result.data(), result.size(), padding);
  for (Index b = 0; b < batch; ++b) {
    const Index first = offsets[static_cast<std::size_t>(b)], last = offsets[static_cast<std::size_t>(b) + 1];
    T* to =
        result.view().row(b) + static_cast<std::int64_t>(side == Padding::left ? width - (last - first) : 0) * features;
    std::copy(steps.begin() + static_cast<std::ptrdiff_t>(first) * features,
              steps.begin() + static_cast<std::ptrdiff_t>(last) * features, to);
  }
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
