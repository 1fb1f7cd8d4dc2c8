// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/kernels/for_each_row.hpp>
#include <longshore/linalg/team_dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A matrix as the only part of a shape with one candidate.
template <class T, class Space>
Parts<T> only_part(const View<T, 2, Space>& view) {
  Parts<T> parts;
  parts.count = 1;
  parts.users = view.extent(0);
  parts.candidates = 1;
  parts.part[0] = {view.data(), view.extent(1), 1, 0};
  return parts;
}

/// The body of `inverse_norms`, which says what it computes.
template <class Real>
struct InverseNorms {
  static inline const std::string label = "longshore::inverse_norms";
  Parts<const Real> parts;
  Real epsilon;
  Real* inverse;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Real* x = parts.row(0, b, c);
    const Real norm = math::sqrt(team_dot(team, x, x, parts.part[0].features));
    if (team.rank() == 0) inverse[r] = norm > epsilon ? Real(1) / norm : norm == norm ? Real(0) : norm;
  }
};

/// The body of `normalise_rows_forward`, which says what it computes.
template <class Real>
struct NormaliseRowsForward {
  static inline const std::string label = "longshore::normalise_rows_forward";
  Parts<const Real> parts;
  const Real* inverse;
  Real scale;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    put_scaled(team, features, scale * inverse[r], parts.row(0, b, c), y + r * features, false);
  }
};

/// The body of `normalise_rows_backward`, which says what it computes.
template <class Real>
struct NormaliseRowsBackward {
  static inline const std::string label = "longshore::normalise_rows_backward";
  const Real* dy;
  Parts<const Real> parts;
  const Real* inverse;
  Real scale;
  Real* dx;
  bool adds;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    const Real* x = parts.row(0, b, c);
    const Real* gradient = dy + r * features;
    const Real along = team_dot(team, gradient, x, features) * inverse[r] * inverse[r];
    put_scaled(team, features, scale * inverse[r], gradient, dx + r * features, adds);
    put_scaled(team, features, -scale * inverse[r] * along, x, dx + r * features, true);
  }
};

/// One over the length of each row, 0 for a row that is not longer than epsilon: it has no direction. Does not wait.
///
/// Cost: O(R D), no scratch.
///
/// @param x        (R, D)
/// @param inverse  (R) overwritten
template <class Real, class Space, class Executor>
void inverse_norms(const Executor& executor, View<const Real, 2, Space> x, Real epsilon, View<Real, 1, Space> inverse) {
  for_each_row<Space>(executor, x.extent(1), InverseNorms<Real>{only_part(x), epsilon, inverse.data()});
}

/// Brings rows to one length: y_r = scale x_r / |x_r|, 0 for a row without direction. Does not wait.
///
/// Cost: O(R D), no scratch.
///
/// @param x        (R, D)
/// @param inverse  (R) from `inverse_norms`
/// @param y        (R, D) overwritten
template <class Real, class Space, class Executor>
void normalise_rows_forward(const Executor& executor, View<const Real, 2, Space> x, View<const Real, 1, Space> inverse,
                            Real scale, View<Real, 2, Space> y) {
  for_each_row<Space>(executor, x.extent(1), NormaliseRowsForward<Real>{only_part(x), inverse.data(), scale, y.data()});
}

/// Gradient of `normalise_rows_forward`: dx (+)= scale / |x| (dy - x <dy, x> / |x|^2), 0 for a row without direction.
/// Does not wait.
///
/// Cost: O(R D), no scratch.
///
/// @param dy  (R, D)
/// @param dx  (R, D), or empty
template <class Real, class Space, class Executor>
void normalise_rows_backward(const Executor& executor, View<const Real, 2, Space> dy, View<const Real, 2, Space> x,
                             View<const Real, 1, Space> inverse, Real scale, Target<Real, 2, Space> dx) {
  if (!dx) return;
  for_each_row<Space>(
      executor, x.extent(1),
      NormaliseRowsBackward<Real>{dy.data(), only_part(x), inverse.data(), scale, dx.view.data(), dx.adds()});
}

}  // namespace longshore::inline LONGSHORE_ABI
