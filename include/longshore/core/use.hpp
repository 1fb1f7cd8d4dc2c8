// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <type_traits>

#include <longshore/core/for_each.hpp>
#include <longshore/core/parameter.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `add_to`, which says what it computes.
template <class Real>
struct AddTo {
  static inline const std::string label = "longshore::add_to";
  const Real* from;
  Real* to;
  Update update;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    to[i] = update == Update::add ? to[i] + from[i] : from[i];
  }
};

/// Writes or adds one array into a target of the same size. Does not wait.
///
/// Cost: O(elements).
template <class Real, int Rank, class Space, class Executor>
void add_to(const Executor& executor, const View<const Real, Rank, Space>& from,
            const Target<Real, Rank, Space>& target) {
  if (!target) return;
  for_each(executor, static_cast<std::int64_t>(from.size()),
           AddTo<Real>{from.data(), target.view.data(), target.update});
}

/// A parameter as a value of this step, for computations that have no block of their own.
///
/// Cost: O(1), copies nothing.
///
/// @return  shares the parameter's elements; its gradient goes to the parameter. A constant if the parameter is frozen
template <class Real, int Rank, class Space>
Value<Real, Rank, Space> use(auto& context, const Parameter<Real, Rank, Space>& parameter) {
  View<Real, Rank, Space> view;
  view.pointer = const_cast<Real*>(parameter.view().data());  // values are only read
  for (int r = 0; r < Rank; ++r) view.extents[r] = parameter.extent(r);
  if constexpr (std::remove_cvref_t<decltype(context)>::training)
    if (!parameter.empty() && !context.trains(parameter)) return view;  // nobody works out a gradient that is not kept
  auto* const gradient = context.gradient();
  // Without a gradient nothing of it ends with the step: the elements are the parameter's.
  const Value<Real, Rank, Space> value(view, gradient, gradient ? context.stamp() : 0);
  context.record(value, [value, p = &parameter](auto& c) {
    add_to<Real, Rank, Space>(c.executor(), c.gradient_of(value), c.gradient_to(*p));
  });
  return value;
}

}  // namespace longshore::inline LONGSHORE_ABI
