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
#include <utility>
#include <vector>

#include <longshore/core/index.hpp>
#include <longshore/data/histories.hpp>

/// A data set divided for leave-one-out: the last item of each user is the target, the last but one for validation. Read by
/// hand, so that results do not rest on the readers and splits that are tested elsewhere.
struct LeaveOneOutData {
  longshore::Index items = 0;
  longshore::Histories train;                      // all but the last two items of each user
  std::vector<longshore::Id> targets;              // (U) the last item of each user
  std::vector<longshore::Id> history;              // all but the last item of each user
  std::vector<std::size_t> history_offsets = {0};  // (U+1)

  /// @param events  the items of a user in the order of time, at least one
  void add(const std::vector<longshore::Id>& events) {
    history.insert(history.end(), events.begin(), events.end() - 1);
    train.items.insert(train.items.end(), events.begin(),
                       events.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(2, events.size())));
    targets.push_back(events.back());
    history_offsets.push_back(history.size());
    train.offsets.push_back(train.items.size());
  }

  /// MovieLens 100K: user, item, rating and time stamp a line. Items are numbered in the order of their numbers, events
  /// sorted stably by time.
  static LeaveOneOutData movielens(const std::filesystem::path& path) {
    using Event = std::pair<longshore::Seconds, int>;
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
      users[user].emplace_back(static_cast<longshore::Seconds>(time), item);
      numbers.insert(item);
    }
    LeaveOneOutData data;
    std::map<int, longshore::Id> ids;
    for (const int number : numbers) ids[number] = static_cast<longshore::Id>(ids.size());
    data.items = static_cast<longshore::Index>(ids.size());
    for (auto& [user, events] : users) {
      std::ranges::stable_sort(events, {}, &Event::first);
      std::vector<longshore::Id> in_order;
      for (const Event& event : events) in_order.push_back(ids[event.second]);
      data.add(in_order);
    }
    return data;
  }

  /// Amazon Beauty: a user and the items in the order of time a line, items numbered from 1.
  static LeaveOneOutData beauty(const std::filesystem::path& path) {
    LeaveOneOutData data;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
      std::istringstream fields(line);
      int user = 0;
      fields >> user;
      std::vector<longshore::Id> events;
      for (int item = 0; fields >> item;) {
        events.push_back(item - 1);
        data.items = std::max(data.items, item);
      }
      data.add(events);
    }
    return data;
  }
};
