// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <longshore/core/check_ids.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/interop/xtensor.hpp>

#include "../histories.hpp"

/// What the tables of the folders have in common.
namespace test {

constexpr longshore::Id id_rows = 12;

/// A function that takes ids from outside: the header that it is in, and a call with ten of them, which are valid from
/// 0 to 11.
struct IdFunction {
  std::string header;
  std::function<void(std::span<const longshore::Id> ids)> call;
};

/// A table that grows call by call.
class IdTable {
 public:
  template <class Call>
  void operator()(const char* header, Call call) {
    functions_.push_back({header, call});
  }
  const std::vector<IdFunction>& functions() const { return functions_; }

 private:
  std::vector<IdFunction> functions_;
};

/// A call that hands the ids over one by one.
template <class Function>
auto each(Function function) {
  return [function](std::span<const longshore::Id> ids) {
    for (const longshore::Id id : ids) function(id);
  };
}

// What else the functions want, which is always valid.
namespace id_case {

inline const std::vector<std::size_t> offsets{0, 10};
inline const std::vector<std::size_t> one_each{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
inline const std::vector<std::size_t> counts(12, 1);
inline const std::vector<float> scores(12, 1.0f);
inline const std::vector<float> interests(10, 1.0f);
inline const std::vector<longshore::Id> target{3};

/// Twelve users, with the items from 0 to the user's number.
inline const longshore::Histories train = [] {
  std::vector<std::vector<longshore::Id>> all(12);
  for (std::size_t user = 0; user < 12; ++user)
    for (longshore::Id item = 0; item <= static_cast<longshore::Id>(user); ++item) all[user].push_back(item);
  longshore::Histories histories = histories_of(all);
  histories.times.assign(histories.size(), 0);
  histories.values.assign(histories.size(), 1.0f);
  return histories;
}();

/// Ten lists of one item.
inline auto lists_of_one(std::span<const longshore::Id> ids) {
  auto list = xt::xtensor<longshore::Id, 2>::from_shape({10, 1});
  std::copy(ids.begin(), ids.end(), list.begin());
  return list;
}

inline longshore::Histories one_history(std::span<const longshore::Id> ids) {
  return histories_of({std::vector<longshore::Id>(ids.begin(), ids.end())});
}

/// Ten events whose users, or else items, are these; the others are 0.
inline longshore::InteractionLog log_of_ids(std::span<const longshore::Id> ids, bool as_users) {
  longshore::InteractionLog log;
  log.user_ids = log.item_ids = longshore::IdMap::dense("ids", id_rows);
  log.values = xt::ones<float>({10});
  log.times = xt::zeros<longshore::Seconds>({10});
  log.users = log.items = xt::zeros<longshore::Id>({10});
  std::copy(ids.begin(), ids.end(), (as_users ? log.users : log.items).begin());
  return log;
}

}  // namespace id_case
}  // namespace test
