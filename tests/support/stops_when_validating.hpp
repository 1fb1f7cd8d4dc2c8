// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>
#include <stop_token>

namespace test {

/// Where a bar is shown; asks for a stop when it says that the model is being measured.
class StopsWhenValidating : public std::stringbuf {
 public:
  explicit StopsWhenValidating(std::stop_source& stop) : stop_(stop) {}
  int sync() override {
    if (str().ends_with("  validating\x1b[K")) stop_.request_stop();
    return 0;
  }

 private:
  std::stop_source& stop_;
};

}  // namespace test
