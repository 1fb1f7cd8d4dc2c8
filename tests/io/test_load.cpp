// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/load.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/copy_to.hpp>
#include <longshore/io/save.hpp>
#include <longshore/layers/linear.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/saved_model.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

using Space = Kokkos::DefaultHostExecutionSpace;
using Model = test::SavedModel<float, Space>;

/// A file of float tensors by names and shapes; all numbers are `number`.
void write(const std::filesystem::path& path, const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& all,
           float number = 7) {
  std::vector<ls::TensorEntry> entries;
  for (const auto& [name, shape] : all) entries.push_back({.name = name, .dtype = ls::Dtype::f32, .shape = shape});
  ls::SafetensorsWriter writer(path, entries);
  for (const auto& entry : entries) {
    std::int64_t count = 1;
    for (const auto extent : entry.shape) count *= extent;
    writer.write<float>(entry.name, std::vector<float>(static_cast<std::size_t>(count), number));
  }
  writer.commit();
}

/// The error of loading a file, after which the model must be as it was.
template <class AnyModel>
std::string refusal(AnyModel& model, const std::filesystem::path& path, const ls::LoadSettings& settings = {}) {
  const auto before = model.numbers();
  const std::string text = error_text<ls::FileError>([&] { ls::load(model, path, settings); });
  CHECK(model.numbers() == before);
  return text;
}

/// One array, for files that are written by hand.
struct Single {
  ls::Parameter<float, 2, Space> weights{2, 2};
  void visit(auto&& visitor) { visitor("weights", weights); }
  std::vector<float> numbers() const { return ls::copy_to_host(weights.view()); }
};

}  // namespace

TEST_CASE("what was saved is loaded, into the same memory; frozen parameters too") {
  const test::TemporaryFolder folder;
  const Model saved(10);
  ls::save(saved, folder / "m");
  Model model;
  const float* const place = model.heads.view().data();
  REQUIRE(model.numbers() != saved.numbers());
  ls::load(model, folder / "m");
  CHECK(model.numbers() == saved.numbers());
  CHECK(model.heads.view().data() == place);
  CHECK(model.heads.frozen);
  Model other;
  ls::load(other, ls::SafetensorsReader(folder / "m"));
  CHECK(other.numbers() == saved.numbers());
}

TEST_CASE("P14: every missing, unexpected and misshaped tensor is named at once, and nothing changes") {
  const test::TemporaryFolder folder;
  const auto path = folder / "m";
  write(path, {{"tower.0.weights", {2, 4}},
               {"tower.0.bias", {3}},
               {"heads", {4}},
               {"times", {2}},
               {"extra", {1}},
               {"more", {1}}});
  Model model;
  CHECK(refusal(model, path) ==
        "load: " + path.string() +
            ": the file does not fit the model; missing: tower.1.weights; unexpected: \"extra\", \"more\"; misshaped: "
            "tower.0.weights (file (2, 4), model (2, 3)), heads (file (4), model (2, 1, 2)), "
            "times (file F32, model F64)");
  // What may be missing or too much is let pass, what is misshaped never is.
  CHECK(has(refusal(model, path, {.allow_missing = true, .allow_unexpected = true}),
            "does not fit the model; misshaped: tower.0.weights"));
}

TEST_CASE("missing and unexpected tensors pass where they are allowed, each by its own setting") {
  const test::TemporaryFolder folder;
  Single model;
  write(folder / "more", {{"weights", {2, 2}}, {"extra", {1}}});
  CHECK(has(refusal(model, folder / "more"), "; unexpected: \"extra\""));
  CHECK(has(refusal(model, folder / "more", {.allow_missing = true}), "; unexpected: \"extra\""));
  ls::load(model, folder / "more", {.allow_unexpected = true});
  CHECK(model.numbers() == std::vector<float>(4, 7));
  write(folder / "less", {});
  CHECK(has(refusal(model, folder / "less"), "; missing: weights"));
  CHECK(has(refusal(model, folder / "less", {.allow_unexpected = true}), "; missing: weights"));
  ls::load(model, folder / "less", {.allow_missing = true});
  CHECK(model.numbers() == std::vector<float>(4, 7));
}

TEST_CASE("a model is found under a prefix, and under the names that others gave") {
  const test::TemporaryFolder folder;
  Single model;
  write(folder / "m", {{"best.w", {2, 2}}, {"model.w", {2, 2}}, {"step", {1}}}, 3);
  const auto rename = [](const std::string& path) { return path == "weights" ? std::string("w") : path; };
  ls::load(model, folder / "m", {.rename = rename, .prefix = "model."});  // the others are nobody's business
  CHECK(model.numbers() == std::vector<float>(4, 3));
  CHECK(has(refusal(model, folder / "m", {.rename = rename}), "missing: w; unexpected: \"best.w\", "));
  CHECK(has(refusal(model, folder / "m", {.prefix = "model."}), "missing: model.weights; unexpected: \"model.w\""));
}

TEST_CASE("a checkpoint read as a plain model is refused with the prefixes that its models have") {
  const test::TemporaryFolder folder;
  Model model;
  const auto hint = [&](const std::map<std::string, std::vector<std::int64_t>>& tensors, const ls::LoadSettings& how) {
    write(folder / "c", {tensors.begin(), tensors.end()});
    const std::string text = refusal(model, folder / "c", how);
    const std::size_t at = text.find("; all parameters are there");
    return at == std::string::npos ? std::string() : text.substr(at);
  };
  std::map<std::string, std::vector<std::int64_t>> tensors{{"position.integers", {9}}, {"weights", {1}}};
  ls::visit_parameters(model, [&](const ls::Path& path, const auto&) {
    for (const std::string prefix : {"model.", "best.", "optimizer."})
      tensors[prefix + path.text() + (prefix == "optimizer." ? ".moment1" : "")] = {1};
  });
  CHECK(hint(tensors, {}) ==
        "; all parameters are there behind \"best.\", \"model.\": is this a checkpoint? Then set .prefix to that");
  CHECK(hint(tensors, {.allow_unexpected = true}) != "");
  CHECK(hint(tensors, {.prefix = "model."}) == "");  // misshaped, but there
  tensors.erase("best.heads");
  CHECK(hint(tensors, {}) ==
        "; all parameters are there behind \"model.\": is this a checkpoint? Then set .prefix to that");
  tensors.erase("model.times");
  CHECK(hint(tensors, {}) == "");
}

TEST_CASE("another precision is refused with both types; copy_to takes the model there") {
  const test::TemporaryFolder folder;
  const test::SavedModel<float, Space, float> saved(10);
  ls::save(saved, folder / "m");
  test::SavedModel<double, Space, double> wide;
  CHECK(has(refusal(wide, folder / "m"), "tower.0.weights (file F32, model F64)"));
  ls::Linear<float, Space> narrow({.in = 3, .out = 2});
  write(folder / "s", {{"weights", {2, 3}}, {"bias", {2}}}, 0.1f);
  ls::load(narrow, folder / "s");
  const auto widened = ls::copy_to<Space, double>(narrow);
  CHECK(ls::copy_to_host(widened.weights.view()) == std::vector<double>(6, static_cast<double>(0.1f)));
  ls::save(widened, folder / "d");
  CHECK(has(error_text<ls::FileError>([&] { ls::load(narrow, folder / "d"); }), "weights (file F64, model F32)"));
}

TEST_CASE("P8, P12: a damaged file, one with a NaN, and none at all change nothing and say what is wrong") {
  const test::TemporaryFolder folder;
  Model model;
  ls::save(Model(5), folder / "good");
  const std::string good = test::content_of(folder / "good");
  for (std::size_t at = 0; at < good.size(); at += 5) {
    CAPTURE(at);
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1 << at % 8);
    test::make_file(folder / "bad", bad);
    REQUIRE(has(refusal(model, folder / "bad"), (folder / "bad").string() + ": byte "));
    test::make_file(folder / "bad", good.substr(0, at));
    REQUIRE(has(refusal(model, folder / "bad"), (folder / "bad").string() + ": byte "));
  }
  CHECK(has(refusal(model, folder / "absent"), "No such file or directory"));
  Single single;
  {
    ls::SafetensorsWriter writer(folder / "nan", {{.name = "weights", .dtype = ls::Dtype::f32, .shape = {2, 2}}}, {},
                                 {.non_finite = ls::NonFinite::accept});
    writer.write<float>("weights", std::vector<float>{1, 2, std::numeric_limits<float>::quiet_NaN(), 4});
    writer.commit();
  }
  CHECK(has(refusal(single, folder / "nan"), "\"weights\" holds a NaN or an infinity"));
}

TEST_CASE("P14: a name from a hostile file comes into the text without what a terminal would obey") {
  const test::TemporaryFolder folder;
  Single model;
  write(folder / "m", {{"weights", {2, 2}}, {"\x1b[2J\n" + std::string(500, 'x'), {1}}});
  const std::string text = refusal(model, folder / "m");
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(text.size() < 300);
}
