// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// No validation: the last weights are kept.
struct NoValidation {
  double operator()(const auto&) const { return 0; }
};

/// Calls a validation, unless a stop was requested before it.
///
/// Cost: that of the validation.
///
/// @return  its value, or nothing if a stop was requested and it was not called, or gave up by `Interrupted`
/// @throws  whatever the validation throws else; `Interrupted` too, if nobody asked for a stop
template <class Validate, class Model>
std::optional<double> validation_value(const Validate& validate, const Model& model, const std::stop_token& stop) {
  if (stop.stop_requested()) return {};
  try {
    return static_cast<double>(validate(model));
  } catch (const Interrupted&) {
    if (!stop.stop_requested()) throw;
    return {};
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
