// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <longshore/kernels/paired_blocks.hpp>
#include <string>
#include <vector>

/// What a body of `visit_rating_blocks` was called with, or one of `visit_paired_blocks`, with a `GroupPair`.
template <class Block>
struct Met {
  Block block;
  longshore::Index user;
  std::int64_t entry;
};

/// A body of `visit_rating_blocks` that writes down what it is called with: on Serial only.
template <class Real>
struct RecordVisits {
  static inline const std::string label = "tests::record_visits";
  std::vector<Met<longshore::RatingBlock>>* visits;
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

/// The same for `visit_paired_blocks`: which entries it meets, each with its item's group first.
template <class Real>
struct RecordPairVisits {
  static inline const std::string label = "tests::record_pair_visits";
  std::vector<Met<longshore::GroupPair>>* visits;
  using Visit = longshore::PairVisit;
  struct Prepared {
    longshore::GroupPair groups;
    std::int64_t entry;
  };
  KOKKOS_INLINE_FUNCTION void enter(Visit&) const {}
  template <int count>
  KOKKOS_INLINE_FUNCTION int prepare(const Visit& visit, std::int64_t first, Prepared (&ready)[count]) const {
    int made = 0;
    for (std::int64_t at = first; at < visit.count() && made < count; ++at, ++made) {
      const auto [own, other] = visit.groups;
      ready[made] = {visit.part(at) == 0 ? longshore::GroupPair{own, other} : longshore::GroupPair{other, own},
                     visit.entry(at)};
    }
    return made;
  }
  KOKKOS_INLINE_FUNCTION void fetch(const Prepared&) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION Real score(const Team&, const Visit&, const Prepared& ready) const {
    return static_cast<Real>(ready.entry);
  }
  template <int count>
  KOKKOS_INLINE_FUNCTION void judge(const Real (&scores)[count], Real (&pushes)[count], Real (&losses)[count]) const {
    for (int i = 0; i < count; ++i) pushes[i] = losses[i] = scores[i];
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void change(const Team&, const Visit& visit, const Prepared& ready, Real) const {
#if !LONGSHORE_ON_DEVICE
    visits->push_back({ready.groups, visit.user, ready.entry});
#endif
    (void)visit, (void)ready;
  }
};

/// The order in which Serial meets the entries, which every other space follows user by user and item by item.
template <class Real, class Space>
std::vector<Met<longshore::RatingBlock>> visit_order(const longshore::RatingBlocks<Real, Space>& blocks) {
  std::vector<Met<longshore::RatingBlock>> visits;
  longshore::visit_rating_blocks(Kokkos::Serial(), blocks, RecordVisits<Real>{&visits});
  return visits;
}
template <class Real, class Space>
std::vector<Met<longshore::GroupPair>> visit_order(const longshore::PairedBlocks<Real, Space>& blocks) {
  std::vector<Met<longshore::GroupPair>> visits;
  longshore::visit_paired_blocks(Kokkos::Serial(), blocks, RecordPairVisits<Real>{&visits});
  return visits;
}
