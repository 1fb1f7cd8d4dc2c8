// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/top_k_panels.hpp>
#include <longshore/linalg/byte_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Words of four bytes that the features of a row take.
inline Index byte_groups(Index features) { return features / 4 + (features % 4 > 0 ? 1 : 0); }

/// The least number that a length or an error is bounded by: never 0, so that an infinite bound stays infinite.
inline constexpr float least_bound = std::numeric_limits<float>::min();

/// A float that is not below x, nor below `least_bound`; infinity where the numbers are out of the range of bytes.
///
/// Cost: O(1).
inline float bound_of(bool in_range, double x) {
  if (!in_range) return std::numeric_limits<float>::infinity();
  return std::max(static_cast<float>(x * (1 + 1e-6)), least_bound);
}

/// Items as bytes. With e the part of a row x that its bytes do not hold, x = scale * (code - 128) + e.
///
/// Cost: views.
struct ByteItems {
  std::uint8_t* codes;  // (panels, groups, top_k_panel, 4) the code and 128; those of a panel side by side
  float* scales;        // (panels, top_k_panel)
  float* error_ratios;  // (panels) the greatest |e| / scale; infinity: a row is out of range, its bytes say nothing
  float* norm_ratios;   // (panels) the greatest |x| / scale
};

/// Queries as bytes. With e the part of a query y that its bytes do not hold, y = scale * code + e.
///
/// Cost: views.
struct ByteQueries {
  std::int8_t* codes;    // (B, groups, 4)
  std::int32_t* starts;  // (B) what takes the 128 of the items' codes out of a sum
  float* scales;         // (B)
  float* reaches;        // (B) |y| + |e|, which an item's error is multiplied by; infinity: out of range
  float* errors;         // (B) |e| and what rounding adds, which an item's length is multiplied by
};

/// Codes of one row, and how far they are from it.
///
/// A row whose length is neither 0 nor between 1e-15 and 1e15 is out of range: within it no product of two rows
/// overflows, and what underflows is less than what the bound of `quantized_top_k` adds for rounding.
///
/// Cost: O(D), three passes.
struct ByteRow {
  float scale = 0;
  double norm = 0, error = 0;
  bool in_range = true;

  /// Measures a row and gives it a scale.
  ByteRow(const float* row, Index features, int limit) {
    double squares = 0;
    float most = 0;
    for (Index d = 0; d < features; ++d) {
      squares += double{row[d]} * double{row[d]};
      most = std::max(most, std::fabs(row[d]));
    }
    norm = std::sqrt(squares);
    in_range = most == 0 || (norm >= 1e-15 && norm <= 1e15);
    if (in_range) scale = static_cast<float>(double{most} / limit);
  }
  /// Calls `put(d, code)` for every feature, and adds up the error.
  template <class Put>
  void encode(const float* row, Index features, int limit, const Put& put) {
    const double inverse = scale > 0 ? 1 / double{scale} : 0;
    double squares = 0;
    for (Index d = 0; d < features; ++d) {
      const auto code = std::clamp(static_cast<int>(std::lrint(in_range ? row[d] * inverse : 0)), -limit, limit);
      const double rest = row[d] - double{scale} * code;
      squares += rest * rest;
      put(d, code);
    }
    error = std::sqrt(squares);
  }
};

/// The body of `quantize_items`, which says what it computes.
struct QuantizeItems {
  static inline const std::string label = "longshore::quantize_items";
  Index items, features;
  const float* table;  // (I, D)
  ByteItems to;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t panel) const {
#if !LONGSHORE_ON_DEVICE
    quantize(panel);
#endif
  }

 private:
  void quantize(std::int64_t panel) const {
    constexpr Index width = top_k_panel<float>;
    const Index groups = byte_groups(features), first = static_cast<Index>(panel) * width;
    std::uint8_t* codes = to.codes + panel * groups * width * 4;
    std::fill_n(codes, std::int64_t{groups} * width * 4, std::uint8_t{128});
    double error = 0, norm = 0;
    bool in_range = true;
    for (Index j = 0; j < width; ++j) {
      float& scale = to.scales[panel * width + j];
      scale = 0;
      if (first + j >= items) continue;
      const float* row = table + std::int64_t{first + j} * features;
      ByteRow bytes(row, features, 127);
      bytes.encode(row, features, 127, [&](Index d, int code) {
        codes[(std::int64_t{d / 4} * width + j) * 4 + d % 4] = static_cast<std::uint8_t>(code + 128);
      });
      in_range &= bytes.in_range;
      scale = std::max(bytes.scale, least_bound);
      error = std::max(error, bytes.error / double{scale});
      norm = std::max(norm, bytes.norm / double{scale});
    }
    to.error_ratios[panel] = bound_of(in_range, error);
    to.norm_ratios[panel] = bound_of(in_range, norm);
  }
};

/// Writes items as bytes with a scale each, and how far the bytes of a panel are from its rows. Does not wait.
///
/// Cost: O(I D).
///
/// @param table  (I, D)
/// @param to     overwritten; codes are top_k_panels panels of 4 byte_groups(D) bytes an item
template <class Space, class Executor>
void quantize_items(const Executor& executor, View<const float, 2, Space> table, const ByteItems& to) {
  static_assert(is_host_space<Space>, "quantize_items works on a host");
  for_each(executor, top_k_panels<float>(table.extent(0)),
           QuantizeItems{table.extent(0), table.extent(1), table.data(), to});
}

/// The body of `quantize_queries`, which says what it computes.
struct QuantizeQueries {
  static inline const std::string label = "longshore::quantize_queries";
  Index features;
  const float* queries;  // (B, D)
  ByteQueries to;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t query) const {
#if !LONGSHORE_ON_DEVICE
    quantize(query);
#endif
  }

 private:
  void quantize(std::int64_t query) const {
    const Index groups = byte_groups(features);
    std::int8_t* codes = to.codes + query * groups * 4;
    std::fill_n(codes, std::int64_t{groups} * 4, std::int8_t{0});
    const float* row = queries + query * features;
    ByteRow bytes(row, features, byte_limit);
    std::int32_t sum = 0;
    bytes.encode(row, features, byte_limit, [&](Index d, int code) {
      codes[d] = static_cast<std::int8_t>(code);
      sum += code;
    });
    to.starts[query] = -128 * sum;
    to.scales[query] = bytes.scale;
    // Rounding: of the D products and sums of a score as floats, and of the bound itself.
    const double rounding = (features + 100) * 1e-7;
    to.reaches[query] = bound_of(bytes.in_range, bytes.norm + bytes.error);
    to.errors[query] = bound_of(bytes.in_range, bytes.error + rounding * bytes.norm);
  }
};

/// Writes queries as bytes, with what is needed to bound the error of their products. Does not wait.
///
/// Cost: O(B D).
///
/// @param queries  (B, D)
/// @param to       overwritten
template <class Space, class Executor>
void quantize_queries(const Executor& executor, View<const float, 2, Space> queries, const ByteQueries& to) {
  static_assert(is_host_space<Space>, "quantize_queries works on a host");
  for_each(executor, queries.extent(0), QuantizeQueries{queries.extent(1), queries.data(), to});
}

}  // namespace longshore::inline LONGSHORE_ABI
