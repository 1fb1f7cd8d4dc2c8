// SPDX-License-Identifier: Apache-2.0
// not with sanitizers: it counts memory with an operator new of its own.
// P9: however hostile a file is, opening it takes at most twice its size and 1 MiB of memory (the file itself counted
// once when it lies in memory), and less than a second.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/io/npy.hpp>
#include <longshore/io/safetensors_reader.hpp>
#include <longshore/io/safetensors_writer.hpp>

#include "tests/support/counted_memory.hpp"
#include "tests/support/safetensors_bytes.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

struct Cost {
  std::size_t bytes = 0;
  double seconds = 0;
};

/// The most memory that an action held at once, beyond what there was before, and its processor time.
Cost cost_of(const std::function<void()>& action) {
  const std::size_t before = test::CountedMemory::now;
  test::CountedMemory::peak = before;
  const std::clock_t start = std::clock();
  action();
  return {test::CountedMemory::peak - before, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC};
}

std::string many(std::size_t count, const std::function<std::string(std::size_t)>& piece) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + piece(i);
  return text;
}

std::string tiny_tensors(std::size_t count, const std::string& shape) {
  return many(count, [&](std::size_t i) {
    return '"' + std::to_string(i) + R"(":{"dtype":"U8","shape":[)" + shape + R"(],"data_offsets":[0,0]})";
  });
}

std::string tiny_pairs(std::size_t count) {
  return R"("__metadata__":{)" + many(count, [](std::size_t i) { return '"' + std::to_string(i) + "\":\"\""; }) + "}";
}

}  // namespace

TEST_CASE("P9: hostile headers take at most their file's size and 1 MiB of memory") {
  const longshore::SafetensorsLimits limits;
  const std::string eight = "0,1,1,1,1,1,1,1";
  const std::string longest(limits.text_bytes, 'v');
  const std::string escapes = many(limits.text_bytes / 7 - 1, [](std::size_t) { return "\\u0041"; });
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"empty", "{}"},
      {"most tensors", "{" + tiny_tensors(limits.tensors, "0") + "}"},
      {"most tensors of most extents", "{" + tiny_tensors(limits.tensors, eight) + "}"},
      {"most metadata", "{" + tiny_pairs(limits.metadata_pairs) + "}"},
      {"most of both", "{" + tiny_pairs(limits.metadata_pairs) + "," + tiny_tensors(limits.tensors, eight) + "}"},
      {"too many tensors", "{" + tiny_tensors(500'000, "0") + "}"},
      {"too much metadata", "{" + tiny_pairs(500'000) + "}"},
      {"too many extents", "{\"a\":{\"shape\":[" + many(1'000'000, [](std::size_t) { return "1"; }) + "]}}"},
      {"a long text", R"({"__metadata__":{"k":")" + longest + "\"}}"},
      {"a long text of escapes", R"({"__metadata__":{"k":")" + escapes + "\"}}"},
      {"a text that is too long", R"({"__metadata__":{"k":")" + std::string(50'000'000, 'v') + "\"}}"},
      {"a long text that ends wrong", R"({"__metadata__":{"k":")" + longest.substr(1) + "\x01\"}}"},
      {"a long text of wrong UTF-8", R"({"__metadata__":{"k":")" + longest.substr(1) + "\xff\"}}"},
      {"a long number", R"({"a":{"shape":[)" + std::string(limits.text_bytes - 10, '1') + "]}}"},
      {"a number that is too long", R"({"a":{"shape":[)" + std::string(50'000'000, '1') + "]}}"},
      {"a long gap", "{\"a\":" + std::string(limits.text_bytes - 10, ' ') + "[]}"},
      {"deep nesting", "{\"a\":" + std::string(limits.text_bytes - 10, '[') + "]}"},
      {"long padding", "{}" + std::string(99'999'998, ' ')},
      {"the longest header",
       R"({"__metadata__":{)" +
           many(1520, [&](std::size_t i) { return "\"" + std::to_string(i) + "\":\"" + longest + "\""; }) + "}}"},
  };
  for (const auto& [what, header] : headers) {
    const std::string_view name = what;  // clang 16 captures no structured binding
    CAPTURE(name);
    const std::string file = test::safetensors_bytes(header);
    REQUIRE(header.size() <= limits.header_bytes);
    std::string came;
    const Cost cost = cost_of([&] { came = test::verdict(file); });
    CAPTURE(came.substr(0, 200));
    CHECK(came.size() < 500);
    CHECK(cost.bytes <= file.size() + (1u << 20));
    if (cost.seconds > 1.0) MESSAGE("took ", cost.seconds, " s");  // no check: slow machines exist
  }
}

TEST_CASE("P9: reading a file takes the caller's memory and little more") {
  const test::TemporaryFolder folder;
  constexpr std::int64_t elements = 4'000'000;
  {
    std::vector<float> values(elements, 0.5f);
    const Cost writing = cost_of([&] {
      longshore::SafetensorsWriter writer(folder / "a", {{.name = "a", .shape = {elements}}});
      writer.write<float>("a", values);
      writer.commit();
    });
    CHECK(writing.bytes < 100'000);
    const Cost reading = cost_of([&] { longshore::SafetensorsReader(folder / "a").read<float>("a", values); });
    CHECK(reading.bytes < 100'000);
  }
  const Cost verifying = cost_of([&] { longshore::SafetensorsReader(folder / "a").verify(); });
  CHECK(verifying.bytes < 100'000);
}

TEST_CASE("P10: a hostile .npy header allocates nothing that the file does not have") {
  for (const std::string shape : {"(100000000000,)", "(4611686018427387904,)", "(1000000, 1000000)", "(x,)"}) {
    const std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }\n";
    const std::string file =
        std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(text.size()) + '\0' + text + "1234";
    const Cost cost = cost_of([&] {
      CHECK_THROWS_AS(longshore::read_npy<float>(longshore::ByteSource::memory("r", test::bytes_of_text(file), "f")),
                      longshore::FileError);
    });
    CHECK(cost.bytes < 10'000);
  }
}
