// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/kernels/row_lanes.hpp>
#include <longshore/kernels/row_systems.hpp>
#include <longshore/linalg/sum_four.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a pass over the entries of a row does with their scores s_e = y_e p.
enum class RowPass {
  residual,   ///< adds (b_e - a_e s_e) y_e to a vector, and gives sum_e b_e s_e
  product,    ///< adds a_e s_e y_e to a vector
  quadratic,  ///< gives sum_e a_e s_e s_e
  scores,     ///< adds s_e to a list
};

/// Registers that hold both a vector and a sum of its size while rows pass by.
template <int Registers>
inline constexpr int held_registers = 2 * Registers + 8 <= (simd_bytes == 64 ? 32 : 16) ? Registers : 0;

/// Goes once over entries of a row, four at a time, on a host: a table row is read once, its score and what it adds
/// come from registers.
///
/// Cost: O(n D) for n entries.
///
/// @param table    the part of the table's rows that counts, in rows of `stride` numbers
/// @param columns  (n) rows of the table
/// @param values   (n)
/// @param p        (spread D)
/// @param sum      (spread D) added to, by `residual` and `product`; numbers that the last register repeats are to be
///                 cleared
/// @param scores   (n) added to, by `scores`
/// @return         what the pass says, else 0
template <RowPass pass, class Real, class Vector, int Registers>
[[gnu::flatten]] inline Real pass_rows(const RowLanes<Vector, Registers>& lanes, const EntryWeights<Real>& weights,
                                       const Real* table, std::int64_t stride, const Id* columns, const Real* values,
                                       std::int64_t count, const Real* p, Real* sum, Real* scores = nullptr) {
  constexpr Index width = Vector::width;
  constexpr int held = held_registers<Registers>;
  constexpr bool adds = pass == RowPass::residual || pass == RowPass::product;
  Vector left[held > 0 ? held : 1], total[held > 0 ? held : 1];
  if constexpr (held > 0)
    unroll<held>([&](auto v) {
      left[v] = Vector::load(p + v * width);
      if constexpr (adds) total[v] = Vector::load(sum + v * width);
    });
  Real result = 0;
  Id rest_columns[4];
  Real rest_values[4];
  for (std::int64_t e = 0; e < count; e += 4) {
    const std::int64_t here = count - e;
    const Id* named = columns + e;
    const Real* value = values + e;
    if (here < 4) [[unlikely]] {  // the last row again, whose weight is set to 0
      for (std::int64_t j = 0; j < 4; ++j) {
        rest_columns[j] = columns[j < here ? e + j : count - 1];
        rest_values[j] = values[j < here ? e + j : count - 1];
      }
      named = rest_columns;
      value = rest_values;
    }
    const Real* y[4];
    unroll<4>([&](auto j) { y[j] = table + named[j] * stride; });
    Vector dot[4];
    unroll<4>([&](auto j) { dot[j] = Vector::broadcast(0); });
    if constexpr (held > 0) {
      unroll<held>(
          [&](auto v) { unroll<4>([&](auto j) { dot[j].add_product(Vector::load(y[j] + v * width), left[v]); }); });
    } else {
      const auto add = [&](Index from, Index at) {
        const Vector one = Vector::load(p + at);
        unroll<4>([&](auto j) { dot[j].add_product(Vector::load(y[j] + from), one); });
      };
      for (Index v = 0; v < lanes.full(); ++v) add(v * width, v * width);
      if (lanes.overlaps()) add(lanes.last_start(), lanes.full() * width);
    }
    Real score[4], factor[4];
    sum_four(dot[0], dot[1], dot[2], dot[3], score);
    if constexpr (pass == RowPass::scores) {
      for (int j = 0; j < 4 && j < here; ++j) scores[e + j] += score[j];
      continue;
    }
    if constexpr (pass == RowPass::residual) {
      Real target[4];
      for (int j = 0; j < 4; ++j) target[j] = weights.target(value[j]);
      for (int j = 0; j < 4; ++j) factor[j] = target[j] - weights.weight(value[j]) * score[j];
      for (int j = 0; j < 4; ++j) score[j] *= target[j];
    } else {
      for (int j = 0; j < 4; ++j) factor[j] = weights.weight(value[j]) * score[j];
      if constexpr (pass == RowPass::quadratic)
        for (int j = 0; j < 4; ++j) score[j] *= factor[j];
    }
    if (here < 4) [[unlikely]]
      for (std::int64_t j = here; j < 4; ++j) score[j] = factor[j] = 0;
    if constexpr (pass != RowPass::product) result += (score[0] + score[1]) + (score[2] + score[3]);
    if constexpr (adds) {
      Vector by[4];
      unroll<4>([&](auto j) { by[j] = Vector::broadcast(factor[j]); });
      if constexpr (held > 0) {
        unroll<held>(
            [&](auto v) { unroll<4>([&](auto j) { total[v].add_product(Vector::load(y[j] + v * width), by[j]); }); });
      } else {
        const auto add = [&](Index from, Index at) {
          Vector part = Vector::load(sum + at);
          unroll<4>([&](auto j) { part.add_product(Vector::load(y[j] + from), by[j]); });
          part.store(sum + at);
        };
        for (Index v = 0; v < lanes.full(); ++v) add(v * width, v * width);
        if (lanes.overlaps()) add(lanes.last_start(), lanes.full() * width);
      }
    }
  }
  if constexpr (held > 0 && adds) unroll<held>([&](auto v) { total[v].store(sum + v * width); });
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
