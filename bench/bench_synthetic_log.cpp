// SPDX-License-Identifier: Apache-2.0

// How fast a synthetic log is made, by one thread: one line a size, the best of three rounds.
//
//     bench_synthetic_log [events]
//
// Goal: two million events in less than 3 s.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <longshore/data/synthetic_log.hpp>

namespace {

void measure(const longshore::SyntheticLogSettings& settings) {
  double best = 1e9;
  std::size_t events = 0;
  for (int round = 0; round < 3; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const longshore::SyntheticLog log(settings);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    events = log.log().size();
  }
  std::printf("%9d users %8d items %10zu events %7.2f s %7.2f million events/s with 1 thread\n",
              static_cast<int>(settings.users), static_cast<int>(settings.items), events, best,
              static_cast<double>(events) / 1e6 / best);
}

}  // namespace

int main(int count, char** arguments) {
  const std::int64_t events = count > 1 ? std::strtoll(arguments[1], nullptr, 10) : 2'000'000;
  try {
    const auto users = static_cast<longshore::Id>(std::max<std::int64_t>(1, events / 30));  // as the default log
    measure({.users = users, .events = events});
    measure({.users = users, .items = 100'000, .categories = 200, .events = events});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
