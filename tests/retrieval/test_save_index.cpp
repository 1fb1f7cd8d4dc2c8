// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/save_index.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/io/safetensors_reader.hpp>
#include <longshore/retrieval/quantized_top_k.hpp>
#include <string>
#include <vector>

#include "../support/kernel_case.hpp"
#include "../support/temporary_folder.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("save_index: the file has the items as they are compared, row by row, and says how") {
  const test::TemporaryFolder folder;
  const auto items = filled_tensor<float, 2, Space>({3, 4, 0, 0, 0, -2}, 3, 2);
  const auto check = [&](const auto& index, const std::string& similarity, const std::vector<float>& expected) {
    ls::save_index(index, folder / "index");
    const ls::SafetensorsReader file(folder / "index");
    CHECK(file.metadata("similarity") == similarity);
    CHECK(file.entry(0).shape == std::vector<std::int64_t>{3, 2});
    const auto rows = file.read<float>("items");
    REQUIRE(rows.size() == 6);
    for (std::size_t i = 0; i < 6; ++i) CHECK(rows[i] == doctest::Approx(expected[i]));
  };
  const ls::TopKSettings cosine{.similarity = ls::ItemSimilarity::cosine};
  const std::vector<float> given{3, 4, 0, 0, 0, -2}, unit{0.6f, 0.8f, 0, 0, 0, -1};
  check(ls::TopK<float, Space>(items.view()), "dot", given);
  check(ls::TopK<float, Space>(items.view(), cosine), "cosine", unit);
  check(ls::QuantizedTopK<float, Space>(items.view()), "dot", given);
  check(ls::QuantizedTopK<float, Space>(items.view(), cosine), "cosine", unit);
  CHECK_THROWS_AS(ls::save_index(ls::TopK<float, Space>(items.view()), folder / "none" / "index"), ls::FileError);
}
