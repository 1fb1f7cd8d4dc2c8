// SPDX-License-Identifier: Apache-2.0
// The only file that instantiates the model for inference.
#include "server.hpp"

#include <algorithm>
#include <longshore/metrics/top_items.hpp>
#include <longshore/serving/predict.hpp>

Answer Server::answer(const Request& request) {
  Answer answer;
  const std::vector<ls::Id> history = history_of(request, answer);
  answer.by_model = !history.empty();

  std::vector<bool> wanted(static_cast<std::size_t>(store_.item_count()), !request.allow);
  const auto mark = [&](const std::vector<ls::Id>& items, bool as) {
    for (const ls::Id item : items) wanted[static_cast<std::size_t>(item)] = as;
  };
  if (request.allow) mark(known(*request.allow, answer), true);
  mark(known(request.deny, answer), false);
  mark(history, false);
  std::vector<ls::Id> candidates;
  for (ls::Id item = 0; item < store_.item_count(); ++item)
    if (wanted[static_cast<std::size_t>(item)]) candidates.push_back(item);
  if (candidates.empty()) return answer;

  std::vector<float> by_popularity;
  std::span<const float> scores;  // of the candidates
  if (answer.by_model) {
    fill(history, candidates);
    const auto predicted = ls::predict(store_.model, context_, batch_);  // (1, C)
    scores = {predicted.data.data(), candidates.size()};
  } else {
    for (const ls::Id item : candidates) by_popularity.push_back(store_.popularity[static_cast<std::size_t>(item)]);
    scores = by_popularity;
  }
  answer.items.resize(std::min(static_cast<std::size_t>(request.top), candidates.size()));
  ls::top_items(scores, {}, answer.items);  // places among the candidates, equal scores by ascending id
  for (ls::Id& item : answer.items) {
    answer.scores.push_back(scores[static_cast<std::size_t>(item)]);
    item = candidates[static_cast<std::size_t>(item)];
  }
  return answer;
}

/// The ids of the keys that the model knows.
std::vector<ls::Id> Server::known(const std::vector<std::string>& keys, Answer& answer) const {
  std::vector<ls::Id> ids;
  for (const std::string& key : keys) {
    if (const auto id = store_.items.find(key))
      ids.push_back(*id);
    else
      ++answer.unknown_items;
  }
  return ids;
}

std::vector<ls::Id> Server::history_of(const Request& request, Answer& answer) const {
  const auto user = store_.users.find(request.user);
  answer.unknown_user = !user && !request.user.empty();
  if (request.history) return known(*request.history, answer);
  std::vector<ls::Id> history;
  if (!user) return history;
  for (const ls::Id item : store_.history(*user)) {
    if (item < store_.item_count())
      history.push_back(item);
    else
      ++answer.unknown_items;
  }
  return history;
}

/// Makes a batch of one: the last steps of the history, both views of them, the candidates.
void Server::fill(const std::vector<ls::Id>& history, const std::vector<ls::Id>& candidates) {
  batch_.reset();
  const ls::Index steps = std::min(static_cast<ls::Index>(history.size()), long_steps);
  const auto copied = [&](const auto& list) {
    const auto view = batch_.allocate<ls::Index>(list.size());
    std::copy(list.begin(), list.end(), view.data());
    return view;
  };
  const auto window = [&](ls::Index length) {
    return ls::Windows<Host>(copied(std::initializer_list<ls::Index>{steps - length}),
                             copied(std::initializer_list<ls::Index>{steps}),
                             copied(std::initializer_list<ls::Index>{0, length}), length, length);
  };
  batch_.users = copied(std::initializer_list<ls::Id>{0});  // the model does not look at it
  batch_.history.items = copied(std::span(history).last(static_cast<std::size_t>(steps)));
  batch_.history.offsets = {copied(std::initializer_list<ls::Index>{0, steps}), steps};
  batch_.long_term = window(steps);
  batch_.short_term = window(std::min(steps, short_steps));
  batch_.candidates = ls::reshape(copied(candidates), 1, static_cast<ls::Index>(candidates.size()));
}
