// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>

#include <longshore/core/scratch.hpp>
#include <longshore/core/use.hpp>

/// The elements of several values one after the other: so that a test of a block with several results has one output.
///
/// @return  (total number of elements)
template <class Real, class Space>
longshore::Value<Real, 1, Space> join(auto& context, std::initializer_list<longshore::Value<Real, 1, Space>> parts) {
  using namespace longshore;
  Index total = 0, first = 0;
  for (const auto& part : parts) total += part.extent(0);
  const auto all = make_value<Real>(context, total);
  for (const auto& part : parts) {
    const Index count = part.extent(0);
    if (count == 0) continue;
    add_to<Real, 1, Space>(context.executor(), {part.data.data(), count}, {{all.data.data() + first, count}});
    context.record(all, [all, part, first, count](auto& c) {
      add_to<Real, 1, Space>(c.executor(), {c.gradient_of(all).data() + first, count}, c.gradient_to(part));
    });
    first += count;
  }
  return all;
}

/// A value of any rank as one run of numbers.
template <class Real, int Rank, class Space>
longshore::Value<Real, 1, Space> flat(const longshore::Value<Real, Rank, Space>& value) {
  return reshape(value, static_cast<longshore::Index>(value.data.size()));
}
