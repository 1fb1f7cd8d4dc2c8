// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/core/tensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// On which side of a sequence the padding lies: left, before its first step, or right, behind its last.
enum class Padding { left, right };

/// Steps and offsets that own their memory: what a padded array becomes.
///
/// @tparam Rank  2: every step is a vector, 1: a number, such as the id of an item
template <class T, class Space, int Rank = 2>
struct RaggedTensor {
  Tensor<T, Rank, Space> steps;     // (N, D) or (N)
  Tensor<Index, 1, Space> offsets;  // (B + 1)
  Index longest = 0;

  /// Which steps belong to which sequence.
  Offsets<Space> sequence_offsets() const& { return {offsets.view(), longest}; }
  Offsets<Space> sequence_offsets() && = delete;  // They would outlive the memory: give the result a name.

  /// The sequences in it, as a constant of a step.
  Sequences<T, Space> sequences() &
        requires(Rank == 2)
  {
    return {Matrix<T, Space>(steps.view()), sequence_offsets()};
  }
  Sequences<T, Space> sequences() && = delete;  // They would outlive the memory: give the result a name.
};

/// Takes the steps of sequences out of a padded array, without the padding. Blocks.
///
///     auto ragged = from_padded<Space>(vectors, lengths, Padding::left);  // keep it: it owns the memory
///     encode(context, ragged.sequences())
///     const auto ids = from_padded<Space, Id>(wide_ids, lengths, Padding::right);
///     items(context, ids.steps.view(), ids.sequence_offsets())
///
/// Cost: O(N D + B), and a copy of the steps to the space.
///
/// @tparam Space   where the steps go
/// @tparam To      their type, if it is to be another: an integer, of a padded array of integers
/// @param padded   (B, T, D) or (B, T) on the host; `view_of_xtensor` makes a view of xtensor's arrays
/// @param lengths  (B) steps of each sequence, 0 to T
/// @param side     where the padding is
/// @return         (N, D) or (N) steps, N the sum of the lengths
/// @throws ShapeError if the lengths do not fit, or N is 2^31 or more
/// @throws DataError  if a step, not padding, is no number of the type To
template <class Space, class To = void, class T, int Rank, class Host>
auto from_padded(const View<T, Rank, Host>& padded, std::span<const Index> lengths, Padding side) {
  using From = std::remove_const_t<T>;
  using Step = std::conditional_t<std::is_void_v<To>, From, To>;
  static_assert(is_host_space<Host>, "longshore: from_padded reads a padded array on the host");
  static_assert(Rank == 2 || Rank == 3, "longshore: from_padded takes (B, T, D) vectors or (B, T) numbers");
  static_assert(std::is_same_v<Step, From> || (std::is_integral_v<Step> && std::is_integral_v<From>),
                "longshore: from_padded changes the type of integers only");
  const Index batch = padded.extent(0), width = padded.extent(1), features = Rank == 3 ? padded.extent(Rank - 1) : 1;
  expects(lengths.size() == static_cast<std::size_t>(batch), "from_padded: ", lengths.size(), " lengths for ", batch,
          " sequences");
  std::vector<Index> offsets{0};
  offsets.reserve(lengths.size() + 1);
  Index longest = 0;
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    expects(lengths[b] >= 0 && lengths[b] <= width, "from_padded: the length of sequence ", b, " is ", lengths[b],
            ", the array has ", width, " steps");
    expects(std::in_range<Index>(std::int64_t{offsets.back()} + lengths[b]),
            "from_padded: the lengths add up to 2^31 or more from sequence ", b, " on");
    offsets.push_back(offsets.back() + lengths[b]);
    longest = std::max(longest, lengths[b]);
  }
  std::vector<Step> steps;
  steps.reserve(static_cast<std::size_t>(offsets.back()) * static_cast<std::size_t>(features));
  for (Index b = 0; b < batch; ++b) {
    const Index length = lengths[static_cast<std::size_t>(b)];
    const T* first = padded.row(b) + static_cast<std::int64_t>(side == Padding::left ? width - length : 0) * features;
    const T* const last = first + static_cast<std::int64_t>(length) * features;
    if constexpr (std::is_same_v<Step, From>)
      steps.insert(steps.end(), first, last);
    else
      for (; first < last; ++first) {
        expects<DataError>(std::in_range<Step>(*first), "from_padded: sequence ", b, " has ", *first, ", which is not ",
                           std::numeric_limits<Step>::min(), " to ", std::numeric_limits<Step>::max());
        steps.push_back(static_cast<Step>(*first));
      }
  }
  RaggedTensor<Step, Space, Rank - 1> result;
  if constexpr (Rank == 3)
    result.steps = Tensor<Step, 2, Space>(offsets.back(), features);
  else
    result.steps = Tensor<Step, 1, Space>(offsets.back());
  result.offsets = Tensor<Index, 1, Space>(batch + 1);
  result.longest = longest;
  copy_from_host(steps, result.steps.view());
  copy_from_host(offsets, result.offsets.view());
  return result;
}

/// Puts the steps of sequences into a padded array. Blocks.
///
/// Cost: O(B T D).
///
/// @param steps    (N, D) or (N), on any space
/// @param offsets  of B sequences
/// @param side     where the padding is to be
/// @param padding  what fills it; for ids one that is none, such as -1
/// @param width    steps of the array, T; 0: the longest sequence
/// @return         (B, T, D) or (B, T) on the host
/// @throws ShapeError if the offsets do not ascend from 0 to at most N, or a sequence is longer than the width
template <class T, int Rank, class Space>
auto to_padded(const View<T, Rank, Space>& steps, const Offsets<Space>& offsets, Padding side,
               std::remove_const_t<T> padding, Index width = 0) {
  static_assert(Rank == 1 || Rank == 2, "longshore: to_padded takes (N, D) vectors or (N) numbers");
  const auto all = copy_to_host(steps);
  const auto bounds = copy_to_host(offsets.view);
  const Index batch = offsets.count(), features = Rank == 2 ? steps.extent(Rank - 1) : 1;
  expects(batch == 0 || (bounds.front() == 0 && bounds.back() <= steps.extent(0)), "to_padded: the offsets go from ",
          batch == 0 ? 0 : bounds.front(), " to ", batch == 0 ? 0 : bounds.back(), ", there are steps from 0 to ",
          steps.extent(0));
  Index longest = 0;
  for (std::size_t b = 0; b < static_cast<std::size_t>(batch); ++b) {
    expects(bounds[b] <= bounds[b + 1], "to_padded: the offsets go down after sequence ", b, ", from ", bounds[b],
            " to ", bounds[b + 1]);
    longest = std::max(longest, bounds[b + 1] - bounds[b]);
  }
  if (width == 0) width = longest;
  expects(longest <= width, "to_padded: a sequence has ", longest, " steps, the array ", width);
  Tensor<std::remove_const_t<T>, Rank + 1, Kokkos::DefaultHostExecutionSpace> result;
  if constexpr (Rank == 2)
    result = decltype(result)(batch, width, features);
  else
    result = decltype(result)(batch, width);
  std::fill_n(result.data(), result.size(), padding);
  for (Index b = 0; b < batch; ++b) {
    const auto first = bounds[static_cast<std::size_t>(b)], last = bounds[static_cast<std::size_t>(b) + 1];
    const Index before = side == Padding::left ? width - (last - first) : 0;
    std::copy(all.begin() + static_cast<std::ptrdiff_t>(first) * features,
              all.begin() + static_cast<std::ptrdiff_t>(last) * features,
              result.view().row(b) + static_cast<std::int64_t>(before) * features);
  }
  return result;
}

/// The same of sequences of vectors, padded with 0 if nothing else is said.
template <class T, class Space>
auto to_padded(const Sequences<T, Space>& sequences, Padding side, T padding = T(0), Index width = 0) {
  return to_padded(sequences.steps.data, sequences.offsets, side, padding, width);
}

}  // namespace longshore::inline LONGSHORE_ABI
