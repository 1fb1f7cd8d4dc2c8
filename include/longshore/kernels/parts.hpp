// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/interest_list.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The arrays of an `InterestList`, as kernels see them: part k has a vector for user b and candidate c, shared or its
/// own.
///
/// Cost: copies nothing; every question O(1).
template <class T>
struct Parts {
  static constexpr int most = 9;  // eight interests and the candidates
  struct Part {
    T* data = nullptr;
    Index features = 0;
    Index user_step = 0;       // rows from one user to the next; 0: all users share
    Index candidate_step = 0;  // rows from one candidate to the next; 0: all candidates share

    /// Which of its vectors serves user b and candidate c.
    KOKKOS_INLINE_FUNCTION std::int64_t position(Index b, Index c) const {
      return std::int64_t{b} * user_step + std::int64_t{c} * candidate_step;
    }
    KOKKOS_INLINE_FUNCTION std::int64_t offset(Index b, Index c) const { return position(b, c) * features; }
    KOKKOS_INLINE_FUNCTION T* row(Index b, Index c) const { return data + offset(b, c); }
  };
  Part part[most];
  int count = 0;
  Index users = 0;       // B
  Index candidates = 0;  // C

  /// The vector of part k for user b and candidate c.
  KOKKOS_INLINE_FUNCTION T* row(int k, Index b, Index c) const { return part[k].row(b, c); }
  /// Rows of (B, C).
  KOKKOS_INLINE_FUNCTION std::int64_t rows() const { return std::int64_t{users} * candidates; }
  /// Whether one vector of part k serves several candidates.
  KOKKOS_INLINE_FUNCTION bool is_shared(int k) const { return part[k].candidate_step == 0 && candidates != 1; }
};

/// Where the gradients by parts go; each has the shape of its part.
template <class Real>
struct PartTargets {
  Real* data[Parts<Real>::most] = {};  // null: nobody wants it
  unsigned adding = 0;                 // bit k: add to what is there

  KOKKOS_INLINE_FUNCTION bool wants(int k) const { return data[k] != nullptr; }
  KOKKOS_INLINE_FUNCTION bool adds(int k) const { return (adding >> k & 1u) != 0; }
  KOKKOS_INLINE_FUNCTION Real* row(const Parts<const Real>& parts, int k, Index b, Index c) const {
    return data[k] + parts.part[k].offset(b, c);
  }
};

/// The steps of an array (users, candidates, features) inside a shape (B, C).
template <class T, class Space>
typename Parts<T>::Part part_of(const View<T, 3, Space>& view) {
  const Index users = view.extent(0), candidates = view.extent(1);
  return {view.data(), view.extent(2), users == 1 ? 0 : candidates, candidates == 1 ? 0 : 1};
}

/// An `InterestList` as kernels see it.
///
/// Cost: O(n), copies nothing.
template <class Real, class Space>
Parts<const Real> parts_of(const InterestList<Real, Space>& list) {
  Parts<const Real> parts;
  parts.count = list.count;
  parts.users = list.users;
  parts.candidates = list.candidates;
  for (int k = 0; k < list.count; ++k) parts.part[k] = part_of(View<const Real, 3, Space>(list[k].vectors.data));
  return parts;
}

/// Where the gradients by the parts go, asked for in their order; two parts may be one value.
///
/// Cost: O(n), and O(D) numbers of the arena for each gradient that nobody asked for before.
template <class Real, class Space>
PartTargets<Real> part_targets(auto& context, const InterestList<Real, Space>& list) {
  PartTargets<Real> targets;
  for (int k = 0; k < list.count; ++k) {
    const auto target = context.gradient_to(list[k].vectors);
    targets.data[k] = target.view.data();
    if (target.adds()) targets.adding |= 1u << k;
  }
  return targets;
}

}  // namespace longshore::inline LONGSHORE_ABI
