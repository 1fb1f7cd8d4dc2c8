// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/save.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/io/load.hpp>
#include <longshore/io/safetensors_reader.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/saved_model.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

using Space = Kokkos::DefaultHostExecutionSpace;
using Model = test::SavedModel<float, Space>;

/// Two parts with one name.
struct Twice {
  ls::Parameter<float, 1, Space> first{1}, second{1};
  void visit(auto&& visitor) {
    visitor("weights", first);
    visitor("weights", second);
  }
};

}  // namespace

TEST_CASE("a file has each parameter under its path, with its type and shape; empty ones are left out") {
  const test::TemporaryFolder folder;
  const Model model;
  ls::save(model, folder / "m", {{"fuser", "gate"}, {"note", "two\nlines"}});
  const ls::SafetensorsReader reader(folder / "m", {.checksums = ls::Checksums::required});
  REQUIRE(reader.size() == 5);
  using Shape = std::vector<std::int64_t>;
  CHECK(reader.find("tower.0.weights")->shape == Shape{2, 3});
  CHECK(reader.find("tower.0.bias")->shape == Shape{3});
  CHECK(reader.find("tower.1.weights")->shape == Shape{1, 2});
  CHECK(reader.find("heads")->shape == Shape{2, 1, 2});
  CHECK(reader.find("times")->shape == Shape{2});
  CHECK(reader.find("times")->dtype == ls::Dtype::f64);
  CHECK(reader.find("heads")->dtype == ls::Dtype::f32);
  CHECK(reader.read<float>("tower.0.weights") == std::vector<float>{0.25f, 0.5f, 0.75f, 1, 1.25f, 1.5f});
  CHECK(reader.read<float>("tower.0.bias") == std::vector<float>{1.75f, 2, 2.25f});
  CHECK(reader.read<float>("tower.1.weights") == std::vector<float>{2.5f, 2.75f});
  CHECK(reader.read<float>("heads") == std::vector<float>{3, 3.25f, 3.5f, 3.75f});
  CHECK(reader.read<double>("times") == std::vector<double>{4, 4.25});
  CHECK(reader.metadata() == ls::Metadata{{"fuser", "gate"}, {"note", "two\nlines"}});
}

TEST_CASE("tensors get the names that others read, and load takes them back by the same function") {
  const test::TemporaryFolder folder;
  const auto rename = [](const std::string& path) {
    return path.ends_with("weights") ? path.substr(0, path.size() - 1) : path;
  };
  ls::save(Model(8), folder / "m", {{"note", "renamed"}}, {.rename = rename});
  const ls::SafetensorsReader reader(folder / "m");
  CHECK(reader.size() == 5);
  CHECK(reader.find("tower.1.weight").has_value());
  CHECK(!reader.find("tower.1.weights").has_value());
  CHECK(reader.find("tower.0.bias").has_value());
  CHECK(reader.metadata("note") == "renamed");
  Model loaded;
  ls::load(loaded, folder / "m", {.rename = rename});
  CHECK(loaded.numbers() == Model(8).numbers());
  CHECK(has(error_text<ls::DataError>(
                [&] { ls::save(Model(), folder / "m", {}, {.rename = [](const std::string&) { return "same"; }}); }),
            "\"same\""));
}

TEST_CASE("an entry is what a parameter is") {
  const auto entry = ls::entry_of("a.b", ls::Parameter<double, 4, Space>(2, 0, 3, 1));
  CHECK(entry.name == "a.b");
  CHECK(entry.dtype == ls::Dtype::f64);
  CHECK(entry.shape == std::vector<std::int64_t>{2, 0, 3, 1});
}

TEST_CASE("P7, P12: what cannot be saved is refused by name, and the old file stays") {
  const test::TemporaryFolder folder;
  Model model;
  ls::save(model, folder / "m");
  const std::string before = test::content_of(folder / "m");
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    model.tower[0].bias.mutable_view()(2) = bad;
    CHECK(has(error_text<ls::DataError>([&] { ls::save(model, folder / "m"); }),
              "tensor \"tower.0.bias\" holds a NaN or an infinity at element 2"));
  }
  CHECK(has(error_text<ls::DataError>([&] { ls::save(Twice(), folder / "m"); }), "\"weights\""));
  CHECK(has(error_text<ls::DataError>([&] { ls::save(Model(), folder / "m", {{"a", "1"}, {"a", "2"}}); }), "\"a\""));
  CHECK(test::content_of(folder / "m") == before);
  CHECK(folder.names().size() == 1);
  CHECK(has(error_text<ls::FileError>([&] { ls::save(Model(), folder / "absent/m"); }), "No such file or directory"));
}
