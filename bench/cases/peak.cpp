// SPDX-License-Identifier: Apache-2.0
#include "peak.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace {

// As wide as a register of the machine that this is compiled for.
#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif
using Vector = float __attribute__((vector_size(lanes * sizeof(float))));

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

int threads() {
#ifdef _OPENMP
  return omp_get_max_threads();
#else
  return 1;
#endif
}

/// Calls `body(thread)` on each thread at once; the best time of several rounds.
template <class Body>
double best_time(const Body& body) {
  double best = 1e9;
  for (int round = 0; round < 7; ++round) {
    const double start = seconds();
#pragma omp parallel for schedule(static, 1)
    for (int t = 0; t < threads(); ++t) body(t);
    best = std::min(best, seconds() - start);
  }
  return best;
}

volatile float kept;  // so that no result is thought useless

double multiply_adds() {
  constexpr int sums = 12, rounds = 200'000'000;  // long enough for threads that must be woken
  const double time = best_time([](int) {
    Vector s[sums];
    for (int i = 0; i < sums; ++i) s[i] = Vector{} + static_cast<float>(i);
    Vector a = Vector{} + 0.999f, b = Vector{} + 1e-3f;
    asm volatile("" : "+v"(a), "+v"(b));
    for (int r = 0; r < rounds / sums; ++r)
#pragma GCC unroll 12
      for (int i = 0; i < sums; ++i) s[i] = s[i] * a + b;
    Vector sum{};
    for (int i = 0; i < sums; ++i) sum += s[i];
    kept = sum[0];
  });
  return 2.0 * lanes * (rounds / sums * sums) * threads() / time / 1e9;
}

double read_rate(std::size_t bytes, int repeats) {
  const std::size_t count = bytes / sizeof(Vector);
  std::vector<std::vector<Vector>> arrays(static_cast<std::size_t>(threads()));
#pragma omp parallel for schedule(static, 1)
  for (int t = 0; t < threads(); ++t) arrays[static_cast<std::size_t>(t)].assign(count, Vector{} + 1.0f);
  const double time = best_time([&](int t) {
    const Vector* array = arrays[static_cast<std::size_t>(t)].data();
    Vector a{}, b{}, c{}, d{};
    for (int r = 0; r < repeats; ++r) {
      for (std::size_t i = 0; i + 4 <= count; i += 4)
        a += array[i], b += array[i + 1], c += array[i + 2], d += array[i + 3];
      asm volatile("" : "+v"(a), "+v"(b), "+v"(c), "+v"(d)::"memory");
    }
    kept = (a + b + c + d)[0];
  });
  return static_cast<double>(count * sizeof(Vector)) * repeats * threads() / time / 1e9;
}

double copy_rate(std::size_t bytes) {
  const std::size_t count = bytes / sizeof(float) / static_cast<std::size_t>(threads());
  std::vector<std::vector<float>> from(static_cast<std::size_t>(threads())), to = from;
#pragma omp parallel for schedule(static, 1)
  for (int t = 0; t < threads(); ++t) {
    from[static_cast<std::size_t>(t)].assign(count, 1.0f);
    to[static_cast<std::size_t>(t)].assign(count, 0.0f);
  }
  const double time = best_time([&](int t) {
    const float* source = from[static_cast<std::size_t>(t)].data();
    float* target = to[static_cast<std::size_t>(t)].data();
    for (std::size_t i = 0; i < count; ++i) target[i] += source[i];
  });
  return 3.0 * static_cast<double>(count * sizeof(float)) * threads() / time / 1e9;
}

}  // namespace

Peak measure_peak() {
  const double memory = std::max(read_rate(std::size_t{512} << 20, 1), copy_rate(std::size_t{512} << 20));
  return {multiply_adds(), read_rate(std::size_t{256} << 10, 2000), memory};
}
