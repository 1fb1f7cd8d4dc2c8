// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/tensorboard_writer.hpp>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/event_file.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::DataError;
using longshore::FileError;
using longshore::TensorboardWriter;
using test::error_text;
using test::has;

TEST_CASE("a file that counts from a step on says so behind its first record; otherwise it says nothing") {
  const test::TemporaryFolder folder;
  const TensorboardWriter plain(folder / "plain"), resumed(folder / "resumed", 7);
  const auto records = [](const TensorboardWriter& writer) {
    return test::EventFile::decode(test::content_of(writer.path()));
  };
  CHECK(records(plain).size() == 1);
  CHECK_FALSE(records(plain)[0].start);
  REQUIRE(records(resumed).size() == 2);
  CHECK(records(resumed)[0].version == "brain.Event:2");
  CHECK(records(resumed)[1].start);
  CHECK(records(resumed)[1].step == 7);
}

TEST_CASE("curves are read back by an independent decoder") {
  const test::TemporaryFolder folder;
  const double before = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  std::string path;
  {
    TensorboardWriter writer(folder / "runs/first");
    path = writer.path();
    for (int step = 0; step < 5000; ++step) writer.scalar("loss/train", 1.0 / (step + 1), step);
    writer.scalar("ndcg", std::numeric_limits<double>::quiet_NaN(), 7, 1234.5);
  }
  const std::vector<test::EventRecord> events = test::EventFile::decode(test::content_of(path));
  REQUIRE(events.size() == 5002);
  CHECK(events[0].version == "brain.Event:2");
  for (int step = 0; step < 5000; ++step) {
    const test::EventRecord& event = events[static_cast<std::size_t>(step) + 1];
    REQUIRE(event.tag == "loss/train");
    REQUIRE(event.step == step);
    REQUIRE(event.value == static_cast<float>(1.0 / (step + 1)));
    REQUIRE(event.wall_time >= before);
    REQUIRE(event.wall_time < before + 600);
  }
  CHECK(std::isnan(events.back().value));
  CHECK(events.back().wall_time == 1234.5);
}

TEST_CASE("the file has TensorBoard's name, and two writers have two files") {
  const test::TemporaryFolder folder;
  const TensorboardWriter first(folder.path());
  const TensorboardWriter second(folder.path());
  CHECK(first.path() != second.path());
  CHECK(folder.names().size() == 2);
  for (const std::string& name : folder.names()) CHECK(name.starts_with("events.out.tfevents."));
}

TEST_CASE("records are in the file after flush, and always whole ones") {
  const test::TemporaryFolder folder;
  TensorboardWriter writer(folder.path());
  const auto records = [&] { return test::EventFile::decode(test::content_of(writer.path())).size(); };
  CHECK(records() == 1);
  writer.scalar("loss", 1.0, 0);
  CHECK(records() == 1);
  writer.flush();
  CHECK(records() == 2);
  writer.flush();
  CHECK(records() == 2);
  for (int step = 0; step < 3000; ++step) writer.scalar("loss", 1.0, step);
  CHECK(records() > 1000);  // 64 KiB are not kept
}

TEST_CASE("tags that would make the file unreadable and folders that cannot be made are refused") {
  const test::TemporaryFolder folder;
  TensorboardWriter writer(folder / "a");
  CHECK(error_text<DataError>([&] { writer.scalar("\xff", 1.0, 0); }) ==
        "TensorboardWriter: a tag must be UTF-8 and not empty, \"\\xff\" came");
  CHECK(has(error_text<DataError>([&] { writer.scalar("", 1.0, 0); }), "must be UTF-8 and not empty"));
  test::make_file(folder / "file", "");
  CHECK(has(error_text<FileError>([&] { TensorboardWriter(folder / "file/below"); }), "file/below: mkdir: "));
  CHECK(has(error_text<FileError>([&] { TensorboardWriter(folder / "file"); }), "file: "));
}
