// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <longshore/core/random.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/core/tensor.hpp>

#include "extents.hpp"
#include "golden.hpp"

/// Lengths of sequences, drawn or read, and their offsets on a space: what makes a step matrix ragged.
template <class Space>
struct Ragged {
  std::vector<longshore::Index> bounds{0};  // (B + 1)
  longshore::Tensor<longshore::Index, 1, Space> memory;

  Ragged() : Ragged(std::vector<longshore::Index>{}) {}
  explicit Ragged(const std::vector<longshore::Index>& lengths) {
    for (const auto length : lengths) bounds.push_back(bounds.back() + length);
    memory = longshore::Tensor<longshore::Index, 1, Space>(static_cast<longshore::Index>(bounds.size()));
    longshore::copy_from_host(bounds, memory.view());
  }
  /// From the golden tensor `<case>/offsets`.
  Ragged(const Golden& golden, const std::string& name) {
    bounds.clear();
    for (const auto row : golden.integers(name + "/offsets")) bounds.push_back(static_cast<longshore::Index>(row));
    memory = longshore::Tensor<longshore::Index, 1, Space>(static_cast<longshore::Index>(bounds.size()));
    longshore::copy_from_host(bounds, memory.view());
  }

  /// The shape-th example: edges first, then random lengths of 0 to 20.
  static Ragged example(const longshore::Random& random, int shape) {
    if (shape >= wide_shape) return wide();
    switch (shape) {
      case 0: return Ragged({1});                              // one step
      case 1: return Ragged({3, 0, 1, 7, 0, 0, 2});            // empty ones between
      case 2: return Ragged({0, 0});                           // empty ones only
      case 3: return Ragged(std::vector<longshore::Index>{});  // no sequences
      case 4: return Ragged({70, 1});                          // longer than a tile of keys
      case 5: return Ragged({16, 32, 12});                     // as wide as registers
      default: break;
    }
    std::vector<longshore::Index> lengths(1 + random.below(0, 8));
    for (std::size_t b = 0; b < lengths.size(); ++b)
      lengths[b] = static_cast<longshore::Index>(random.below(1 + b, 21));
    return Ragged(lengths);
  }

  /// Sequences of up to 30 steps, 700 of them together or a few more: a team of attention takes about 128.
  static Ragged wide() {
    std::vector<longshore::Index> lengths;
    for (int steps = 0; steps < 700; steps += lengths.back())
      lengths.push_back(static_cast<longshore::Index>(7 * lengths.size() % 31));
    return Ragged(lengths);
  }

  std::size_t count() const { return bounds.size() - 1; }
  longshore::Index steps() const { return bounds.back(); }
  longshore::Index length(std::size_t b) const { return bounds[b + 1] - bounds[b]; }
  longshore::Offsets<Space> offsets() const {
    longshore::Index longest = 0;
    for (std::size_t b = 0; b < count(); ++b) longest = std::max(longest, length(b));
    return {memory.view(), longest};
  }
};
