// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/team.hpp>
#include <longshore/kernels/parts.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows, or users with all their candidates, that one team takes: some thousand numbers, so that starting it costs
/// little. Depends on sizes only, as results must.
template <class Space>
Index rows_per_team(std::int64_t numbers_per_row) {
  if constexpr (!is_host_space<Space>) return 1;
  const std::int64_t rows = 8192 / (numbers_per_row > 0 ? numbers_per_row : 1);
  return rows > 1 ? static_cast<Index>(rows) : 1;
}

/// to (+)= factor * from, by the lanes of a team.
///
/// Cost: O(size).
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void put_scaled(const Team& team, Index size, Real factor, const Real* from, Real* to,
                                       bool adds) {
  if (adds)
    for (Index d = team.rank(); d < size; d += team.size()) to[d] += factor * from[d];
  else
    for (Index d = team.rank(); d < size; d += team.size()) to[d] = factor * from[d];
}

/// The body of `for_each_row`, which says what it computes.
template <class Body>
struct EachRow {
  static inline const std::string& label = Body::label;
  static constexpr int team_size = 64;
  Body body;
  Index rows_each;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t rows = body.parts.rows();
    const std::int64_t first = std::int64_t{team.league()} * rows_each;
    const std::int64_t last = first + rows_each < rows ? first + rows_each : rows;
    for (std::int64_t r = first; r < last; ++r)
      body.row(team, r, static_cast<Index>(r / body.parts.candidates), static_cast<Index>(r % body.parts.candidates));
  }
};

/// The body of `for_each_target`, which says what it computes.
template <class Body>
struct EachTarget {
  static inline const std::string& label = Body::label;
  static constexpr int team_size = 64;
  Body body;
  Index users_each;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * users_each;
    const Index last = first + users_each < body.parts.users ? first + users_each : body.parts.users;
    for (Index b = first; b < last; ++b)
      for (int k = 0; k < body.parts.count; ++k)
        if (body.targets.wants(k)) user(team, k, b);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void user(const Team& team, int k, Index b) const {
    const bool shared = body.parts.is_shared(k), adds = body.targets.adds(k);
    if (shared && !adds) {
      auto* to = body.targets.row(body.parts, k, b, 0);
      for (Index d = team.rank(); d < body.parts.part[k].features; d += team.size()) to[d] = 0;
    }
    for (Index c = 0; c < body.parts.candidates; ++c)
      body.put(team, std::int64_t{b} * body.parts.candidates + c, k, b, c, body.targets.row(body.parts, k, b, c),
               shared || adds);
  }
};

/// Runs `body.row(team, r, b, c)` for each row r = b C + c of the shape (B, C) of `body.parts`. Does not wait.
///
/// Cost: one launch, B C calls of the body; no scratch.
///
/// @param numbers  about how many numbers a row reads
template <class Space, class Executor, class Body>
void for_each_row(const Executor& executor, std::int64_t numbers, const Body& body) {
  const Index each = rows_per_team<Space>(numbers);
  for_each_team<Space>(executor, (body.parts.rows() + each - 1) / each, EachRow<Body>{body, each});
}

/// Runs `body.put(team, r, k, b, c, to, adds)` for each part k whose gradient `body.targets` wants, and each row r = b
/// C + c. Does not wait.
///
/// One team takes all candidates of a user in their order, lane l the features l, l + size, ...: `put` writes or adds
/// the row's share of the gradient to `to`, without a barrier, also where several candidates or two parts share it.
///
/// Cost: one launch, B C calls of the body for each wanted part; no scratch.
///
/// @param numbers  about how many numbers a row reads
template <class Space, class Executor, class Body>
void for_each_target(const Executor& executor, std::int64_t numbers, const Body& body) {
  const Index each = rows_per_team<Space>(body.parts.candidates * numbers);
  for_each_team<Space>(executor, (body.parts.users + each - 1) / each, EachTarget<Body>{body, each});
}

}  // namespace longshore::inline LONGSHORE_ABI
