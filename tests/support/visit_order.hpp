// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <longshore/kernels/paired_blocks.hpp>
#include <string>
#include <vector>

/// What a body of `visit_rating_blocks` was called with, or one of `visit_paired_blocks`, which gets a `GroupPair`.
template <class Block>
struct Visit {
  Block block;
  longshore::Index user;
  std::int64_t entry;
};

/// A body that writes down what it is called with: on Serial only.
template <class Real, class Block>
struct RecordVisits {
  static inline const std::string label = "tests::record_visits";
  std::vector<Visit<Block>>* visits;
  using Prepared = std::int64_t;
  KOKKOS_INLINE_FUNCTION Prepared prepare(const Block&, longshore::Index, std::int64_t n) const { return n; }
  template <class Team>
  KOKKOS_INLINE_FUNCTION longshore::StepLoss<Real> operator()(const Team&, const Block& block, longshore::Index user,
                                                              std::int64_t n, Prepared ready) const {
#if !LONGSHORE_ON_DEVICE
    visits->push_back({block, user, ready});
#endif
    (void)block, (void)user, (void)ready;
    return {static_cast<Real>(n), Real(2)};
  }
};

/// The order in which Serial meets the entries, which every other space follows user by user and item by item.
template <class Real, class Space>
std::vector<Visit<longshore::RatingBlock>> visit_order(const longshore::RatingBlocks<Real, Space>& blocks) {
  std::vector<Visit<longshore::RatingBlock>> visits;
  longshore::visit_rating_blocks(Kokkos::Serial(), blocks, RecordVisits<Real, longshore::RatingBlock>{&visits});
  return visits;
}
template <class Real, class Space>
std::vector<Visit<longshore::GroupPair>> visit_order(const longshore::PairedBlocks<Real, Space>& blocks) {
  std::vector<Visit<longshore::GroupPair>> visits;
  longshore::visit_paired_blocks(Kokkos::Serial(), blocks, RecordVisits<Real, longshore::GroupPair>{&visits});
  return visits;
}
