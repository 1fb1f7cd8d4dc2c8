// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>

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

/// Refuses settings that a parameter's type cannot hold: a rate that becomes infinite in it, an epsilon that becomes 0.
/// Cost: O(1).
///
/// @param name  of the parameter
/// @throws ShapeError naming the rule, the setting and the parameter
template <class Real, class Rule>
void check_rule_as(const Rule& rule, const std::string& name, double rate, double decay) {
  const auto check_size = [&](const char* setting, double value) {
    expects(value <= static_cast<double>(std::numeric_limits<Real>::max()), Rule::name, ": ", setting, " is ", value,
            ", more than the type of ", name, " holds");
  };
  check_size("rate", rate);
  check_size("weight_decay", decay);
  if constexpr (requires { rule.epsilon; }) {
    check_size("epsilon", rule.epsilon);
    expects(static_cast<Real>(rule.epsilon) > 0, Rule::name, ": epsilon is ", rule.epsilon,
            ", which is 0 in the type of ", name);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
