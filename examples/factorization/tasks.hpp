// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <longshore/io.hpp>
#include <longshore/longshore.hpp>

namespace ls = longshore;

using Space = Kokkos::DefaultExecutionSpace;

/// Users whose hidden items are to be found among the whole catalogue, but for those that they are known to have.
struct RankingTask {
  std::vector<ls::Id> users;                        // (B) with something hidden
  std::vector<ls::Id> relevant, removed;            // row after row
  std::vector<std::size_t> relevant_offsets = {0};  // (B+1)
  std::vector<std::size_t> removed_offsets = {0};   // (B+1)

  ls::RankingRows rows() const {
    return {.relevant = relevant,
            .relevant_offsets = relevant_offsets,
            .removed = removed,
            .removed_offsets = removed_offsets};
  }
};

/// What is trained on, what is tuned on, and what counts.
struct RankingTasks {
  std::string name;
  ls::InteractionLog log;
  ls::Interactions<float, Space> train = {};
  ls::Histories histories = {};  // of training
  RankingTask validation = {}, test = {};
};

/// Every user's last item for the test, the one before for validation.
RankingTasks leave_one_out_tasks(const ls::InteractionLog& log);

/// A tenth of every user's items for the test, a tenth for validation, drawn at random: RecBole's general setting.
RankingTasks random_tasks(const ls::InteractionLog& log, std::uint64_t seed);
