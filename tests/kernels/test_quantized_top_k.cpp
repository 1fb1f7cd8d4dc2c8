// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/quantized_top_k.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "../support/top_k_arrays.hpp"

namespace ls = longshore;

TEST_CASE("quantized_top_k: any number of parts, more than panels too, gives the lists of top_k") {
  using Space = Kokkos::Serial;
  const ls::Index count = 3000, queries = 7, k = 20, features = 10;
  TopKArrays<float> expected(count, queries, features, k, 1);
  ls::top_k<float, Space>(Space{}, expected.search, expected.items.view(), expected.scores.view());
  const auto groups = static_cast<std::size_t>(ls::byte_groups(features));
  const auto panels = static_cast<std::size_t>(ls::top_k_panels<float>(count));
  const auto width = static_cast<std::size_t>(ls::top_k_panel<float>);
  const auto capacity = static_cast<ls::Index>(ls::quantized_top_k_capacity(k, count));
  for (const ls::Index parts : {1, 2, 3, 500}) {
    TopKArrays<float> arrays(count, queries, features, k, parts);
    arrays.search.rows = {arrays.table.data(), features, 1};
    std::vector<std::uint8_t> codes(panels * groups * width * 4);
    std::vector<float> scales(panels * width), error_ratios(panels), norm_ratios(panels);
    std::vector<std::int8_t> query_codes(static_cast<std::size_t>(queries) * groups * 4);
    std::vector<std::int32_t> starts(static_cast<std::size_t>(queries));
    std::vector<float> query_scales(starts.size()), reaches(starts.size()), errors(starts.size());
    std::vector<ls::BoundedItem> lists(static_cast<std::size_t>(parts * queries * capacity));
    std::vector<float> lows(static_cast<std::size_t>(parts * capacity));
    std::vector<float> gathered(2 * static_cast<std::size_t>(parts * features) * ls::simd_width<float>);
    const ls::QuantizedTopKSearch all{
        arrays.search,
        {codes.data(), scales.data(), error_ratios.data(), norm_ratios.data()},
        {query_codes.data(), starts.data(), query_scales.data(), reaches.data(), errors.data()},
        capacity,
        lists.data(),
        lows.data(),
        gathered.data()};
    ls::quantize_items<Space>(Space{}, std::as_const(arrays.table).view(), all.items);
    ls::quantize_queries<Space>(Space{}, std::as_const(arrays.queries).view(), all.queries);
    ls::quantized_top_k<Space>(Space{}, all, arrays.items.view(), arrays.scores.view());
    CHECK(arrays.numbers() == expected.numbers());
  }
}

TEST_CASE("quantized_top_k: the entries of a list hold all items at most, and panels beside") {
  CHECK(ls::quantized_top_k_capacity(10, 1'000'000) == 40 + 8 * ls::top_k_panel<float>);
  CHECK(ls::quantized_top_k_capacity(1'000'000'000, 2'000'000'000) == 2'000'000'000 + 8 * ls::top_k_panel<float>);
}
