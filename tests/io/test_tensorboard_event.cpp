// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/tensorboard_event.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/event_file.hpp"

using longshore::TensorboardEvent;

TEST_CASE("the first record names the version of the format") {
  const std::vector<test::EventRecord> events = test::EventFile::decode(TensorboardEvent::version(1717200000.25));
  REQUIRE(events.size() == 1);
  CHECK(events[0].version == "brain.Event:2");
  CHECK(events[0].wall_time == 1717200000.25);
}

TEST_CASE("a scalar has the bytes of TensorFlow's writer") {
  // wall_time 1.5: 09 and a double; step 300: 10 ac 02; summary: 2a, value: 0a, tag: 0a 01 'a', simple_value: 15 and a float
  const std::string message(
      "\x09\0\0\0\0\0\0\xf8\x3f\x10\xac\x02\x2a\x0a\x0a\x08\x0a\x01"
      "a\x15\0\0\x20\x40",
      24);
  const std::string record = TensorboardEvent::scalar("a", 2.5f, 300, 1.5);
  CHECK(record.size() == 16 + message.size());
  CHECK(record.substr(0, 8) == std::string("\x18\0\0\0\0\0\0\0", 8));
  CHECK(record.substr(12, message.size()) == message);
}

TEST_CASE("a start has the bytes of TensorFlow's writer") {
  // wall_time 1.5: 09 and a double; step 300: 10 ac 02; session_log: 3a, status: 08 01
  const std::string message("\x09\0\0\0\0\0\0\xf8\x3f\x10\xac\x02\x3a\x02\x08\x01", 16);
  CHECK(TensorboardEvent::start(300, 1.5).substr(12, message.size()) == message);
  const auto events = test::EventFile::decode(TensorboardEvent::start(300, 1.5));
  REQUIRE(events.size() == 1);
  CHECK(events[0].start);
  CHECK(events[0].step == 300);
  CHECK_FALSE(test::EventFile::decode(TensorboardEvent::scalar("a", 2.5f, 300, 1.5))[0].start);
}

TEST_CASE("every value, step and tag comes back") {
  const std::string long_tag(70'000, 't');
  struct Point {
    std::string tag;
    float value;
    std::int64_t step;
  };
  for (const Point& point : std::vector<Point>{{"loss/train", 0.25f, 0},
                                               {"x", -std::numeric_limits<float>::infinity(), 127},
                                               {"x", std::numeric_limits<float>::max(), 128},
                                               {long_tag, -0.0f, INT64_MAX},
                                               {"\xc3\xa9", 1.0f, -1}}) {
    const auto events = test::EventFile::decode(TensorboardEvent::scalar(point.tag, point.value, point.step, 7.0));
    REQUIRE(events.size() == 1);
    CHECK(events[0].tag == point.tag);
    CHECK(events[0].value == point.value);
    CHECK(events[0].step == point.step);
    CHECK(events[0].wall_time == 7.0);
    CHECK(events[0].version.empty());
  }
}

TEST_CASE("the independent decoder notices every flipped bit") {
  const std::string record = TensorboardEvent::scalar("loss", 0.25f, 5, 7.0);
  for (std::size_t bit = 64; bit < record.size() * 8; ++bit) {
    std::string flipped = record;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    CHECK_THROWS(test::EventFile::decode(flipped));
  }
}
