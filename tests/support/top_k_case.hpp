// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <longshore/core/batch.hpp>
#include <longshore/retrieval/top_k_lists.hpp>

#include "kernel_case.hpp"

#if defined(KOKKOS_ENABLE_OPENMP)
#define ON_HOSTS \
  On<float, Kokkos::Serial>, On<double, Kokkos::Serial>, On<float, Kokkos::OpenMP>, On<double, Kokkos::OpenMP>
#else
#define ON_HOSTS On<float, Kokkos::Serial>, On<double, Kokkos::Serial>
#endif

/// Items in the order that a list must have: every score computed, in double, and sorted.
template <class Real, class Space>
std::vector<longshore::Id> sorted_items(const longshore::Tensor<Real, 2, Space>& items,
                                        const longshore::Tensor<Real, 2, Space>& queries, longshore::Index query,
                                        const std::set<longshore::Id>& removed = {}) {
  std::vector<std::pair<double, longshore::Id>> all;
  for (longshore::Index i = 0; i < items.extent(0); ++i) {
    double score = 0;
    for (longshore::Index d = 0; d < items.extent(1); ++d)
      score += static_cast<double>(items.view()(i, d)) * static_cast<double>(queries.view()(query, d));
    if (!removed.contains(i)) all.emplace_back(-score, i);
  }
  std::sort(all.begin(), all.end());
  std::vector<longshore::Id> ids;
  for (const auto& [score, id] : all) ids.push_back(id);
  return ids;
}

/// Small whole numbers: every product and sum is exact, and many scores are equal.
template <class Real, class Space>
longshore::Tensor<Real, 2, Space> whole_numbers(const longshore::Random& random, longshore::Index rows,
                                                longshore::Index features) {
  std::vector<Real> numbers;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(features); ++i)
    numbers.push_back(static_cast<Real>(random.below(i, 7)) - 3);
  return filled_tensor<Real, 2, Space>(numbers, rows, features);
}

template <class T, class Space>
std::vector<T> row_of(const longshore::View<T, 2, Space>& view, longshore::Index row) {
  return {view.row(row), view.row(row) + view.extent(1)};
}

/// Lists of ids, one for each query, as searches take them.
template <class Space>
struct IdSequences {
  longshore::Tensor<longshore::Id, 1, Space> ids;
  longshore::Tensor<longshore::Index, 1, Space> offsets;
  longshore::History<Space> history;
  explicit IdSequences(const std::vector<std::vector<longshore::Id>>& lists)
      : offsets(static_cast<longshore::Index>(lists.size() + 1)) {
    std::vector<longshore::Id> all;
    for (std::size_t q = 0; q < lists.size(); ++q) {
      all.insert(all.end(), lists[q].begin(), lists[q].end());
      offsets.view()(static_cast<longshore::Index>(q) + 1) = static_cast<longshore::Index>(all.size());
      history.offsets.longest = std::max(history.offsets.longest, static_cast<longshore::Index>(lists[q].size()));
    }
    ids = filled_tensor<longshore::Id, 1, Space>(all, all.size());
    history.items = ids.view();
    history.offsets.view = offsets.view();
  }
};

/// Ids and the bits of scores: what must be the same whichever way lists are found.
template <class Real, class Space>
std::pair<std::vector<longshore::Id>, std::vector<std::uint64_t>> bits_of(
    const longshore::TopKLists<Real, Space>& lists) {
  Kokkos::fence();
  std::pair<std::vector<longshore::Id>, std::vector<std::uint64_t>> bits;
  bits.first.assign(lists.items.data(), lists.items.data() + lists.items.size());
  for (std::size_t i = 0; i < lists.scores.size(); ++i)
    if constexpr (sizeof(Real) == 4)
      bits.second.push_back(std::bit_cast<std::uint32_t>(lists.scores.data()[i]));
    else
      bits.second.push_back(std::bit_cast<std::uint64_t>(lists.scores.data()[i]));
  return bits;
}
