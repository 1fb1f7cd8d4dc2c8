// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <longshore/core/executor.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A team of one thread: what the body of `for_each_team` gets on a host. Loops over lanes become plain loops.
struct HostTeam {
  Index league_rank;

  /// Which of the launch's bodies this is.
  KOKKOS_INLINE_FUNCTION Index league() const { return league_rank; }
  /// Which lane of the team this is, and how many there are.
  KOKKOS_INLINE_FUNCTION static constexpr Index rank() { return 0; }
  KOKKOS_INLINE_FUNCTION static constexpr Index size() { return 1; }
  static constexpr bool single = true;
  /// Waits for all lanes; what they wrote is then seen by all.
  KOKKOS_INLINE_FUNCTION void barrier() const {}
  /// The sum of all lanes' numbers: that of the only one.
  template <class Real>
  KOKKOS_INLINE_FUNCTION Real sum(Real mine) const {
    return mine;
  }
  /// The greatest of all lanes' numbers: that of the only one.
  template <class Real>
  KOKKOS_INLINE_FUNCTION Real max(Real mine) const {
    return mine;
  }
};

/// A team of device threads (one block on CUDA).
template <class Member>
struct DeviceTeam {
  const Member& member;
  static constexpr bool single = false;

  KOKKOS_INLINE_FUNCTION Index league() const { return static_cast<Index>(member.league_rank()); }
  KOKKOS_INLINE_FUNCTION Index rank() const { return static_cast<Index>(member.team_rank()); }
  KOKKOS_INLINE_FUNCTION Index size() const { return static_cast<Index>(member.team_size()); }
  KOKKOS_INLINE_FUNCTION void barrier() const { member.team_barrier(); }
  /// The sum of everybody's number, to everybody; the order of the sum is fixed.
  template <class Real>
  KOKKOS_INLINE_FUNCTION Real sum(Real mine) const {
    member.team_reduce(Kokkos::Sum<Real>(mine));
    return mine;
  }
  /// The greatest of everybody's numbers, to everybody.
  template <class Real>
  KOKKOS_INLINE_FUNCTION Real max(Real mine) const {
    member.team_reduce(Kokkos::Max<Real>(mine));
    return mine;
  }
};

/// Adapts a team body to Kokkos' launchers; see `for_each_team`.
template <class Space, class Functor>
struct TeamLaunch {
  using Member = typename Kokkos::TeamPolicy<Space>::member_type;
  Functor functor;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t league) const { functor(HostTeam{static_cast<Index>(league)}); }
  KOKKOS_INLINE_FUNCTION void operator()(const Member& member) const { functor(DeviceTeam<Member>{member}); }
};

/// Runs `functor(team)` for every league index below count. Does not wait.
///
/// On a host each body runs on one thread (`team.size()` is 1 at compile time, so lane loops vectorise); threads take
/// the next body when they are free, which suits ragged work; a single body is a call. On a device each body runs on a
/// team of `Functor::team_size` threads. Write lane loops as
///
///     for (Index j = team.rank(); j < features; j += team.size()) ...
///     team.barrier();    // before reading what other lanes wrote
///
/// The functor is a struct at namespace scope with `template <class Team> KOKKOS_INLINE_FUNCTION void
/// operator()(const Team& team) const`, `static inline const std::string label` and `static constexpr int team_size`.
///
/// Cost: one launch, count calls.
///
/// @throws Error outside the life of Kokkos
/// @throws ShapeError for 2^31 teams or more
template <class Space, class Executor, class Functor>
void for_each_team(const Executor& executor, std::int64_t count, const Functor& functor) {
  if (count <= 0) return;
  expects(std::in_range<Index>(count), std::string_view(Functor::label), ": ", count,
          " teams are more than an Index counts");
  if constexpr (std::is_same_v<Executor, Inline>) {
    for (std::int64_t i = 0; i < count; ++i) functor(HostTeam{static_cast<Index>(i)});
  } else {
    expects_kokkos(Functor::label.c_str());
    if constexpr (launches_block<Executor>)
      if (count == 1) return functor(HostTeam{0});
    if constexpr (is_host_space<Space>) {
      using Policy = Kokkos::RangePolicy<Space, Kokkos::IndexType<std::int64_t>, Kokkos::Schedule<Kokkos::Dynamic>>;
      Kokkos::parallel_for(Functor::label, Policy(executor, 0, count, Kokkos::ChunkSize(1)),
                           TeamLaunch<Space, Functor>{functor});
    } else {
      Kokkos::parallel_for(Functor::label,
                           Kokkos::TeamPolicy<Space>(executor, static_cast<int>(count), Functor::team_size),
                           TeamLaunch<Space, Functor>{functor});
    }
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
