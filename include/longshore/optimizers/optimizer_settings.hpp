// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <longshore/optimizers/check_rule.hpp>
#include <longshore/optimizers/parameter_group.hpp>
#include <longshore/optimizers/schedule.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What all rules share.
struct OptimizerSettings {
  double clip_norm = 0;  // largest norm of all gradients together; 0: no limit
  Schedule schedule = {};
  std::vector<ParameterGroup> groups = {};

  /// @throws ShapeError for settings out of range
  void check() const {
    check_not_negative("Optimizer", "clip_norm", clip_norm);
    schedule.check();
    for (const ParameterGroup& group : groups) {
      const std::string owner = "Optimizer: group \"" + group.pattern + "\"";
      check_not_negative(owner.c_str(), "rate", group.rate.value_or(0));
      check_not_negative(owner.c_str(), "weight_decay", group.weight_decay.value_or(0));
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
