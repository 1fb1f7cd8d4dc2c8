// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/safetensors_writer.hpp>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <longshore/io/safetensors_reader.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::Checksums;
using longshore::DataError;
using longshore::Dtype;
using longshore::FileError;
using longshore::NonFinite;
using longshore::SafetensorsReader;
using longshore::SafetensorsWriter;
using longshore::ShapeError;
using longshore::TensorEntry;
using test::error_text;
using test::has;

namespace {

constexpr std::size_t step_elements = 20'000;

/// A checkpoint that can tell whether it is whole: every value is its step.
void write_step(const std::filesystem::path& path, int step) {
  const std::vector<float> values(step_elements, static_cast<float>(step));
  SafetensorsWriter writer(path, {{.name = "values", .dtype = Dtype::f32, .shape = {step_elements}}},
                           {{"step", std::to_string(step)}});
  writer.write<float>("values", values);
  writer.commit();
}

/// The same file written in place, as it must not be done. It rests half-way, so that a kill finds it there on a machine
/// of any speed.
void write_step_in_place(const std::filesystem::path& path, const std::filesystem::path& spare, int step) {
  write_step(spare, step);
  const std::string content = test::content_of(spare);
  const std::size_t half = content.size() / 2;
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(content.data(), static_cast<std::streamsize>(half)).flush();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  stream.write(content.data() + half, static_cast<std::streamsize>(content.size() - half)).flush();
}

bool is_whole(const std::filesystem::path& path) {
  try {
    const SafetensorsReader reader(path, {.checksums = Checksums::required});
    const float step = std::stof(reader.metadata("step").value());
    for (const float value : reader.read<float>("values"))
      if (value != step) return false;
    return true;
  } catch (const FileError&) {
    return false;
  }
}

/// Lets processes write checkpoints without end and kills each at a random time within two steps after its first one.
///
/// @return  after how many of the kills the checkpoint was not whole
template <class Write>
int broken_after(int kills, const std::filesystem::path& path, Write write) {
  std::mt19937 random(7);
  int broken = 0;
  for (int kill = 0; kill < kills; ++kill) {
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const pid_t writer = ::fork();
    REQUIRE(writer >= 0);
    if (writer == 0) {
      try {
        for (int step = 1;; ++step) {
          if (step < 3 && ::write(pipe[1], "", 1) != 1) ::_exit(1);
          write(step);
        }
      } catch (...) {
        ::_exit(1);
      }
    }
    // How long a step takes differs a hundredfold between machines and sanitizers.
    char begun = 0;
    REQUIRE(::read(pipe[0], &begun, 1) == 1);
    const auto start = std::chrono::steady_clock::now();
    REQUIRE(::read(pipe[0], &begun, 1) == 1);
    const auto step = std::chrono::steady_clock::now() - start;
    std::this_thread::sleep_for(step * (random() % 1000) / 500);
    ::kill(writer, SIGKILL);
    int status = 0;
    ::waitpid(writer, &status, 0);
    REQUIRE(WIFSIGNALED(status));  // it did not end by itself
    ::close(pipe[0]);
    ::close(pipe[1]);
    if (!is_whole(path)) ++broken;
  }
  return broken;
}

void kill_writers(int kills) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "model";
  write_step(path, 0);
  CHECK(broken_after(kills, path, [&](int step) { write_step(path, step); }) == 0);
  write_step(path, 0);
  const int broken = broken_after(kills, path, [&](int step) { write_step_in_place(path, folder / "spare", step); });
  CHECK_MESSAGE(broken * 10 >= kills, "writing in place broke only " << broken << " of " << kills);
}

}  // namespace

TEST_CASE("what is written is read back, whatever the order of writing") {
  const test::TemporaryFolder folder;
  const std::vector<float> floats = {1.5f, -0.0f, std::numeric_limits<float>::denorm_min(), 3e38f, -1.0f, 0.1f};
  const std::vector<double> doubles = {0.1};
  const std::vector<std::int64_t> longs = {INT64_MIN, INT64_MAX};
  const std::vector<std::int32_t> integers = {INT32_MIN, -1, INT32_MAX};
  const std::vector<std::uint64_t> counters = {UINT64_MAX};
  const std::vector<std::uint8_t> bytes = {0, 255, 7};
  {
    SafetensorsWriter writer(folder / "a",
                             {{.name = "floats", .dtype = Dtype::f32, .shape = {2, 3}},
                              {.name = "bytes", .dtype = Dtype::u8, .shape = {3, 1, 1}},
                              {.name = "scalar", .dtype = Dtype::f64},
                              {.name = "longs", .dtype = Dtype::i64, .shape = {2}},
                              {.name = "integers", .dtype = Dtype::i32, .shape = {3}},
                              {.name = "counters", .dtype = Dtype::u64, .shape = {1}},
                              {.name = "nothing", .dtype = Dtype::f32, .shape = {4, 0}}},
                             {{"zeta", "1"}, {"alpha", "line\n\"2\""}});
    writer.write<std::uint64_t>("counters", counters);
    writer.write<float>("nothing", {});
    writer.write<float>("floats", floats);
    writer.write<std::int32_t>("integers", integers);
    writer.write<std::uint8_t>("bytes", bytes);
    writer.write<double>("scalar", doubles);
    writer.write_bytes("longs", std::as_bytes(std::span(longs)));
    writer.commit();
  }
  const SafetensorsReader reader(folder / "a", {.checksums = Checksums::required});
  CHECK(reader.size() == 7);
  const std::vector<float> came = reader.read<float>("floats");
  CHECK(came == floats);
  CHECK(std::signbit(came[1]));
  CHECK(reader.read<double>("scalar") == doubles);
  CHECK(reader.read<std::int64_t>("longs") == longs);
  CHECK(reader.read<std::int32_t>("integers") == integers);
  CHECK(reader.read<std::uint64_t>("counters") == counters);
  CHECK(reader.read<std::uint8_t>("bytes") == bytes);
  CHECK(reader.read<float>("nothing").empty());
  CHECK(reader.find("bytes")->shape == std::vector<std::int64_t>{3, 1, 1});
  CHECK(reader.metadata() == longshore::Metadata{{"zeta", "1"}, {"alpha", "line\n\"2\""}});
  CHECK(reader.data_offset() % 64 == 0);
}

TEST_CASE("a tensor larger than the writer's pieces has one checksum") {
  const test::TemporaryFolder folder;
  std::vector<double> values(100'003);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) * 0.1;
  SafetensorsWriter writer(folder / "a", {{.name = "v", .dtype = Dtype::f64, .shape = {100'003}}});
  writer.write<double>("v", values);
  writer.commit();
  CHECK(SafetensorsReader(folder / "a", {.checksums = Checksums::required}).read<double>("v") == values);
}

TEST_CASE("an empty file of no tensors is a file too") {
  const test::TemporaryFolder folder;
  SafetensorsWriter(folder / "a", {}).commit();
  const SafetensorsReader reader(folder / "a", {.checksums = Checksums::required});
  CHECK(reader.size() == 0);
  CHECK(reader.metadata().empty());
}

TEST_CASE("a tensor must be declared, of its type and size, and written once") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "a", "old");
  {
    SafetensorsWriter writer(folder / "a", {{.name = "x", .dtype = Dtype::f32, .shape = {2}}, {.name = "y"}});
    const std::vector<float> two = {1, 2};
    CHECK(has(error_text<DataError>([&] { writer.write<float>("z", two); }), "tensor \"z\" was not declared"));
    const std::vector<double> doubles = {1, 2};
    CHECK(
        has(error_text<DataError>([&] { writer.write<double>("x", doubles); }), "\"x\" is declared as F32, F64 came"));
    CHECK(
        has(error_text<ShapeError>([&] { writer.write<float>("y", two); }), "\"y\" has 4 bytes by its shape, 8 came"));
    writer.write<float>("x", two);
    CHECK(has(error_text<DataError>([&] { writer.write<float>("x", two); }), "tensor \"x\" is written already"));
    CHECK(has(error_text<DataError>([&] { writer.commit(); }), "tensor \"y\" was declared but not written"));
  }
  CHECK(test::content_of(folder / "a") == "old");
  CHECK(folder.names().size() == 1);
}

TEST_CASE("P12: a NaN or an infinity is not written unless it is wanted") {
  const test::TemporaryFolder folder;
  std::vector<float> values(70'000, 1.0f);
  values[69'000] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<TensorEntry> tensors = {{.name = "x", .dtype = Dtype::f32, .shape = {70'000}}};
  {
    SafetensorsWriter writer(folder / "a", tensors);
    CHECK(has(error_text<DataError>([&] { writer.write<float>("x", values); }),
              "tensor \"x\" holds a NaN or an infinity at element 69000"));
  }
  CHECK(folder.names().empty());
  SafetensorsWriter writer(folder / "a", tensors, {}, {.non_finite = NonFinite::accept});
  writer.write<float>("x", values);
  writer.commit();
  CHECK(has(error_text<FileError>([&] { SafetensorsReader(folder / "a").verify(); }), "holds a NaN or an infinity"));
  CHECK(SafetensorsReader(folder / "a", {.non_finite = NonFinite::accept}).read<float>("x").size() == 70'000);
}

TEST_CASE("P6: a process that is killed while it writes never loses the last good file") { kill_writers(40); }

TEST_CASE("P6: a thousand killed processes never lose the last good file" * doctest::test_suite("slow")) {
  kill_writers(sanitized ? 200 : 1000);
}
