// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <longshore/linalg/simd.hpp>
#include <vector>

namespace check {

/// Every function of a register against the same of each number.
template <class Real, int bytes>
void simd() {
  using Vector = longshore::Simd<Real, bytes>;
  using Word = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  constexpr int width = Vector::width;
  static_assert(width * static_cast<int>(sizeof(Real)) == bytes);
  CAPTURE(bytes);
  std::vector<Real> a(width), b(width), c(width), out(width + 3);
  for (int i = 0; i < width; ++i) {
    const auto at = static_cast<std::size_t>(i);
    a[at] = static_cast<Real>(0.37) * static_cast<Real>(i + 1);
    b[at] = Real(5) - static_cast<Real>(1.13) * static_cast<Real>(i);
    c[at] = static_cast<Real>(0.011) * static_cast<Real>(i * i) + Real(1);
  }
  const auto same = [](Real x, Real y) { return std::bit_cast<Word>(x) == std::bit_cast<Word>(y); };
  const auto compare = [&](const Vector& actual, auto&& expected) {
    for (Real& x : out) x = Real(-77);
    actual.store(out.data() + 1);  // not aligned
    CHECK(out[0] == Real(-77));
    CHECK(out[width + 1] == Real(-77));
    for (std::size_t i = 0; i < width; ++i) {
      CAPTURE(i);
      CHECK(same(out[i + 1], expected(i)));
    }
  };
  const auto va = Vector::load(a.data()), vb = Vector::load(b.data()), vc = Vector::load(c.data());
  compare(va, [&](std::size_t i) { return a[i]; });
  compare(Vector::broadcast(static_cast<Real>(0.1)), [&](std::size_t) { return static_cast<Real>(0.1); });
  compare(va + vb, [&](std::size_t i) { return a[i] + b[i]; });
  compare(va - vb, [&](std::size_t i) { return a[i] - b[i]; });
  compare(va * vb, [&](std::size_t i) { return a[i] * b[i]; });
  compare(va / vb, [&](std::size_t i) { return a[i] / b[i]; });
  const auto two_tenths = static_cast<Real>(0.2);
  compare(va + two_tenths, [&](std::size_t i) { return a[i] + two_tenths; });
  compare(va - two_tenths, [&](std::size_t i) { return a[i] - two_tenths; });
  compare(va * two_tenths, [&](std::size_t i) { return a[i] * two_tenths; });
  compare(va / two_tenths, [&](std::size_t i) { return a[i] / two_tenths; });
  compare(two_tenths + va, [&](std::size_t i) { return two_tenths + a[i]; });
  compare(two_tenths - va, [&](std::size_t i) { return two_tenths - a[i]; });
  compare(two_tenths * va, [&](std::size_t i) { return two_tenths * a[i]; });
  compare(two_tenths / va, [&](std::size_t i) { return two_tenths / a[i]; });
  auto sum = va;
  compare(sum += vb, [&](std::size_t i) { return a[i] + b[i]; });
  auto difference = va;
  compare(difference -= vb, [&](std::size_t i) { return a[i] - b[i]; });
  auto product = va;
  compare(product *= vb, [&](std::size_t i) { return a[i] * b[i]; });
  auto scaled = va;
  compare(scaled *= two_tenths, [&](std::size_t i) { return a[i] * two_tenths; });
  auto greater = va;
  greater.raise(vb);
  compare(greater, [&](std::size_t i) { return a[i] > b[i] ? a[i] : b[i]; });

  // One rounding or two, as the target has it.
  auto fused = vc;
  fused.add_product(va, vb);
  fused.store(out.data());
  for (std::size_t i = 0; i < width; ++i)
    CHECK((same(out[i], std::fma(a[i], b[i], c[i])) || same(out[i], c[i] + a[i] * b[i])));

  std::vector<Real> halves = a;
  for (std::size_t half = width / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) halves[i] += halves[i + half];
  CHECK(same(va.sum(), halves[0]));
  for (std::size_t at = 0; at < width; ++at) {
    auto peak = a;
    peak[at] = Real(1000);
    CHECK(Vector::load(peak.data()).largest() == Real(1000));
    for (Real& x : peak) x = -x;
    peak[at] = Real(-0.25);
    CHECK(Vector::load(peak.data()).largest() == Real(-0.25));
  }

  const std::vector<Real> roots{0,
                                1,
                                Real(2),
                                static_cast<Real>(0.1),
                                std::numeric_limits<Real>::denorm_min(),
                                std::numeric_limits<Real>::max(),
                                std::numeric_limits<Real>::infinity(),
                                static_cast<Real>(1e-30)};
  for (std::size_t first = 0; first < roots.size(); ++first) {
    std::vector<Real> x(width);
    for (std::size_t i = 0; i < width; ++i) x[i] = roots[(first + i) % roots.size()];
    compare(sqrt(Vector::load(x.data())), [&](std::size_t i) { return std::sqrt(x[i]); });
  }
  const std::vector<Real> bad(width, Real(-1));
  sqrt(Vector::load(bad.data())).store(out.data());
  CHECK(std::isnan(out[0]));

  std::vector<float> narrow(width);
  std::vector<double> wide(width);
  for (std::size_t i = 0; i < width; ++i)
    narrow[i] = 0.1f * static_cast<float>(i), wide[i] = 0.1 * static_cast<double>(i);
  compare(Vector::load_converted(narrow.data()), [&](std::size_t i) { return static_cast<Real>(narrow[i]); });
  compare(Vector::load_converted(wide.data()), [&](std::size_t i) { return static_cast<Real>(wide[i]); });
}

/// The same for every width up to the target's.
template <class Real>
void simd_of_every_width() {
  simd<Real, 16>();
  if constexpr (longshore::simd_bytes >= 32) simd<Real, 32>();
  if constexpr (longshore::simd_bytes >= 64) simd<Real, 64>();
}

}  // namespace check
