// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <longshore/core/interest.hpp>
#include <longshore/core/step_columns.hpp>
#include <longshore/core/windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A view that is left out: a long/short model with it is the other half alone.
///
/// Models: Branch. State: none. Cost: none.
template <class Real, class Space>
struct NoBranch {
  static constexpr std::string_view block_name = "NoBranch";

  bool sees_candidates() const { return false; }

  /// @return  no interest, `{}`
  Interest<Real, Space> operator()(auto&, const Interest<Real, Space>&, const Sequences<Real, Space>&,
                                   const Windows<Space>&, const StepColumns<Space>& = StepColumns<Space>()) const {
    return {};
  }

  void visit(auto&&) {}
};

}  // namespace longshore::inline LONGSHORE_ABI
