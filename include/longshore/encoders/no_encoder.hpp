// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <longshore/core/sequences.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Leaves the steps as they are: for branches that pool embeddings directly.
///
/// Models: Encoder. State: none. Cost: none.
template <class Real, class Space>
struct NoEncoder {
  static constexpr std::string_view block_name = "NoEncoder";

  /// @param sequences  (N, D) steps
  /// @return           the same
  Sequences<Real, Space> operator()(auto&, const Sequences<Real, Space>& sequences) const { return sequences; }
  void operator()(auto&, ...) const = delete;  // NoEncoder: give Sequences, not rows, of its Real and Space

  /// Whether a step sees later ones.
  bool sees_ahead() const { return false; }
  /// Whether a step sees earlier ones.
  bool sees_behind() const { return false; }

  void visit(auto&&) {}
};

}  // namespace longshore::inline LONGSHORE_ABI
