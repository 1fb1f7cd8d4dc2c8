// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace test {

/// The text of the `Kind` of error that an action throws; "nothing was thrown" if none. Other errors pass through.
template <class Kind, class Action>
std::string error_text(Action action) {
  try {
    action();
  } catch (const Kind& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// Tells whether a text has a part.
inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace test
