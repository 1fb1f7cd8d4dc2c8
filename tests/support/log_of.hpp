// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/index.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/log_builder.hpp>

namespace test {

/// An event as tests write it down.
struct Event {
  std::string user, item;
  float value = 1;
  longshore::Seconds time = 0;

  friend bool operator==(const Event&, const Event&) = default;
};

/// A log of events with values and times, and with a further column "row" that counts them.
inline longshore::InteractionLog log_of(const std::vector<Event>& events) {
  longshore::LogBuilder builder;
  const std::size_t row = builder.add_column<longshore::Id>("row");
  longshore::Id number = 0;
  for (const Event& event : events) {
    builder.add(event.user, event.item, event.value, event.time);
    builder.push<longshore::Id>(row, number++);
  }
  return std::move(builder).finish();
}

/// The events of a log.
inline std::vector<Event> events_of(const longshore::InteractionLog& log) {
  std::vector<Event> events;
  for (std::size_t row = 0; row < log.size(); ++row)
    events.push_back(
        {log.user_ids.key(log.users(row)), log.item_ids.key(log.items(row)), log.values(row), log.times(row)});
  return events;
}

/// Random events with many equal times, repeated pairs, and names for the items.
inline longshore::InteractionLog random_log(std::uint32_t seed, std::size_t events, unsigned users, unsigned items) {
  std::mt19937 random(seed);
  std::vector<Event> list;
  for (std::size_t i = 0; i < events; ++i)
    list.push_back({"u" + std::to_string(random() % users), std::to_string(random() % items),
                    static_cast<float>(1 + random() % 5),
                    static_cast<longshore::Seconds>(random() % (events / 3 + 1))});
  longshore::InteractionLog log = log_of(list);
  for (longshore::Id item = 0; item < log.item_count(); ++item) {
    log.item_names.push_back("name of " + log.item_ids.key(item));
    log.item_categories.push_back("category of " + log.item_ids.key(item));
  }
  return log;
}

}  // namespace test
