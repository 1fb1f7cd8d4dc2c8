// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>
#include <longshore/linalg/dot.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows and items whose logits exist at a time, and items that one body sums over in the forward pass.
inline constexpr Index softmax_rows = 32;
inline constexpr Index softmax_items = 512;
inline constexpr Index softmax_block = 4096;

/// What all passes over the catalogue read, and where a body keeps its logits.
template <class Real>
struct SoftmaxOperands {
  Index rows, items, features;
  const Real* interests;   // (B, D)
  const Real* panels;      // (I / softmax_items, D, softmax_items) the items transposed, panel by panel
  const Real* bias;        // (I) or null
  Real* logits;            // (bodies, softmax_rows, softmax_items)

  /// Logits of `height` rows from `row` and `width` items from `item`, to this body's scratch.
  template <class Team>
  KOKKOS_INLINE_FUNCTION Real* tile(const Team& team, Index row, Index height, Index item, Index width) const {
    Real* to = logits + static_cast<std::int64_t>(team.league()) * softmax_rows * softmax_items;
    multiply<Real>(team, height, width, features,
                   Strided<const Real>{interests + static_cast<std::int64_t>(row) * features, features},
                   Strided<const Real>{panels + static_cast<std::int64_t>(item) * features, softmax_items},
                   Strided<Real>{to, softmax_items}, Update::write,
                   bias ? bias + item : bias);
    team.barrier();
    return to;
  }
};

/// Transposes one panel of items: neighbouring rows of a panel lie close, unlike those of the whole table transposed.
template <class Real>
struct SoftmaxPanel {
  static inline const std::string label = "longshore::softmax_cross_entropy_forward";
  static constexpr int team_size = 128;
  Index items, features;
  const Real* table;  // (I, D)
  Real* panels;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * softmax_items;
    const Index width = items - first < softmax_items ? items - first : softmax_items;
    const Real* from = table + static_cast<std::int64_t>(first) * features;
    Real* to = panels + static_cast<std::int64_t>(first) * features;
    for (Index block = 0; block < width; block += 16) {
      const Index end = block + 16 < width ? block + 16 : width;
      for (Index d = team.rank(); d < features; d += team.size())
        for (Index j = block; j < end; ++j)
          to[static_cast<std::int64_t>(d) * softmax_items + j] = from[static_cast<std::int64_t>(j) * features + d];
    }
  }
};

/// The largest of a run of numbers; sixteen at a time, so that it vectorises.
template <class Real>
KOKKOS_INLINE_FUNCTION Real largest_of(const Real* x, Index count) {
  Real best[16];
  for (int lane = 0; lane < 16; ++lane) best[lane] = x[0];
  Index i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; ++lane) best[lane] = x[i + lane] > best[lane] ? x[i + lane] : best[lane];
  Real most = best[0];
  for (int lane = 1; lane < 16; ++lane) most = best[lane] > most ? best[lane] : most;
  for (; i < count; ++i) most = x[i] > most ? x[i] : most;
  return most;
}

/// sum over i of e^(x_i - shift), in sixteen sums side by side.
template <class Real>
KOKKOS_INLINE_FUNCTION Real sum_of_exponentials(const Real* x, Index count, Real shift) {
  Real sum[16] = {};
  Index i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; ++lane) sum[lane] += math::exp(x[i + lane] - shift);
  Real total = 0;
  for (int lane = 0; lane < 16; ++lane) total += sum[lane];
  for (; i < count; ++i) total += math::exp(x[i] - shift);
  return total;
}

/// Largest logit and sum of exponentials of one block of items, for a few rows.
template <class Real>
struct SoftmaxBlock {
  static inline const std::string label = "longshore::softmax_cross_entropy_forward";
  static constexpr int team_size = 128;
  SoftmaxOperands<Real> operands;
  Index blocks;
  Real* most;  // (B, blocks)
  Real* sums;  // (B, blocks)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index row = team.league() / blocks * softmax_rows, block = team.league() % blocks;
    const Index height = operands.rows - row < softmax_rows ? operands.rows - row : softmax_rows;
    const Index first = block * softmax_block;
    const Index last = first + softmax_block < operands.items ? first + softmax_block : operands.items;
    for (Index item = first; item < last; item += softmax_items) {
      const Index width = last - item < softmax_items ? last - item : softmax_items;
      const Real* logits = operands.tile(team, row, height, item, width);
      for (Index r = team.rank(); r < height; r += team.size()) {
        const Real* x = logits + static_cast<std::int64_t>(r) * softmax_items;
        const std::int64_t place = static_cast<std::int64_t>(row + r) * blocks + block;
        const Real here = largest_of(x, width);
        if (item == first) {
          most[place] = here;
          sums[place] = sum_of_exponentials(x, width, here);
        } else {
          const Real old = most[place], now = here > old ? here : old;
          sums[place] = sums[place] * math::exp(old - now) + sum_of_exponentials(x, width, now);
          most[place] = now;
        }
      }
      team.barrier();
    }
  }
};

/// The loss of one row from its blocks: a term for `sum_terms`. Keeps log sum e^x for backward.
template <class Real>
struct SoftmaxRowTerm {
  SoftmaxOperands<Real> operands;
  const Real* table;  // (I, D)
  Index blocks;
  const Real* most;
  const Real* sums;
  const Id* targets;     // (B)
  const float* weights;  // (B) or null
  Real scale;
  Real* log_sum;  // (B)
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t b) const {
    Real top = most[b * blocks];
    for (Index block = 1; block < blocks; ++block) top = most[b * blocks + block] > top ? most[b * blocks + block] : top;
    Real sum = 0;
    for (Index block = 0; block < blocks; ++block) sum += sums[b * blocks + block] * math::exp(most[b * blocks + block] - top);
    log_sum[b] = top + math::log(sum);
    const Id target = targets[b];
    const Index features = operands.features;
    Real hit = dot(operands.interests + b * features, table + static_cast<std::int64_t>(target) * features, features);
    if (operands.bias) hit += operands.bias[target];
    return (weights ? scale * static_cast<Real>(weights[b]) : scale) * ((top - hit) + math::log(sum));
  }
};

/// Logits of a tile to the gradient of the loss by them: weight (softmax - one at the target).
template <class Real>
struct SoftmaxSlope {
  const Real* log_sum;   // (B)
  const Id* targets;     // (B)
  const float* weights;  // (B) or null
  Real scale;
  const Real* dloss;  // (1)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team, Real* logits, Index row, Index height, Index item,
                                         Index width) const {
    for (Index r = 0; r < height; ++r) {
      Real* x = logits + static_cast<std::int64_t>(r) * softmax_items;
      const Index b = row + r;
      const Real shift = log_sum[b];
      const Real factor = scale * dloss[0] * (weights ? static_cast<Real>(weights[b]) : Real(1));
      for (Index j = team.rank(); j < width; j += team.size()) {
        const Real share = factor * math::exp(x[j] - shift);
        x[j] = item + j == targets[b] ? share - factor : share;
      }
    }
    team.barrier();
  }
};

/// The gradient by the interests of a few rows: slopes times items, over all items.
template <class Real, class Space>
struct SoftmaxInterestGradient {
  static inline const std::string label = "longshore::softmax_cross_entropy_backward";
  static constexpr int team_size = 128;
  SoftmaxOperands<Real> operands;
  SoftmaxSlope<Real> slope;
  const Real* table;  // (I, D)
  Target<Real, 2, Space> dinterests;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index row = team.league() * softmax_rows, features = operands.features;
    const Index height = operands.rows - row < softmax_rows ? operands.rows - row : softmax_rows;
    for (Index item = 0; item < operands.items; item += softmax_items) {
      const Index width = operands.items - item < softmax_items ? operands.items - item : softmax_items;
      Real* logits = operands.tile(team, row, height, item, width);
      slope(team, logits, row, height, item, width);
      multiply<Real>(team, height, features, width, Strided<const Real>{logits, softmax_items},
                     Strided<const Real>{table + static_cast<std::int64_t>(item) * features, features},
                     Strided<Real>{dinterests.view.row(row), features},
                     item == 0 ? dinterests.update : Update::add);
      team.barrier();
    }
  }
};

/// The gradient by a few items: transposed slopes times interests, over all rows.
template <class Real, class Space>
struct SoftmaxItemGradient {
  static inline const std::string label = "longshore::softmax_cross_entropy_backward";
  static constexpr int team_size = 128;
  SoftmaxOperands<Real> operands;
  SoftmaxSlope<Real> slope;
  Target<Real, 2, Space> ditems;
  Target<Real, 1, Space> dbias;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index item = team.league() * softmax_items, features = operands.features;
    const Index width = operands.items - item < softmax_items ? operands.items - item : softmax_items;
    for (Index row = 0; row < operands.rows; row += softmax_rows) {
      const Index height = operands.rows - row < softmax_rows ? operands.rows - row : softmax_rows;
      Real* logits = operands.tile(team, row, height, item, width);
      slope(team, logits, row, height, item, width);
      if (ditems)
        multiply<Real>(team, width, features, height, Strided<const Real>{logits, 1, softmax_items},
                       Strided<const Real>{operands.interests + static_cast<std::int64_t>(row) * features, features},
                       Strided<Real>{ditems.view.row(item), features}, row == 0 ? ditems.update : Update::add);
      if (dbias)
        for (Index j = team.rank(); j < width; j += team.size()) {
          Real sum = row == 0 && !dbias.adds() ? Real(0) : dbias.view(item + j);
          for (Index r = 0; r < height; ++r) sum += logits[static_cast<std::int64_t>(r) * softmax_items + j];
          dbias.view(item + j) = sum;
        }
      team.barrier();
    }
  }
};

inline Index softmax_blocks(Index items) { return (items + softmax_block - 1) / softmax_block; }
inline std::size_t softmax_tiles(Index rows) { return static_cast<std::size_t>((rows + softmax_rows - 1) / softmax_rows); }

inline Index softmax_panels(Index items) { return (items + softmax_items - 1) / softmax_items; }

/// Numbers of scratch that `SoftmaxCrossEntropy` needs: the items in panels and the logits of each body.
inline std::size_t softmax_cross_entropy_workspace(Index rows, Index items, Index features) {
  const std::size_t by_rows = softmax_tiles(rows) * static_cast<std::size_t>(softmax_blocks(items));
  const auto by_items = static_cast<std::size_t>(softmax_panels(items));
  return by_items * static_cast<std::size_t>(softmax_items) * static_cast<std::size_t>(features) +
         (by_rows > by_items ? by_rows : by_items) * static_cast<std::size_t>(softmax_rows) *
             static_cast<std::size_t>(softmax_items);
}

}  // namespace longshore::inline LONGSHORE_ABI
