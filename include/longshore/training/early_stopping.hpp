// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/optimizers/check_rule.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// When to stop before the last epoch. The best weights are restored either way.
///
/// Cost: none; the best weights are one more model.
struct EarlyStopping {
  std::int64_t patience = 0;  // epochs in a row without a better validation value; 0: never stop early
  double least_gain = 0;      // what counts as better: more than this above the best value

  /// @param verb       who asks, in the words of errors
  /// @param validates  whether there is a validation
  /// @throws ShapeError for numbers out of range, or if there is nothing to measure by
  void check(const char* verb, bool validates) const {
    expects(patience >= 0, verb, ": stop_early.patience is at least 0, it is ", patience);
    check_not_negative(verb, "stop_early.least_gain", least_gain);
    expects(validates || patience == 0, verb,
            ": stop_early needs a validation; pass a function that measures the model");
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
