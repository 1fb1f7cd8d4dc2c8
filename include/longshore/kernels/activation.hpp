// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/math.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A function of one number, applied to every element. `gelu` is the exact one: x times the normal distribution.
enum class ActivationKind { identity, relu, leaky_relu, gelu, sigmoid, tanh, softplus, silu };

/// Whether the derivative looks at x. Where it does not, y is enough, and a fused kernel need not keep x.
KOKKOS_INLINE_FUNCTION constexpr bool derivative_needs_input(ActivationKind kind) {
  return kind == ActivationKind::leaky_relu || kind == ActivationKind::gelu || kind == ActivationKind::softplus ||
         kind == ActivationKind::silu;
}

/// f(x). Not-a-number gives not-a-number.
///
/// @param slope  of leaky_relu below zero
template <ActivationKind kind, class Real>
KOKKOS_INLINE_FUNCTION Real activate(Real x, [[maybe_unused]] Real slope) {
  if constexpr (kind == ActivationKind::relu)
    return x < Real(0) ? Real(0) : x;
  else if constexpr (kind == ActivationKind::leaky_relu)
    return x < Real(0) ? slope * x : x;
  else if constexpr (kind == ActivationKind::gelu)
    return x * math::normal_probability(x);
  else if constexpr (kind == ActivationKind::sigmoid)
    return math::sigmoid(x);
  else if constexpr (kind == ActivationKind::tanh)
    return math::tanh(x);
  else if constexpr (kind == ActivationKind::softplus)
    return math::softplus(x);
  else if constexpr (kind == ActivationKind::silu)
    return x * math::sigmoid(x);
  else
    return x;
}

/// f'(x); at the kink of relu and leaky_relu the value from the left, as PyTorch.
///
/// @param x  looked at only if `derivative_needs_input(kind)`
/// @param y  f(x)
template <ActivationKind kind, class Real>
KOKKOS_INLINE_FUNCTION Real activation_derivative([[maybe_unused]] Real x, [[maybe_unused]] Real y,
                                                  [[maybe_unused]] Real slope) {
  if constexpr (kind == ActivationKind::relu) {
    return y > Real(0) ? Real(1) : Real(0);
  } else if constexpr (kind == ActivationKind::leaky_relu) {
    return x > Real(0) ? Real(1) : slope;
  } else if constexpr (kind == ActivationKind::gelu) {
    return math::normal_probability(x) + x * Real(0.39894228040143267794) * math::exp(Real(-0.5) * x * x);
  } else if constexpr (kind == ActivationKind::sigmoid) {
    return y * (Real(1) - y);
  } else if constexpr (kind == ActivationKind::tanh) {
    return Real(1) - y * y;
  } else if constexpr (kind == ActivationKind::softplus) {
    return math::sigmoid(x);
  } else if constexpr (kind == ActivationKind::silu) {
    const Real gate = math::sigmoid(x);
    return gate + x * gate * (Real(1) - gate);
  } else {
    return Real(1);
  }
}

/// Calls `function.template run<kind>()` for a kind known at run time: the choice is made once, not at every element.
template <class Function>
KOKKOS_INLINE_FUNCTION void with_activation(ActivationKind kind, const Function& function) {
  switch (kind) {
    case ActivationKind::identity: return function.template run<ActivationKind::identity>();
    case ActivationKind::relu: return function.template run<ActivationKind::relu>();
    case ActivationKind::leaky_relu: return function.template run<ActivationKind::leaky_relu>();
    case ActivationKind::gelu: return function.template run<ActivationKind::gelu>();
    case ActivationKind::sigmoid: return function.template run<ActivationKind::sigmoid>();
    case ActivationKind::tanh: return function.template run<ActivationKind::tanh>();
    case ActivationKind::softplus: return function.template run<ActivationKind::softplus>();
    case ActivationKind::silu: return function.template run<ActivationKind::silu>();
  }
}

/// One run of elements with the activation known at compile time: what `activate_run` calls.
template <class Real, class Team>
struct ActivateRun {
  const Team& team;
  Index count;
  Real slope;
  const Real* x;
  Real* y;
  /// Does it with a kind that the compiler knows.
  template <ActivationKind kind>
  KOKKOS_INLINE_FUNCTION void run() const {
    if (x == y)  // clang: "the arrays overlap, so no vectors"
      for (Index j = team.rank(); j < count; j += team.size()) y[j] = activate<kind>(y[j], slope);
    else
      for (Index j = team.rank(); j < count; j += team.size()) y[j] = activate<kind>(x[j], slope);
  }
};

/// y_j = f(x_j) for a run of contiguous numbers, by the lanes of a team (no barrier inside): for fused kernels.
///
/// Cost: O(count), no scratch.
///
/// @param slope  of leaky_relu below zero
/// @param x      (count)
/// @param y      (count) overwritten; may be x
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void activate_run(const Team& team, ActivationKind kind, Real slope, Index count, const Real* x,
                                         Real* y) {
  with_activation(kind, ActivateRun<Real, Team>{team, count, slope, x, y});
}

/// The same for derivatives: what `differentiate_run` calls.
template <class Real, class Team>
struct DifferentiateRun {
  const Team& team;
  Index count;
  Real slope;
  const Real* dy;
  const Real* x;
  const Real* y;
  Real* dx;
  bool adds;
  /// Does it with a kind that the compiler knows.
  template <ActivationKind kind>
  KOKKOS_INLINE_FUNCTION void run() const {
    if (adds)
      for (Index j = team.rank(); j < count; j += team.size())
        dx[j] += dy[j] * activation_derivative<kind>(x[j], y[j], slope);
    else
      for (Index j = team.rank(); j < count; j += team.size())
        dx[j] = dy[j] * activation_derivative<kind>(x[j], y[j], slope);
  }
};

/// dx_j (+)= dy_j f'(x_j) for a run of contiguous numbers, by the lanes of a team (no barrier inside): for fused
/// kernels.
///
/// Cost: O(count), no scratch.
///
/// @param slope  of leaky_relu below zero
/// @param dy     (count)
/// @param x      (count); where `derivative_needs_input(kind)` is false, any readable numbers, such as y
/// @param y      (count) what the function gave
/// @param dx     (count) overwritten or added to; may be dy if it is overwritten
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void differentiate_run(const Team& team, ActivationKind kind, Real slope, Index count,
                                              const Real* dy, const Real* x, const Real* y, Real* dx, Update update) {
  with_activation(kind, DifferentiateRun<Real, Team>{team, count, slope, dy, x, y, dx, update == Update::add});
}

/// Elements that one team takes.
inline constexpr Index activation_chunk = 4096;

/// The body of `activation_forward`, which says what it computes.
template <class Real>
struct ActivationForward {
  static inline const std::string label = "longshore::activation_forward";
  static constexpr int team_size = 128;
  ActivationKind kind;
  Real slope;
  std::int64_t size;
  const Real* x;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t first = std::int64_t{team.league()} * activation_chunk;
    const auto count = static_cast<Index>(size - first < activation_chunk ? size - first : activation_chunk);
    activate_run(team, kind, slope, count, x + first, y + first);
  }
};

/// The body of `activation_backward`, which says what it computes.
template <class Real>
struct ActivationBackward {
  static inline const std::string label = "longshore::activation_backward";
  static constexpr int team_size = 128;
  ActivationKind kind;
  Real slope;
  std::int64_t size;
  const Real* dy;
  const Real* x;
  const Real* y;
  Real* dx;
  Update update;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t first = std::int64_t{team.league()} * activation_chunk;
    const auto count = static_cast<Index>(size - first < activation_chunk ? size - first : activation_chunk);
    differentiate_run(team, kind, slope, count, dy + first, x + first, y + first, dx + first, update);
  }
};

/// y = f(x), element by element. Does not wait.
///
/// Source: PyTorch's functions; leaky_relu Maas et al. 2013, gelu Hendrycks and Gimpel 2016, silu Elfwing et al. 2018.
/// Cost: O(B D), no scratch.
///
/// @param slope  of leaky_relu below zero
/// @param x      (B, D)
/// @param y      (B, D) overwritten; may be x
template <class Real, class Space, class Executor>
void activation_forward(const Executor& executor, ActivationKind kind, Real slope, View<const Real, 2, Space> x,
                        View<Real, 2, Space> y) {
  const auto size = static_cast<std::int64_t>(x.size());
  for_each_team<Space>(executor, (size + activation_chunk - 1) / activation_chunk,
                       ActivationForward<Real>{kind, slope, size, x.data(), y.data()});
}

/// dx (+)= dy f'(x), element by element. Does not wait.
///
/// Cost: O(B D), no scratch.
///
/// @param slope  of leaky_relu below zero
/// @param dy     (B, D)
/// @param x      (B, D); where `derivative_needs_input(kind)` is false, it may be y
/// @param y      (B, D)
/// @param dx     (B, D), or empty
template <class Real, class Space, class Executor>
void activation_backward(const Executor& executor, ActivationKind kind, Real slope, View<const Real, 2, Space> dy,
                         View<const Real, 2, Space> x, View<const Real, 2, Space> y, Target<Real, 2, Space> dx) {
  if (!dx) return;
  const auto size = static_cast<std::int64_t>(dy.size());
  for_each_team<Space>(
      executor, (size + activation_chunk - 1) / activation_chunk,
      ActivationBackward<Real>{kind, slope, size, dy.data(), x.data(), y.data(), dx.view.data(), dx.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
