// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <longshore/core/interest_list.hpp>
#include <longshore/core/recurrent_state.hpp>
#include <longshore/core/windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether what a block is called with was made in this step: the body of `check_values`. Cost: O(1).
struct MadeInStep {
  std::uint64_t step;

  template <class T, int Rank, class Space>
  bool operator()(const Value<T, Rank, Space>& value) const {
    return value.step == 0 || value.step == step;
  }
  template <class T, class Space>
  bool operator()(const Sequences<T, Space>& sequences) const {
    return (*this)(sequences.steps);
  }
  template <class T, class Space>
  bool operator()(const Windowed<T, Space>& windowed) const {
    return (*this)(windowed.steps);
  }
  template <class T, class Space>
  bool operator()(const Interest<T, Space>& interest) const {
    return (*this)(interest.vectors);
  }
  template <class T, class Space>
  bool operator()(const InterestList<T, Space>& list) const {
    bool all = true;
    for (int k = 0; k < list.count; ++k) all &= (*this)(list[k]);
    return all;
  }
  template <class T, class Space>
  bool operator()(const RecurrentState<T, Space>& state) const {
    return (*this)(state.hidden) && (*this)(state.cell);
  }
};

/// Refuses values that a block must not read: made before the context's `reset`, whose memory is something else's by
/// now, or by another context. Constants, which are made of memory that the caller owns, belong to no step. Blocks that
/// give what they are called with to kernels ask this first, on the host.
///
/// Not seen are values that end with a `ScratchScope`, and views, which know no context: ids, weights, labels.
///
/// Cost: O(1), a comparison of two numbers a value.
///
/// @param block   who asks: begins the text of the error
/// @param values  Value, Sequences, Windowed, Interest, InterestList, RecurrentState
/// @throws Error  if one of them is of another step or context
template <class Context, class... Values>
void check_values(std::string_view block, const Context& context, const Values&... values) {
  const MadeInStep made{context.stamp()};
  expects<Error>((made(values) && ...), block,
                 ": a value is older than the context's `reset`, or of another context: values live until `reset`, in "
                 "the context that made them");
}

}  // namespace longshore::inline LONGSHORE_ABI
