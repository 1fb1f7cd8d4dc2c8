// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/byte_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {

constexpr ls::Index width = ls::top_k_panel<float>;

struct Bytes {
  std::vector<std::uint8_t> codes;
  std::vector<float> scales, errors, norms;
  ls::ByteItems view;
  Bytes(const ls::Tensor<float, 2, Space>& table)
      : codes(static_cast<std::size_t>(ls::top_k_panels<float>(table.extent(0)) * width *
                                       ls::byte_groups(table.extent(1)) * 4)),
        scales(static_cast<std::size_t>(ls::top_k_panels<float>(table.extent(0)) * width)),
        errors(scales.size() / static_cast<std::size_t>(width)),
        norms(errors.size()),
        view{codes.data(), scales.data(), errors.data(), norms.data()} {
    ls::quantize_items<Space>(Space{}, table.view(), view);
  }
};

}  // namespace

TEST_CASE("quantize_items: codes, scale and the panel's ratios hold a row and how far its bytes are from it") {
  const ls::Index count = width + 5, features = 7;
  auto table = random_tensor<float, 2, Space>(ls::Random(1), count, features);
  for (ls::Index i = 0; i < count; ++i)
    for (ls::Index d = 0; d < features; ++d) table.view()(i, d) *= std::ldexp(1.0f, static_cast<int>(i % 40) - 20);
  for (ls::Index d = 0; d < features; ++d) table.view()(3, d) = 0;
  const Bytes bytes(table);
  for (ls::Index i = 0; i < count; ++i) {
    const auto panel = static_cast<std::size_t>(i / width);
    const double scale = bytes.scales[static_cast<std::size_t>(i)];
    REQUIRE(scale > 0);
    double error = 0, norm = 0;
    for (ls::Index d = 0; d < 8; ++d) {
      const auto place = ((static_cast<std::size_t>(i / width) * 2 + static_cast<std::size_t>(d / 4)) *
                              static_cast<std::size_t>(width) +
                          static_cast<std::size_t>(i % width)) *
                             4 +
                         static_cast<std::size_t>(d % 4);
      const int code = bytes.codes[place] - 128;
      if (d == 7 || i == 3) REQUIRE(code == 0);
      if (d == 7) continue;
      const double x = table.view()(i, d);
      REQUIRE(std::abs(x - scale * code) <= 0.51 * scale);
      error += (x - scale * code) * (x - scale * code), norm += x * x;
    }
    REQUIRE(std::sqrt(error) <= scale * double{bytes.errors[panel]});
    REQUIRE(std::sqrt(norm) <= scale * double{bytes.norms[panel]});
  }
  for (const float ratio : bytes.errors) CHECK(ratio < 1.4f);        // 7 errors of half a unit: 1.32
  for (const float ratio : bytes.norms) CHECK(ratio < 127 * 2.66f);  // at most 127 sqrt(7)
}

TEST_CASE("quantize_items: a row that is out of range makes its panel's bytes say nothing, and no other's") {
  auto table = random_tensor<float, 2, Space>(ls::Random(1), 3 * width, 2);
  table.view()(0, 0) = 1e16f;
  table.view()(width, 0) = table.view()(width, 1) = 1e-16f;
  const Bytes bytes(table);
  const float none = std::numeric_limits<float>::infinity();
  CHECK(bytes.errors[0] == none);
  CHECK(bytes.errors[1] == none);
  CHECK(bytes.errors[2] < 1);
  for (const float scale : bytes.scales) CHECK(scale > 0);
}

TEST_CASE("quantize_queries: codes, what takes the items' 128 away, and the parts of the bound") {
  auto queries = random_tensor<float, 2, Space>(ls::Random(4), 4, 6);
  for (ls::Index d = 0; d < 6; ++d) queries.view()(1, d) = 0, queries.view()(2, d) *= 1e30f;
  std::vector<std::int8_t> codes(4 * 8);
  std::vector<std::int32_t> starts(4);
  std::vector<float> scales(4), reaches(4), errors(4);
  ls::quantize_queries<Space>(Space{}, std::as_const(queries).view(),
                              {codes.data(), starts.data(), scales.data(), reaches.data(), errors.data()});
  for (const std::size_t q : {0u, 1u, 3u}) {
    int sum = 0;
    double error = 0, norm = 0;
    for (std::size_t d = 0; d < 8; ++d) {
      const int code = codes[q * 8 + d];
      sum += code;
      REQUIRE(std::abs(code) <= ls::byte_limit);
      if (d >= 6) continue;
      const double x = queries.view()(static_cast<ls::Index>(q), static_cast<ls::Index>(d));
      error += (x - double{scales[q]} * code) * (x - double{scales[q]} * code), norm += x * x;
    }
    CHECK(starts[q] == -128 * sum);
    CHECK(double{reaches[q]} >= std::sqrt(norm) + std::sqrt(error));
    CHECK(double{errors[q]} >= std::sqrt(error) + 1.06e-5 * std::sqrt(norm));
    CHECK(reaches[q] > 0);
    CHECK(double{errors[q]} <= 0.02 * std::sqrt(norm) + 1e-30);
  }
  CHECK(reaches[2] == std::numeric_limits<float>::infinity());
  CHECK(errors[2] == std::numeric_limits<float>::infinity());
  CHECK(scales[2] == 0);
}
