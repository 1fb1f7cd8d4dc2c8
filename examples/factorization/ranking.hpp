// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "tasks.hpp"

struct RankingSettings {
  bool quick = false;      // fewer epochs and a smaller search
  bool published = false;  // print what others measured on these data, too
  std::uint64_t seed = 0;
  std::ostream* progress = nullptr;
};

/// What a factorisation reached, and how long it took to train.
struct Measured {
  ls::Ranking ranking;
  double seconds = 0;
};

template <class Model>
ls::Ranking rank(const Model& model, const RankingTask& task) {
  return ls::rank_factors(model, task.users, task.rows());
}

/// Trains with early stopping on the validation's NDCG@10, and ranks the test.
template <class Model>
Measured train_and_rank(Model model, const RankingTasks& tasks, ls::FactorizationSettings settings) {
  settings.progress.metric = "NDCG@10";
  const auto report = ls::fit_factors(model, tasks.train, settings, [&](const Model& some) {
    return ls::ndcg(10)(rank(some, tasks.validation)).value;
  });
  return {rank(model, tasks.test), report.seconds()};
}

/// The settings of implicit ALS that are best on the validation: a small search over features, regularisation and the
/// weight of what was not chosen.
ls::AlsSettings search_als(const RankingTasks& tasks, const RankingSettings& settings);

/// Trains every factorisation that ranks, and prints their table beside the baselines' and, on MovieLens 100K, beside
/// what others published.
void compare_rankings(const RankingTasks& tasks, const RankingSettings& settings, std::ostream& out);
