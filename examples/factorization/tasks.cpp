// SPDX-License-Identifier: Apache-2.0
#include "tasks.hpp"

namespace {

/// @param hidden  rows of the log whose items are to be found
/// @param known   rows whose items are no candidates
RankingTask task(const ls::InteractionLog& log, const std::vector<std::size_t>& hidden,
                 const std::vector<std::size_t>& known) {
  const ls::Histories wanted = ls::histories(log, hidden), gone = ls::histories(log, known);
  RankingTask result;
  for (ls::Id user = 0; user < log.user_count(); ++user) {
    if (wanted.length(user) == 0) continue;
    const auto append = [user](const ls::Histories& from, std::vector<ls::Id>& to, std::vector<std::size_t>& offsets) {
      const auto u = static_cast<std::size_t>(user);
      to.insert(to.end(), from.items.begin() + static_cast<std::ptrdiff_t>(from.offsets[u]),
                from.items.begin() + static_cast<std::ptrdiff_t>(from.offsets[u + 1]));
      offsets.push_back(to.size());
    };
    result.users.push_back(user);
    append(wanted, result.relevant, result.relevant_offsets);
    append(gone, result.removed, result.removed_offsets);
  }
  return result;
}

RankingTasks tasks(const char* name, const ls::InteractionLog& log, const ls::Split& split) {
  std::vector<std::size_t> before_test = split.train;
  before_test.insert(before_test.end(), split.validation.begin(), split.validation.end());
  RankingTasks all{.name = name, .log = log};
  all.train = ls::Interactions<float, Space>(log, split.train, ls::RepeatedEvents::last);
  all.histories = ls::histories(log, split.train);
  all.validation = task(log, split.validation, split.train);
  all.test = task(log, split.test, before_test);
  if (all.validation.users.empty() || all.test.users.empty())
    throw ls::DataError(std::string(name) + ": no user has events enough to train, to validate and to test");
  return all;
}

/// The log with 1 for every value: that somebody chose something, not how they liked it.
ls::InteractionLog without_values(ls::InteractionLog log) {
  log.values.fill(1.0F);
  log.has_values = false;
  return log;
}

}  // namespace

RankingTasks leave_one_out_tasks(const ls::InteractionLog& log) {
  const ls::InteractionLog chosen = without_values(log);
  return tasks("leave one out by time", chosen, ls::leave_one_out(chosen));
}

RankingTasks random_tasks(const ls::InteractionLog& log, std::uint64_t seed) {
  const ls::InteractionLog chosen = without_values(log);
  return tasks("random 80/10/10 of each user", chosen, ls::random_split(chosen, {}, seed));
}
