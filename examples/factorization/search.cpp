// SPDX-License-Identifier: Apache-2.0
// Rendle et al. 2021: whether implicit ALS is a strong baseline is a question of three settings, searched together.
#include <iostream>

#include "ranking.hpp"

ls::AlsSettings search_als(const RankingTasks& tasks, const RankingSettings& settings) {
  const std::vector<ls::Index> features =
      settings.quick ? std::vector<ls::Index>{16} : std::vector<ls::Index>{16, 32, 64, 128};
  const std::vector<double> regularisations =
      settings.quick ? std::vector<double>{0.003} : std::vector<double>{0.001, 0.003, 0.01, 0.03};
  const std::vector<double> weights =
      settings.quick ? std::vector<double>{0.1, 0.3} : std::vector<double>{0.03, 0.1, 0.3, 1};
  const std::size_t count = features.size() * regularisations.size() * weights.size();
  ls::AlsSettings best;
  double best_value = -1;
  std::size_t tried = 0;
  if (settings.progress)
    *settings.progress << "  iALS, settings by the validation NDCG@10 (*: the best so far)" << std::endl;
  for (const ls::Index width : features)
    for (const double regularisation : regularisations)
      for (const double weight : weights) {
        const ls::AlsSettings candidate{.users = tasks.train.users(),
                                        .items = tasks.train.items(),
                                        .features = width,
                                        .feedback = ls::Feedback::positive,
                                        .weight = 1,
                                        .unobserved_weight = weight,
                                        .regularisation = regularisation,
                                        .frequency_exponent = 1,
                                        .seed = settings.seed};
        ls::Als<float, Space> als(candidate);
        ls::fit_factors(als, tasks.train, {.epochs = settings.quick ? 4 : 12});
        const double value = ls::ndcg(10)(rank(als, tasks.validation)).value;
        if (value > best_value) {
          best_value = value;
          best = candidate;
        }
        if (settings.progress)
          *settings.progress << "  iALS " << ++tried << '/' << count << ": features " << width << ", regularisation "
                             << regularisation << ", unobserved " << weight << ": " << value
                             << (value == best_value ? " *" : "") << std::endl;
      }
  return best;
}
