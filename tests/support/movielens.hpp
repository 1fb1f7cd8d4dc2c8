// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <longshore/core/index.hpp>
#include <longshore/data/histories.hpp>

/// MovieLens 100K for leave-one-out: read by hand, so that results do not rest on the readers that are tested
/// elsewhere.
struct MovieLens {
  longshore::Index items = 0;
  longshore::Histories train;                // all but the last two items of each user
  std::vector<longshore::Id> targets;        // the last item of each user
  std::vector<longshore::Id> history;        // all but the last item of each user
  std::vector<std::size_t> history_offsets;  // (U+1)

  /// @param path  ml-100k.inter: user, item, rating and time stamp; items are numbered in the order of their numbers,
  ///              events sorted stably by time
  explicit MovieLens(const std::filesystem::path& path) {
    struct Event {
      longshore::Seconds time;
      longshore::Id item;
    };
    std::map<int, std::vector<Event>> users;
    std::set<int> numbers;
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream fields(line);
      int user = 0, item = 0;
      double rating = 0, time = 0;
      fields >> user >> item >> rating >> time;
      users[user].push_back({static_cast<longshore::Seconds>(time), item});
      numbers.insert(item);
    }
    std::map<int, longshore::Id> ids;
    for (const int number : numbers) ids[number] = static_cast<longshore::Id>(ids.size());
    items = static_cast<longshore::Index>(ids.size());
    history_offsets.push_back(0);
    for (auto& [user, events] : users) {
      std::ranges::stable_sort(events, {}, &Event::time);
      for (std::size_t n = 0; n + 1 < events.size(); ++n) {
        history.push_back(ids[events[n].item]);
        if (n + 2 < events.size()) train.items.push_back(history.back());
      }
      targets.push_back(ids[events.back().item]);
      history_offsets.push_back(history.size());
      train.offsets.push_back(train.items.size());
    }
  }
};
