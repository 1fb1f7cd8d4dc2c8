// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstring>
#include <utility>

#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Bytes of one vector register of the target that the compiler was told to build for.
#if defined(__AVX512F__)
inline constexpr int simd_bytes = 64;
#elif defined(__AVX__)
inline constexpr int simd_bytes = 32;
#else
inline constexpr int simd_bytes = 16;
#endif

/// Lanes of `Real` in one register: 16, 8 or 4 floats.
template <class Real>
inline constexpr int simd_width = simd_bytes / static_cast<int>(sizeof(Real));

/// Registers that a kernel may keep as accumulators without spilling, beside its operands.
inline constexpr int simd_accumulators = simd_bytes == 64 ? 24 : 12;

/// A register of `Real` lanes on a host. nvcc's host pass has no vector extension: there it is a plain array.
///
/// Cost: one or a few instructions a call; one register.
///
/// @tparam bytes  16, 32 or 64, at most simd_bytes: narrower ones are for what is left of a row
template <class Real, int bytes = simd_bytes>
struct Simd {
  static constexpr int width = bytes / static_cast<int>(sizeof(Real));
#if defined(__CUDACC__) || !defined(__GNUC__)
  struct Register {
    Real lane[width];
    Real& operator[](int i) { return lane[i]; }
    Real operator[](int i) const { return lane[i]; }
  };
#else
  typedef Real Register __attribute__((vector_size(bytes)));
#endif
  Register lanes;

  /// The same number in every lane.
  static inline Simd broadcast(Real x) {
    Simd result;
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) result.lanes[i] = x;
#else
    result.lanes = x - Register{};  // one broadcast; a loop over lanes becomes one masked move a lane
#endif
    return result;
  }
  /// `width` numbers in a row, at any address.
  static inline Simd load(const Real* from) {
    Simd result;
    std::memcpy(&result.lanes, from, sizeof(result.lanes));
    return result;
  }
  /// As many numbers of another type, converted.
  template <class Other>
  static inline Simd load_converted(const Other* from) {
    Simd result;
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) result.lanes[i] = static_cast<Real>(from[i]);
#else
    typedef Other Given __attribute__((vector_size(width * sizeof(Other))));
    Given given;
    std::memcpy(&given, from, sizeof(given));
    result.lanes = __builtin_convertvector(given, Register);
#endif
    return result;
  }
  /// Writes the lanes in a row, at any address.
  inline void store(Real* to) const { std::memcpy(to, &lanes, sizeof(lanes)); }
  /// Keeps what was loaded in its register: g++ would load it anew at every use.
  inline void stay() {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__CUDACC__)
    Register kept = lanes;
    asm("" : "+v"(kept));
    lanes = kept;
#endif
  }

  /// this += a * b, lane by lane.
  inline void add_product(const Simd& a, const Simd& b) {
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) lanes[i] += a.lanes[i] * b.lanes[i];
#else
    lanes += a.lanes * b.lanes;
#endif
  }
  /// Adds lane by lane.
  inline void add(const Simd& a) {
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) lanes[i] += a.lanes[i];
#else
    lanes += a.lanes;
#endif
  }
  /// Subtracts lane by lane.
  inline void subtract(const Simd& a) {
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) lanes[i] -= a.lanes[i];
#else
    lanes -= a.lanes;
#endif
  }
  /// Multiplies lane by lane.
  inline void scale(const Simd& a) {
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) lanes[i] *= a.lanes[i];
#else
    lanes *= a.lanes;
#endif
  }
  /// Divides lane by lane.
  inline void divide(const Simd& a) {
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) lanes[i] /= a.lanes[i];
#else
    lanes /= a.lanes;
#endif
  }
  /// Each lane becomes that of `a` where that one is greater.
  inline void raise(const Simd& a) {
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) lanes[i] = a.lanes[i] > lanes[i] ? a.lanes[i] : lanes[i];
#else
    lanes = a.lanes > lanes ? a.lanes : lanes;
#endif
  }
  /// The largest of the lanes; a lane that is not a number may be passed over.
  inline Real largest() const {
#if defined(__CUDACC__) || !defined(__GNUC__)
    Real most = lanes[0];
    for (int i = 1; i < width; ++i) most = lanes[i] > most ? lanes[i] : most;
    return most;
#else
    Simd part = *this;
    const auto all = std::make_integer_sequence<int, width>{};
    if constexpr (width >= 16) part.raise({rotated<8>(part.lanes, all)});
    if constexpr (width >= 8) part.raise({rotated<4>(part.lanes, all)});
    if constexpr (width >= 4) part.raise({rotated<2>(part.lanes, all)});
    part.raise({rotated<1>(part.lanes, all)});
    return part.lanes[0];
#endif
  }
  /// The sum of the lanes, in a fixed order: halves onto halves.
  inline Real sum() const {
    Register part = lanes;
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int half = width / 2; half > 0; half /= 2)
      for (int i = 0; i < half; ++i) part[i] += part[i + half];
#else
    // In registers: through memory, each half waits for the one before to be stored.
    const auto all = std::make_integer_sequence<int, width>{};
    if constexpr (width >= 16) part += rotated<8>(part, all);
    if constexpr (width >= 8) part += rotated<4>(part, all);
    if constexpr (width >= 4) part += rotated<2>(part, all);
    part += rotated<1>(part, all);
#endif
    return part[0];
  }

  // A formula that holds for one number is written once and used for a register of them too.
  friend inline Simd operator+(Simd a, const Simd& b) { return a.add(b), a; }
  friend inline Simd operator-(Simd a, const Simd& b) { return a.subtract(b), a; }
  friend inline Simd operator*(Simd a, const Simd& b) { return a.scale(b), a; }
  friend inline Simd operator/(Simd a, const Simd& b) { return a.divide(b), a; }
  friend inline Simd operator+(const Simd& a, Real b) { return a + broadcast(b); }
  friend inline Simd operator-(const Simd& a, Real b) { return a - broadcast(b); }
  friend inline Simd operator*(const Simd& a, Real b) { return a * broadcast(b); }
  friend inline Simd operator/(const Simd& a, Real b) { return a / broadcast(b); }
  friend inline Simd operator+(Real a, const Simd& b) { return broadcast(a) + b; }
  friend inline Simd operator-(Real a, const Simd& b) { return broadcast(a) - b; }
  friend inline Simd operator*(Real a, const Simd& b) { return broadcast(a) * b; }
  friend inline Simd operator/(Real a, const Simd& b) { return broadcast(a) / b; }
  friend inline Simd& operator+=(Simd& a, const Simd& b) { return a.add(b), a; }
  friend inline Simd& operator-=(Simd& a, const Simd& b) { return a.subtract(b), a; }
  friend inline Simd& operator*=(Simd& a, const Simd& b) { return a.scale(b), a; }
  friend inline Simd& operator*=(Simd& a, Real b) { return a.scale(broadcast(b)), a; }

  /// The square root of each lane, correctly rounded.
  friend inline Simd sqrt(Simd a) {
#if defined(__GNUC__) && !defined(__CUDACC__) && defined(__x86_64__)
    // By hand: a loop over std::sqrt, which may set errno, is not vectorised; the header of intrinsics costs 0.2 s a
    // unit.
#if defined(__AVX__)
    if constexpr (sizeof(Real) == 4)
      __asm__("vsqrtps %1, %0" : "=v"(a.lanes) : "v"(a.lanes));
    else
      __asm__("vsqrtpd %1, %0" : "=v"(a.lanes) : "v"(a.lanes));
#else
    if constexpr (sizeof(Real) == 4)
      __asm__("sqrtps %1, %0" : "=x"(a.lanes) : "x"(a.lanes));
    else
      __asm__("sqrtpd %1, %0" : "=x"(a.lanes) : "x"(a.lanes));
#endif
#else
    for (int i = 0; i < width; ++i) a.lanes[i] = std::sqrt(a.lanes[i]);
#endif
    return a;
  }

#if !defined(__CUDACC__) && defined(__GNUC__)
 private:
  template <int by, int... i>
  static inline Register rotated(const Register& x, std::integer_sequence<int, i...>) {
    return __builtin_shufflevector(x, x, ((i + by) % width)...);
  }
#endif
};

/// Calls the function in place. clang's `flatten` stops at calls within calls: one lambda that is not inlined takes
/// register arrays by reference, and then every change of them goes to memory, at half the speed.
template <class Function, class Argument>
[[gnu::always_inline]] inline void call_inline(Function&& function, Argument argument) {
#if defined(__clang__)
  [[clang::always_inline]]
#endif
  function(argument);
}

/// Calls `function(std::integral_constant<int, i>{})` for i = 0 .. count - 1, unrolled: register arrays stay in
/// registers.
template <int count, class Function>
[[gnu::always_inline]] inline void unroll(Function&& function) {
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    (call_inline(function, std::integral_constant<int, i>{}), ...);
  }
  (std::make_integer_sequence<int, count>{});
}

}  // namespace longshore::inline LONGSHORE_ABI
