// SPDX-License-Identifier: Apache-2.0
// P19: mistakes on purpose, one for each argument. The sanitizers and the checked view must see them: else their silence
// about the tests says nothing. The Python beside it looks at what they say.
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <string_view>

#include <longshore/core/view.hpp>

#include "../support/sanitized.hpp"

namespace ls = longshore;

int main(int count, char** words) {
  if (!addresses_watched) return 77;
  const std::string_view mistake = count > 1 ? words[1] : "";
  volatile int most = std::numeric_limits<int>::max();
  if (mistake == "freed") {
    auto number = std::make_unique<int>(count);
    const volatile int* const place = number.get();
    number.reset();
    return *place;
  }
  if (mistake == "leaked") {
    volatile char* lost = new char[1 << 10];
    lost = nullptr;
    return lost != nullptr;
  }
  if (mistake == "overflow") return most + count;
  if (mistake == "outside") {  // of the view, not of the memory
    float numbers[6] = {};
    const ls::View<float, 2, Kokkos::Serial> view(numbers, 2, 2);
    return view(2, 0) > 0;
  }
  std::puts("done");
}
