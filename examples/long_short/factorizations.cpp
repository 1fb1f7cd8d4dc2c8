// SPDX-License-Identifier: Apache-2.0
#include "factorizations.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <numeric>
#include <optional>
#include <vector>

namespace {

using Space = Kokkos::DefaultExecutionSpace;

class Factorizations {
 public:
  Factorizations(const Experiment& experiment, const Options& options, const std::stop_token& stop, const AddFloor& add)
      : experiment_(experiment), options_(options), stop_(stop), add_(add) {
    ls::InteractionLog chosen = experiment.log();
    chosen.values.fill(1.0F);  // that somebody chose something, not how they liked it
    train_ = ls::Interactions<float, Space>(chosen, experiment.split.train, ls::RepeatedEvents::last);
    for (const ls::Example& example : experiment.validation.examples) validation_users_.push_back(example.user);
  }

  void add_bpr() const {
    ls::BprFactorization<float, Space> bpr(
        {.users = train_.users(), .items = train_.items(), .rate = 0.02, .seed = options_.seed});
    const double seconds = fit(bpr, "BPR-MF", {.epochs = 120, .stop_early = {.patience = 15}}, true);
    add_folded("BPR-MF", bpr, seconds);
  }

  void add_als() const {
    std::optional<ls::Als<float, Space>> best;
    double best_value = -1, seconds = 0;
    for (const double regularisation : {0.001, 0.003, 0.01, 0.03})
      for (const double weight : {0.03, 0.1, 0.3}) {
        ls::Als<float, Space> als({.users = train_.users(),
                                   .items = train_.items(),
                                   .features = 64,
                                   .feedback = ls::Feedback::positive,
                                   .weight = 1,
                                   .unobserved_weight = weight,
                                   .regularisation = regularisation,
                                   .frequency_exponent = 1,
                                   .seed = options_.seed});
        const double its_seconds = fit(als, "iALS", {.epochs = 12}, false);
        const double value = validate(als);
        std::cout << "iALS, regularisation " << regularisation << ", unobserved " << weight << ": NDCG@10 " << value
                  << (value > best_value ? " *" : "") << std::endl;
        if (value <= best_value) continue;
        best_value = value;
        seconds = its_seconds;
        best = std::move(als);
      }
    add_folded("iALS", *best, seconds);
  }

  void add_ease() const {
    if (train_.items() > ls::Ease<float, Space>::most_items) {
      std::cout << "EASE is left out: it takes at most " << ls::Ease<float, Space>::most_items << " items" << std::endl;
      return;
    }
    std::optional<ls::Ease<float, Space>> best;
    double best_value = -1, seconds = 0;
    for (const double regularisation : {30.0, 100.0, 300.0, 1000.0}) {
      ls::Ease<float, Space> ease({.items = train_.items(), .regularisation = regularisation});
      const auto start = std::chrono::steady_clock::now();
      ease.fit(Space(), train_);
      const double its_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      const double value = ls::ndcg(10)(rank_ease(ease, experiment_.validation)).value;
      std::cout << "EASE, regularisation " << regularisation << ": NDCG@10 " << value
                << (value > best_value ? " *" : "") << std::endl;
      if (value <= best_value) continue;
      best_value = value;
      seconds = its_seconds;
      best = std::move(ease);
    }
    add_("EASE", rank_ease(*best, experiment_.test), static_cast<double>(ls::summary(*best).parameters()), seconds);
  }

  void add_pure_svd() const {
    ls::TruncatedSvd<float, Space> svd({.users = train_.users(),
                                        .items = train_.items(),
                                        .features = std::min({ls::Index{50}, train_.users(), train_.items()}),
                                        .seed = options_.seed});
    const double seconds = fit(svd, "PureSVD", {.epochs = 4}, false);
    add_folded("PureSVD", svd, seconds);
  }

 private:
  /// @param validates  whether an epoch is followed by a look at the validation, and the best one is kept
  /// @return           seconds of training
  template <class Model>
  double fit(Model& model, const char* name, ls::FactorizationSettings settings, bool validates) const {
    settings.stop = stop_;
    if (validates) {
      settings.progress = {.out = &std::cout, .terminal = !options_.plain && isatty(STDOUT_FILENO) != 0};
      settings.progress.name = name;
      settings.progress.metric = "NDCG@10";
    }
    const auto report =
        validates ? ls::fit_factors(model, train_, settings, [&](const Model& some) { return validate(some); })
                  : ls::fit_factors(model, train_, settings);
    if (report.interrupted) throw ls::Interrupted(std::string(name) + ": stopped");
    return report.seconds();
  }

  /// A user of the validation is one of training, with the same history.
  template <class Model>
  double validate(const Model& model) const {
    return ls::ndcg(10)(ls::rank_factors(model, validation_users_, experiment_.validation.rows(!experiment_.keep_seen),
                                         {.stop = stop_}))
        .value;
  }

  ls::Ranking rank_ease(const ls::Ease<float, Space>& ease, const ls::EvaluationRows& rows) const {
    const auto here = ls::copy_to<Kokkos::DefaultHostExecutionSpace, float>(ease);  // baselines score on a host
    return ls::rank_baseline(here, rows.rows(!experiment_.keep_seen), rows.seen, rows.seen_offsets, {.stop = stop_});
  }

  /// Ranks the test by users of their whole histories.
  template <class Model>
  void add_folded(const char* name, const Model& model, double seconds) const {
    const ls::EvaluationRows& rows = experiment_.test;
    std::vector<std::int64_t> offsets{0};
    std::vector<ls::Id> items;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto history = rows.history(row);
      const auto begin = static_cast<std::ptrdiff_t>(items.size());
      items.insert(items.end(), history.begin(), history.end());
      std::sort(items.begin() + begin, items.end());
      items.erase(std::unique(items.begin() + begin, items.end()), items.end());
      offsets.push_back(static_cast<std::int64_t>(items.size()));
    }
    const std::vector<float> ones(items.size(), 1);
    const ls::SparseMatrix<float, Space> histories(offsets, items, ones, train_.items());
    const auto users = model.fold_in_users(Space(), histories.rows());
    const auto vectors = model.item_vectors(Space());
    const auto of_users = ls::copy_to_host(users.view()), of_items = ls::copy_to_host(vectors.view());
    const auto width = static_cast<std::size_t>(vectors.extent(1)), count = static_cast<std::size_t>(train_.items());
    const auto score = [&](std::size_t first, std::size_t rows_at_once, std::span<float> scores) {
      for (std::size_t b = 0; b < rows_at_once; ++b)
        for (std::size_t i = 0; i < count; ++i)
          scores[b * count + i] =
              std::inner_product(of_items.begin() + static_cast<std::ptrdiff_t>(i * width),
                                 of_items.begin() + static_cast<std::ptrdiff_t>((i + 1) * width),
                                 of_users.begin() + static_cast<std::ptrdiff_t>((first + b) * width), 0.0F);
    };
    add_(name, ls::full_ranking(rows.rows(!experiment_.keep_seen), train_.items(), score, {.stop = stop_}),
         static_cast<double>(ls::summary(model).parameters()), seconds);
  }

  const Experiment& experiment_;
  const Options& options_;
  std::stop_token stop_;
  const AddFloor& add_;
  ls::Interactions<float, Space> train_;
  std::vector<ls::Id> validation_users_;
};

}  // namespace

void add_factorizations(const Experiment& experiment, const Options& options, const std::stop_token& stop,
                        const AddFloor& add) {
  const Factorizations floors(experiment, options, stop, add);
  floors.add_bpr();
  floors.add_als();
  floors.add_ease();
  floors.add_pure_svd();
}
