// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/error.hpp>
#include <longshore/core/math.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses a number that no rate, decay or limit can be.
///
/// @throws ShapeError naming the rule or group and the setting
inline void check_not_negative(const char* owner, const char* setting, double value) {
  expects(math::is_finite(value) && value >= 0, owner, ": ", setting, " is finite and at least 0, it is ", value);
}

/// Refuses settings out of range that all rules have. Cost: O(1).
///
/// @throws ShapeError naming the rule and the setting
template <class Rule>
void check_rule(const Rule& rule) {
  check_not_negative(Rule::name, "rate", rule.rate);
  check_not_negative(Rule::name, "weight_decay", rule.weight_decay);
  if constexpr (requires { rule.epsilon; })  // at 0, a number that never had a gradient would become 0 / 0
    expects(math::is_finite(rule.epsilon) && rule.epsilon > 0, Rule::name, ": epsilon is finite and above 0, it is ",
            rule.epsilon);
  if constexpr (requires { rule.beta1; }) {
    expects(rule.beta1 >= 0 && rule.beta1 < 1, Rule::name, ": beta1 is at least 0 and below 1, it is ", rule.beta1);
    expects(rule.beta2 >= 0 && rule.beta2 < 1, Rule::name, ": beta2 is at least 0 and below 1, it is ", rule.beta2);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
