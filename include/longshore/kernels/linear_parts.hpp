// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <longshore/core/checked_size.hpp>
#include <longshore/kernels/concat_parts.hpp>
#include <longshore/kernels/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What the vectors of a part are shared by, inside a shape (B, C).
enum class Sharing { none, candidates, users, both };

/// By what the vectors of part k are shared.
template <class T>
Sharing sharing_of(const Parts<T>& parts, int k) {
  const bool users = parts.part[k].user_step == 0 && parts.users != 1;
  if (parts.is_shared(k)) return users ? Sharing::both : Sharing::candidates;
  return users ? Sharing::users : Sharing::none;
}

/// Rows of an array that is shared so: B C, B, C or 1. @throws ShapeError if they are more than an `Index` holds
template <class T>
Index rows_when(const Parts<T>& parts, Sharing sharing) {
  const bool by_candidates = sharing == Sharing::candidates || sharing == Sharing::both;
  const bool by_users = sharing == Sharing::users || sharing == Sharing::both;
  return checked_size("linear_parts", "users times candidates",
                      std::int64_t{by_users ? 1 : parts.users} * (by_candidates ? 1 : parts.candidates));
}

/// An array of one vector a row, shared so, as a part of the shape.
template <class T>
typename Parts<T>::Part part_when(T* data, Index features, Sharing sharing, Index candidates) {
  switch (sharing) {
    case Sharing::candidates: return {data, features, 1, 0};
    case Sharing::users: return {data, features, 0, 1};
    case Sharing::both: return {data, features, 0, 0};
    default: return {data, features, candidates, 1};
  }
}

/// The body of `add_parts`, which says what it computes.
template <class Real>
struct AddParts {
  static inline const std::string label = "longshore::add_parts";
  Parts<const Real> parts;
  Real* y;
  bool adds;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    for (int k = 0; k < parts.count; ++k)
      put_scaled(team, features, Real(1), parts.row(k, b, c), y + r * features, adds || k > 0);
  }
};

/// Sums `terms` rows of a gradient for each row that they share: in order.
template <class Real>
struct SumSharedRows {
  static inline const std::string label = "longshore::sum_shared_rows";
  static constexpr int team_size = 64;
  const Real* from;
  Index features, terms;
  std::int64_t row_step, term_step;
  Real* to;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Real* first = from + team.league() * row_step * features;
    Real* sum = to + std::int64_t{team.league()} * features;
    for (Index d = team.rank(); d < features; d += team.size()) sum[d] = 0;
    for (Index t = 0; t < terms; ++t)
      for (Index d = team.rank(); d < features; d += team.size()) sum[d] += first[t * term_step * features + d];
  }
};

/// The body of `place_columns`, which says what it computes.
template <class Real>
struct PlaceColumns {
  static inline const std::string label = "longshore::place_columns";
  const Real* from;
  Index width, first, columns;
  Real* to;
  Update update;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    Real& target = to[i / width * columns + first + i % width];
    target = update == Update::add ? target + from[i] : from[i];
  }
};

/// y_bc (+)= the sum over k of x_kbc. Does not wait.
///
/// Cost: O(n B C D), no scratch.
///
/// @param parts  n arrays (1 or B, 1 or C, D)
/// @param y      (B, C, D) overwritten, or added to
template <class Real, class Space, class Executor>
void add_parts(const Executor& executor, const Parts<const Real>& parts, Real* y, Update update) {
  for_each_row<Space>(executor, parts.part[0].features, AddParts<Real>{parts, y, update == Update::add});
}

/// Writes or adds the columns of one array into some of another. Does not wait.
///
/// Cost: O(rows width), no scratch.
///
/// @param from   (rows, width)
/// @param first  the column of `to` that column 0 goes to
/// @param to     (rows, columns)
template <class Real, class Executor>
void place_columns(const Executor& executor, Index rows, Index width, const Real* from, Index first, Index columns,
                   Real* to, Update update) {
  for_each(executor, std::int64_t{rows} * width, PlaceColumns<Real>{from, width, first, columns, to, update});
}

/// Numbers of scratch that `linear_parts_forward` needs.
template <class T>
std::size_t linear_parts_forward_workspace(const Parts<T>& parts, Index in, Index out) {
  return (static_cast<std::size_t>(in) + static_cast<std::size_t>(parts.users) +
          static_cast<std::size_t>(parts.candidates) + 1) *
         static_cast<std::size_t>(out);
}

/// y_bc = W [x_1bc, ..., x_nbc] + b without joining the parts: each is multiplied as often as it has vectors, not once
/// for every user and candidate that share it. Does not wait.
///
/// Cost: O(out sum over k of V_k D_k + B C out) with V_k the vectors of part k (B C, B, C or 1); scratch O((in + B + C)
/// out).
///
/// @param parts      n arrays (1 or B, 1 or C, D_k)
/// @param weights    (out, sum of D_k)
/// @param bias       (out) or empty
/// @param y          (B, C, out) overwritten
/// @param workspace  linear_parts_forward_workspace(parts, in, out) numbers
template <class Real, class Space, class Executor>
void linear_parts_forward(const Executor& executor, const Parts<const Real>& parts, View<const Real, 2, Space> weights,
                          View<const Real, 1, Space> bias, View<Real, 3, Space> y, View<Real, 1, Space> workspace) {
  const Index out = weights.extent(0), in = weights.extent(1);
  if (y.size() == 0) return;
  Real* transposed = workspace.data();  // (in, out)
  transpose<Real, Space>(executor, out, in, strided(weights), transposed);
  Real* room = transposed + std::int64_t{in} * out;
  const Real* pending_bias = bias.data();
  Parts<const Real> products;  // of parts that are shared
  products.users = parts.users;
  products.candidates = parts.candidates;
  bool adds = false;  // y holds products already
  for (const Sharing sharing : {Sharing::none, Sharing::candidates, Sharing::users, Sharing::both}) {
    const Index rows = rows_when(parts, sharing);
    Real* to = sharing == Sharing::none ? y.data() : room;
    Update update = Update::write;
    for (int k = 0; k < parts.count; ++k) {
      if (sharing_of(parts, k) != sharing) continue;
      const auto& part = parts.part[k];
      gemm_nn<Real, Space>(executor, rows, out, part.features, {part.data, part.features},
                           {transposed + std::int64_t{first_feature(parts, k)} * out, out}, {to, out}, update,
                           pending_bias);
      update = Update::add;
      pending_bias = nullptr;
    }
    if (update == Update::write) continue;
    if (sharing == Sharing::none) {
      adds = true;
    } else {
      products.part[products.count++] = part_when<const Real>(room, out, sharing, parts.candidates);
      room += std::int64_t{rows} * out;
    }
  }
  if (products.count > 0) add_parts<Real, Space>(executor, products, y.data(), adds ? Update::add : Update::write);
}

/// Numbers of scratch that `linear_parts_backward` needs.
template <class T>
std::size_t linear_parts_backward_workspace(const Parts<T>& parts, Index out) {
  const auto rows = rows_when(parts, Sharing::none);
  std::size_t largest = column_sums_workspace(rows, out);
  for (int k = 0; k < parts.count; ++k) {
    const Index features = parts.part[k].features;
    largest = std::max(largest, static_cast<std::size_t>(out) * static_cast<std::size_t>(features) +
                                    gemm_tn_workspace(out, features, rows));
  }
  return largest + (static_cast<std::size_t>(parts.users) + static_cast<std::size_t>(parts.candidates) + 1) *
                       static_cast<std::size_t>(out);
}

/// Gradients of `linear_parts_forward`; dy is summed in order over what shares a vector before it is multiplied. Does
/// not wait.
///
/// Cost: O(out sum over k of V_k D_k + B C out), the products twice; scratch as `linear_backward` of the widest part
/// and O((B + C) out).
///
/// @param dy         (B, C, out)
/// @param targets    of the parts, some perhaps empty
/// @param dweights   (out, sum of D_k), or empty
/// @param dbias      (out), or empty
/// @param workspace  linear_parts_backward_workspace(parts, out) numbers
template <class Real, class Space, class Executor>
void linear_parts_backward(const Executor& executor, View<const Real, 3, Space> dy, const Parts<const Real>& parts,
                           View<const Real, 2, Space> weights, const PartTargets<Real>& targets,
                           Target<Real, 2, Space> dweights, Target<Real, 1, Space> dbias,
                           View<Real, 1, Space> workspace) {
  const Index out = weights.extent(0), in = weights.extent(1), all = rows_when(parts, Sharing::none);
  Real* room = workspace.data();
  const Real* gradients[4] = {dy.data()};  // by Sharing
  for (int k = 0; k < parts.count; ++k) {
    const Sharing sharing = sharing_of(parts, k);
    const Real*& sum = gradients[static_cast<int>(sharing)];
    if (sum || (!targets.wants(k) && !dweights)) continue;
    const Index rows = rows_when(parts, sharing);
    if (sharing == Sharing::both)
      for_each_team<Space>(executor, 1, SumSharedRows<Real>{dy.data(), out, all, 0, 1, room});
    else if (sharing == Sharing::candidates)
      for_each_team<Space>(executor, rows,
                           SumSharedRows<Real>{dy.data(), out, parts.candidates, parts.candidates, 1, room});
    else
      for_each_team<Space>(executor, rows, SumSharedRows<Real>{dy.data(), out, parts.users, 1, parts.candidates, room});
    sum = room;
    room += std::int64_t{rows} * out;
  }
  for (int k = 0; k < parts.count; ++k) {
    const Sharing sharing = sharing_of(parts, k);
    const Index rows = rows_when(parts, sharing), features = parts.part[k].features, first = first_feature(parts, k);
    const Strided<const Real> gradient{gradients[static_cast<int>(sharing)], out};
    if (targets.wants(k))
      gemm_nn<Real, Space>(executor, rows, features, out, gradient, {weights.data() + first, in},
                           {targets.data[k], features}, targets.adds(k) ? Update::add : Update::write);
    if (!dweights) continue;
    const Strided<const Real> x{parts.part[k].data, features};
    Real* scratch = room + std::int64_t{out} * features;
    if (parts.count == 1) {
      gemm_tn<Real, Space>(executor, out, features, rows, gradient, x, dweights.view.data(), dweights.update, scratch);
      continue;
    }
    gemm_tn<Real, Space>(executor, out, features, rows, gradient, x, room, Update::write, scratch);
    place_columns<Real>(executor, out, features, room, first, in, dweights.view.data(), dweights.update);
  }
  if (dbias) column_sums<Real, Space>(executor, all, out, {dy.data(), out}, dbias.view.data(), dbias.update, room);
}

}  // namespace longshore::inline LONGSHORE_ABI
