// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include <longshore/core/parameter.hpp>
#include <longshore/core/random.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How the elements of a parameter are drawn at first: a name and its numbers. Plain data, so that settings can hold
/// it.
///
///     ls::normal(0.05)   ls::xavier_uniform()   ls::orthogonal()
///
/// Numbers are drawn on the host from a seed, so they are equal on every backend. For a matrix (out, in) fan-in is `in`
/// and fan-out `out`.
///
/// Cost: plain data; `initialise` does the work.
struct Initialiser {
  enum class Kind {
    constant,
    uniform,
    normal,
    truncated_normal,
    xavier_uniform,
    xavier_normal,
    kaiming_uniform,
    kaiming_normal,
    fan_in_uniform,
    orthogonal
  };
  Kind kind = Kind::constant;
  double scale = 0;
};

/// Every element is `value`.
constexpr Initialiser constant(double value) { return {Initialiser::Kind::constant, value}; }
/// Uniform in [-bound, bound).
constexpr Initialiser uniform(double bound) { return {Initialiser::Kind::uniform, bound}; }
/// Normal with mean 0.
constexpr Initialiser normal(double deviation) { return {Initialiser::Kind::normal, deviation}; }
/// Normal with mean 0, redrawn until within two deviations.
constexpr Initialiser truncated_normal(double deviation) { return {Initialiser::Kind::truncated_normal, deviation}; }
/// Uniform with bound gain sqrt(6 / (fan_in + fan_out)). Source: Glorot and Bengio 2010.
constexpr Initialiser xavier_uniform(double gain = 1) { return {Initialiser::Kind::xavier_uniform, gain}; }
/// Normal with deviation gain sqrt(2 / (fan_in + fan_out)). Source: Glorot and Bengio 2010.
constexpr Initialiser xavier_normal(double gain = 1) { return {Initialiser::Kind::xavier_normal, gain}; }
/// Uniform with bound gain sqrt(3 / fan_in); gain sqrt(2) suits ReLU. Source: He et al. 2015.
constexpr Initialiser kaiming_uniform(double gain = 1.4142135623730951) {
  return {Initialiser::Kind::kaiming_uniform, gain};
}
/// Normal with deviation gain / sqrt(fan_in). Source: He et al. 2015.
constexpr Initialiser kaiming_normal(double gain = 1.4142135623730951) {
  return {Initialiser::Kind::kaiming_normal, gain};
}
/// Uniform with bound gain / sqrt(fan_in): what PyTorch's Linear starts with.
constexpr Initialiser fan_in_uniform(double gain = 1) { return {Initialiser::Kind::fan_in_uniform, gain}; }
/// Rows (or columns, if there are fewer) orthonormal, times gain. Source: Saxe et al. 2014.
constexpr Initialiser orthogonal(double gain = 1) { return {Initialiser::Kind::orthogonal, gain}; }

/// An orthonormal set: `rows` vectors of `columns` >= rows numbers, from normal draws by Gram and Schmidt, done twice.
inline std::vector<double> orthonormal_rows(Index rows, Index columns, const Random& random) {
  const auto width = static_cast<std::size_t>(columns);
  std::vector<double> q(static_cast<std::size_t>(rows) * width);
  for (std::size_t i = 0; i < q.size(); ++i) q[i] = random.normal<double>(i);
  for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r) {
    double* row = &q[r * width];
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t s = 0; s < r; ++s) {
        const double* other = &q[s * width];
        double along = 0;
        for (std::size_t j = 0; j < width; ++j) along += row[j] * other[j];
        for (std::size_t j = 0; j < width; ++j) row[j] -= along * other[j];
      }
    double square = 0;
    for (std::size_t j = 0; j < width; ++j) square += row[j] * row[j];
    for (std::size_t j = 0; j < width; ++j) row[j] /= std::sqrt(square);
  }
  return q;
}

/// Draws the elements of a parameter on the host and copies them there. Blocks.
///
/// Cost: O(elements) on one thread, orthogonal O(rows columns times the lesser of them); memory the elements, on the
/// host.
///
/// @param random  a stream of its own for this parameter; equal streams give equal elements on every backend
/// @throws ShapeError if a bound, deviation or gain is below 0 or not finite; if an orthogonal start is asked for and
///                    the parameter is no matrix
template <class T, int Rank, class Space>
void initialise(Parameter<T, Rank, Space>& parameter, const Initialiser& how, const Random& random) {
  using Kind = Initialiser::Kind;
  expects(std::isfinite(how.scale) && (how.scale >= 0 || how.kind == Kind::constant),
          "initialise: bound, deviation or gain is a number of at least 0, a constant is finite; it is ", how.scale);
  if (parameter.empty()) return;
  const double fan_out = parameter.extent(0), fan_in = parameter.extent(Rank - 1);
  double bound = 0, deviation = 0;
  switch (how.kind) {
    case Kind::uniform: bound = how.scale; break;
    case Kind::xavier_uniform: bound = how.scale * std::sqrt(6 / (fan_in + fan_out)); break;
    case Kind::kaiming_uniform: bound = how.scale * std::sqrt(3 / fan_in); break;
    case Kind::fan_in_uniform: bound = how.scale / std::sqrt(fan_in); break;
    case Kind::normal:
    case Kind::truncated_normal: deviation = how.scale; break;
    case Kind::xavier_normal: deviation = how.scale * std::sqrt(2 / (fan_in + fan_out)); break;
    case Kind::kaiming_normal: deviation = how.scale / std::sqrt(fan_in); break;
    case Kind::constant:
    case Kind::orthogonal: break;
  }
  std::vector<T> elements(parameter.size(), static_cast<T>(how.scale));
  if (how.kind == Kind::orthogonal) {
    expects(Rank == 2, "initialise: orthogonal needs a matrix, the parameter has rank ", Rank);
    const Index rows = parameter.extent(0), columns = parameter.extent(Rank - 1);
    const bool wide = rows <= columns;
    const auto q = wide ? orthonormal_rows(rows, columns, random) : orthonormal_rows(columns, rows, random);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < columns; ++j)
        elements[static_cast<std::size_t>(i) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(j)] =
            static_cast<T>(
                how.scale *
                (wide ? q[static_cast<std::size_t>(i) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(j)]
                      : q[static_cast<std::size_t>(j) * static_cast<std::size_t>(rows) + static_cast<std::size_t>(i)]));
  } else if (how.kind == Kind::truncated_normal) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
      double draw = 0;
      std::uint32_t attempt = 0;
      do draw = random.stream(attempt++).template normal<double>(i);
      while (std::abs(draw) > 2);
      elements[i] = static_cast<T>(deviation * draw);
    }
  } else if (deviation > 0) {
    for (std::size_t i = 0; i < elements.size(); ++i)
      elements[i] = static_cast<T>(deviation * random.normal<double>(i));
  } else if (how.kind != Kind::constant) {
    for (std::size_t i = 0; i < elements.size(); ++i)
      elements[i] = static_cast<T>(bound * (2 * random.uniform<double>(i) - 1));
  }
  copy_from_host(elements, parameter.mutable_view());
}

}  // namespace longshore::inline LONGSHORE_ABI
