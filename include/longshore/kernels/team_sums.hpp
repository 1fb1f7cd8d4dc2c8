// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/team.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adds up one chunk of columns; `sum_teams` launches it.
template <class Real>
struct SumTeams {
  static inline const std::string label = "longshore::sum_teams";
  static constexpr int team_size = 128;
  static constexpr std::int64_t chunk = 512;
  const Real* sums;  // (teams, stride)
  Index teams;
  std::int64_t stride, size;
  Real* to;
  Update update;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t first = team.league() * chunk, last = first + chunk < size ? first + chunk : size;
    if (update == Update::write)
      for (std::int64_t i = first + team.rank(); i < last; i += team.size()) to[i] = 0;
    for (Index p = 0; p < teams; ++p)
      for (std::int64_t i = first + team.rank(); i < last; i += team.size()) to[i] += sums[p * stride + i];
  }
};

/// to (+)= the sum over teams of `size` columns of sums (teams, stride), in the order of the teams. Does not wait.
///
/// Cost: O(teams size), no scratch.
template <class Real, class Space, class Executor>
void sum_teams(const Executor& executor, const Real* sums, Index teams, std::int64_t stride, std::int64_t size,
               Real* to, Update update) {
  constexpr std::int64_t chunk = SumTeams<Real>::chunk;
  for_each_team<Space>(executor, (size + chunk - 1) / chunk, SumTeams<Real>{sums, teams, stride, size, to, update});
}

/// Sums that the teams of a walk found for each of `width` columns.
template <class Real>
struct TeamSums {
  const Real* sums;  // (teams, width)
  Index teams, width;

  /// Elements `first` on of a target (+)= the sums of `count` columns from `from` on. Does not wait.
  template <class Space, class Executor>
  void add_to(const Executor& executor, Index from, Index count, const Target<Real, 1, Space>& target,
              Index first) const {
    if (target)
      sum_teams<Real, Space>(executor, sums + from, teams, width, count, target.view.data() + first, target.update);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
