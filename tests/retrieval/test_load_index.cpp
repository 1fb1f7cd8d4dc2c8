// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/load_index.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <functional>
#include <longshore/io/safetensors_writer.hpp>
#include <longshore/retrieval/quantized_top_k.hpp>
#include <longshore/retrieval/save_index.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "../support/temporary_folder.hpp"
#include "../support/top_k_case.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE_TEMPLATE("load_index: gives the lists of what was saved, bit for bit, whichever index it makes", Real, float,
                   double) {
  const test::TemporaryFolder folder;
  const auto items = random_tensor<Real, 2, Space>(ls::Random(1), 500, 7);
  const auto queries = random_tensor<Real, 2, Space>(ls::Random(2), 4, 7);
  ls::Inference<Space> context;
  for (const auto similarity : {ls::ItemSimilarity::dot, ls::ItemSimilarity::cosine}) {
    const ls::TopK<Real, Space> index(items.view(), {.similarity = similarity});
    const auto expected = bits_of(index(context, queries.view(), 30));
    ls::save_index(index, folder / "index");
    const auto again = ls::load_index<ls::TopK<Real, Space>>(folder / "index");
    CHECK(again.similarity() == similarity);
    CHECK(bits_of(again(context, queries.view(), 30)) == expected);
    if constexpr (std::is_same_v<Real, float>) {
      const auto bytes = ls::load_index<ls::QuantizedTopK<float, Space>>(folder / "index");
      CHECK(bits_of(bytes(context, queries.view(), 30)) == expected);
      ls::save_index(bytes, folder / "other");
      CHECK(bits_of(ls::load_index<ls::TopK<float, Space>>(folder / "other")(context, queries.view(), 30)) == expected);
    }
  }
}

TEST_CASE("load_index: edges: an index of no items") {
  const test::TemporaryFolder folder;
  ls::save_index(ls::TopK<float, Space>(ls::View<const float, 2, Space>(nullptr, 0, 3)), folder / "index");
  const auto index = ls::load_index<ls::TopK<float, Space>>(folder / "index");
  CHECK(index.items() == 0);
  CHECK(index.features() == 3);
}

TEST_CASE("load_index: edges: items of zeros have no cosine, and stay") {
  const test::TemporaryFolder folder;
  const auto items = filled_tensor<float, 2, Space>({3, 4, 0, 0, 0, -2}, 3, 2);
  const auto query = filled_tensor<float, 2, Space>({1, 1}, 1, 2);
  const ls::TopK<float, Space> index(items.view(), {.similarity = ls::ItemSimilarity::cosine});
  ls::save_index(index, folder / "index");
  ls::Inference<Space> context;
  const auto again = ls::load_index<ls::TopK<float, Space>>(folder / "index");
  CHECK(bits_of(again(context, query.view(), 3)) == bits_of(index(context, query.view(), 3)));
  CHECK(row_of(again(context, query.view(), 3).items, 0) == std::vector<ls::Id>{0, 1, 2});
}

TEST_CASE("load_index: refused: an item that has not length 1 though the similarity is cosine, wherever it is") {
  const test::TemporaryFolder folder;
  const auto load = [&](const std::vector<float>& numbers) {
    ls::SafetensorsWriter writer(folder / "index", {{.name = "items", .dtype = ls::Dtype::f32, .shape = {3, 2}}},
                                 {{"similarity", "cosine"}});
    writer.write<float>("items", std::span<const float>(numbers));
    writer.commit();
    return ls::load_index<ls::TopK<float, Space>>(folder / "index").items();
  };
  CHECK(load({1, 0, 0, 1, 0, -1}) == 3);
  CHECK_THROWS_WITH_AS(load({1, 0, 0, 1, 0, 2}), doctest::Contains("cosine, item 2 has 2"), ls::FileError);
}

TEST_CASE("load_index: refused: files that hold no index, by what is wrong") {
  const test::TemporaryFolder folder;
  const auto path = folder / "index";
  const auto write = [&](const std::string& name, const std::vector<std::int64_t>& shape,
                         const ls::Metadata& metadata) {
    ls::SafetensorsWriter writer(path, {{.name = name, .dtype = ls::Dtype::f32, .shape = shape}}, metadata);
    std::vector<float> ones(1, 1.0f);
    for (const std::int64_t extent : shape) ones.resize(ones.size() * static_cast<std::size_t>(extent), 1.0f);
    writer.write<float>(name, std::span<const float>(ones));
    writer.commit();
  };
  const auto text = [&](auto index) -> std::string {
    try {
      ls::load_index<decltype(index)>(path);
    } catch (const ls::FileError& error) {
      return std::string(error.what()).substr(std::string(error.what()).find(": ", 12) + 2);
    }
    return "";
  };
  const ls::TopK<float, Space> floats;
  const ls::TopK<double, Space> doubles;
  write("items", {2, 3}, {});
  CHECK(text(floats) == "expected the similarity dot or cosine in the metadata, got none");
  write("items", {2, 3}, {{"similarity", "manhattan"}});
  CHECK(text(floats) == "expected the similarity dot or cosine in the metadata, got \"manhattan\"");
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{6}, std::vector<std::int64_t>{2, 0}}) {
    write("items", shape, {{"similarity", "dot"}});
    CHECK(text(floats) == "expected a tensor items of two extents, items and features");
  }
  write("rows", {2, 3}, {{"similarity", "dot"}});
  CHECK(text(floats) == "expected a tensor items of two extents, items and features");
  write("items", {2, 3}, {{"similarity", "cosine"}});
  CHECK(text(floats) == "expected items of length 1 or 0, as the similarity is cosine, item 0 has 1.73205");
  write("items", {2, 3}, {{"similarity", "dot"}});
  CHECK(text(floats) == "");
  CHECK_THROWS_AS((ls::load_index<ls::TopK<double, Space>>(path)), ls::FileError);
  test::make_file(path, "no safetensors");
  CHECK_THROWS_AS((ls::load_index<ls::TopK<float, Space>>(path)), ls::FileError);
  CHECK_THROWS_AS((ls::load_index<ls::TopK<float, Space>>(folder / "none")), ls::FileError);
}
