// SPDX-License-Identifier: Apache-2.0
#include "ranking.hpp"

#include <array>
#include <chrono>
#include <iostream>
#include <optional>

namespace {

/// recall@10, MRR@10, NDCG@10 and hit@10, as others published them.
using Published = std::array<double, 4>;

/// The table, row by row.
class Table {
 public:
  Table(const RankingTasks& tasks, const RankingSettings& settings)
      : settings_(settings),
        report_({{"recall@10"}, {"MRR@10"}, {"NDCG@10"}, {"hit@10"}, {"seconds", 2}}, tasks.name) {}

  void add(const std::string& name, const ls::Ranking& ranking, std::optional<double> seconds) {
    report_.add(name, {ls::recall(10)(ranking).value, ls::mrr(10)(ranking).value, ls::ndcg(10)(ranking).value,
                       ls::hit_rate(10)(ranking).value, seconds});
    description_ = ranking.description();
  }
  void add(const std::string& name, const Measured& measured, const std::optional<Published>& published = {}) {
    add(name, measured.ranking, measured.seconds);
    if (!settings_.published || !published) return;
    const Published& p = *published;
    shows_published_ = true;
    report_.add("  published", {p[0], p[1], p[2], p[3], std::nullopt});
  }
  void say(const std::string& text) const {
    if (settings_.progress) *settings_.progress << "  " << text << std::endl;
  }
  void print(std::ostream& out, const std::string& note) {
    report_.note(
        note + " Baselines too know of a user what is in training, not what is for validation. Known items removed; " +
        description_ + ".");
    if (shows_published_) report_.note("Published: RecBole's README, its split of the same kind, 64 features.");
    out << '\n' << report_ << std::endl;
  }

 private:
  const RankingSettings& settings_;
  ls::Report report_;
  std::string description_;
  bool shows_published_ = false;
};

/// What the users of a task had in training, row after row.
struct Known {
  std::vector<ls::Id> items;
  std::vector<std::size_t> offsets = {0};

  Known(const ls::Histories& histories, const std::vector<ls::Id>& users) {
    for (const ls::Id user : users) {
      const auto u = static_cast<std::size_t>(user);
      items.insert(items.end(), histories.items.begin() + static_cast<std::ptrdiff_t>(histories.offsets[u]),
                   histories.items.begin() + static_cast<std::ptrdiff_t>(histories.offsets[u + 1]));
      offsets.push_back(items.size());
    }
  }
};

template <class Baseline>
ls::Ranking rank_known(const Baseline& baseline, const RankingTasks& tasks, const RankingTask& task) {
  const Known known(tasks.histories, task.users);
  return ls::rank_baseline(baseline, task.rows(), known.items, known.offsets);
}

/// EASE with the regularisation that is best on the validation.
Measured fit_ease(const RankingTasks& tasks, const RankingSettings& settings, const Table& table) {
  using Host = Kokkos::DefaultHostExecutionSpace;  // baselines score there
  ls::Ease<float, Host> best;
  double best_value = -1, seconds = 0;
  for (const double regularisation :
       settings.quick ? std::vector<double>{300} : std::vector<double>{100, 200, 300, 500, 1000}) {
    ls::Ease<float, Space> fitted({.items = tasks.train.items(), .regularisation = regularisation});
    const auto start = std::chrono::steady_clock::now();
    fitted.fit(Space(), tasks.train);
    const double its_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    auto ease = ls::copy_to<Host, float>(fitted);
    const double value = ls::ndcg(10)(rank_known(ease, tasks, tasks.validation)).value;
    table.say("EASE, regularisation " + ls::text_of(regularisation) + ": validation NDCG@10 " + ls::text_of(value));
    if (value <= best_value) continue;
    best_value = value;
    seconds = its_seconds;
    best = std::move(ease);
  }
  return {rank_known(best, tasks, tasks.test), seconds};
}

}  // namespace

void compare_rankings(const RankingTasks& tasks, const RankingSettings& settings, std::ostream& out) {
  Table table(tasks, settings);
  const ls::Index users = tasks.train.users(), items = tasks.train.items();
  const auto with = [&](const char* name, std::int64_t epochs, std::int64_t patience) {
    ls::FactorizationSettings fit{.epochs = settings.quick ? 3 : epochs, .stop_early = {.patience = patience}};
    fit.progress = {.out = settings.progress, .name = name};
    return fit;
  };
  ls::Floors(tasks.histories, items).for_each([&](const auto& floor) {
    table.add(std::string(floor.name()), rank_known(floor, tasks, tasks.test), std::nullopt);
  });

  const bool is_random = tasks.name.starts_with("random");
  table.add("BPR-MF",
            train_and_rank(ls::BprFactorization<float, Space>(
                               {.users = users, .items = items, .rate = 0.02, .seed = settings.seed}),
                           tasks, with("BPR-MF", 120, 15)),
            is_random ? std::optional<Published>({.2368, .4519, .2768, .7614}) : std::nullopt);
  const ls::AlsSettings tuned = search_als(tasks, settings);
  table.add("iALS", train_and_rank(ls::Als<float, Space>(tuned), tasks, with("iALS", 20, 3)));
  table.add("iALS++", train_and_rank(ls::IalsPlusPlus<float, Space>({.users = users,
                                                                     .items = items,
                                                                     .features = tuned.features,
                                                                     .block = std::min<ls::Index>(32, tuned.features),
                                                                     .unobserved_weight = tuned.unobserved_weight,
                                                                     .regularisation = tuned.regularisation,
                                                                     .seed = settings.seed}),
                                     tasks, with("iALS++", 20, 3)));
  table.add("EASE", fit_ease(tasks, settings, table));
  const ls::Index rank_of_svd = std::min<ls::Index>(50, std::min(users, items));
  table.add("PureSVD",
            train_and_rank(ls::TruncatedSvd<float, Space>(
                               {.users = users, .items = items, .features = rank_of_svd, .seed = settings.seed}),
                           tasks, with("PureSVD", 4, 0)));
  table.print(out, "iALS: " + std::to_string(tuned.features) + " features, regularisation " +
                       ls::text_of(tuned.regularisation) + ", unobserved weight " +
                       ls::text_of(tuned.unobserved_weight) + ", the best of its search on validation.");
}
