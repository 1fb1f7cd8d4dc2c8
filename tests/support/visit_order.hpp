// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <longshore/kernels/rating_blocks.hpp>
#include <string>
#include <vector>

/// What a body of `visit_rating_blocks` was called with.
struct RatingVisit {
  longshore::RatingBlock block;
  longshore::Index user;
  std::int64_t entry;
};

/// A body that writes down what it is called with: on Serial only.
template <class Real>
struct RecordVisits {
  static inline const std::string label = "tests::record_visits";
  std::vector<RatingVisit>* visits;
  using Prepared = std::int64_t;
  KOKKOS_INLINE_FUNCTION Prepared prepare(const longshore::RatingBlock&, longshore::Index, std::int64_t n) const {
    return n;
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION longshore::StepLoss<Real> operator()(const Team&, const longshore::RatingBlock& block,
                                                              longshore::Index user, std::int64_t n,
                                                              Prepared ready) const {
#if !LONGSHORE_ON_DEVICE
    visits->push_back({block, user, ready});
#endif
    (void)block, (void)user, (void)ready;
    return {static_cast<Real>(n), Real(2)};
  }
};

/// The order in which Serial meets the entries, which every other space follows user by user and item by item.
template <class Real, class Space>
std::vector<RatingVisit> visit_order(const longshore::RatingBlocks<Real, Space>& blocks) {
  std::vector<RatingVisit> visits;
  longshore::visit_rating_blocks(Kokkos::Serial(), blocks, RecordVisits<Real>{&visits});
  return visits;
}
