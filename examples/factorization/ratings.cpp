// SPDX-License-Identifier: Apache-2.0
#include "ratings.hpp"

#include <algorithm>
#include <iostream>
#include <numeric>
#include <optional>

namespace {

/// Errors of the folds, added up.
struct Errors {
  double rmse = 0, mae = 0, seconds = 0;
};

/// The ratings of some rows as a model predicts them, within the range of the log's ratings. Who or what has no rating
/// in training is predicted by the model's biases, or, where it has none, by the mean.
template <class Model>
std::vector<float> predictions(const Model& model, const ls::InteractionLog& log, const ls::Split& split,
                               const ls::Interactions<float, Space>& train) {
  const Space executor;
  const auto users = model.user_vectors(executor), items = model.item_vectors(executor);
  const auto user_vectors = ls::copy_to_host(users.view()), item_vectors = ls::copy_to_host(items.view());
  const auto width = static_cast<std::size_t>(users.extent(1));
  const auto [low, high] = std::ranges::minmax(log.values);
  double mean = 0;
  for (const std::size_t row : split.train) mean += log.values(row) / static_cast<double>(split.train.size());
  const auto has = [](const ls::SparseRows<float, Space>& rows) {
    std::vector<bool> any(static_cast<std::size_t>(rows.row_count));
    const ls::SparseMatrix<float, Kokkos::DefaultHostExecutionSpace> on_host(rows);
    for (ls::Index r = 0; r < rows.row_count; ++r) any[static_cast<std::size_t>(r)] = on_host.rows().length(r) > 0;
    return any;
  };
  const std::vector<bool> user_is_known = has(train.by_user()), item_is_known = has(train.by_item());
  std::vector<float> result;
  for (const std::size_t row : split.test) {
    const auto u = static_cast<std::size_t>(log.users(row)), i = static_cast<std::size_t>(log.items(row));
    double rating = std::inner_product(user_vectors.begin() + static_cast<std::ptrdiff_t>(u * width),
                                       user_vectors.begin() + static_cast<std::ptrdiff_t>((u + 1) * width),
                                       item_vectors.begin() + static_cast<std::ptrdiff_t>(i * width), 0.0);
    if constexpr (requires { model.settings.biased; })
      if (!model.settings.biased && !(user_is_known[u] && item_is_known[i])) rating = mean;
    result.push_back(std::clamp(static_cast<float>(rating), low, high));
  }
  return result;
}

/// @param make  called with users and items: a model to train
template <class Make>
Errors cross_validate(const char* name, const ls::InteractionLog& log, const std::vector<ls::Split>& folds,
                      std::int64_t epochs, std::ostream* progress, const Make& make) {
  Errors sum;
  for (std::size_t fold = 0; fold < folds.size(); ++fold) {
    const ls::Interactions<float, Space> train(log, folds[fold].train);
    auto model = make(train.users(), train.items());
    sum.seconds += ls::fit_factors(model, train, {.epochs = epochs}).seconds();
    const auto predicted = predictions(model, log, folds[fold], train);
    std::vector<float> truth;
    for (const std::size_t row : folds[fold].test) truth.push_back(log.values(row));
    const double rmse = ls::rmse(truth, predicted);
    sum.rmse += rmse;
    sum.mae += ls::mae(truth, predicted);
    if (progress)
      *progress << "  " << name << ", fold " << fold + 1 << '/' << folds.size() << ": RMSE " << rmse << std::endl;
  }
  const auto count = static_cast<double>(folds.size());
  return {sum.rmse / count, sum.mae / count, sum.seconds / count};
}

}  // namespace

void compare_ratings(const ls::InteractionLog& log, const RatingSettings& settings, std::ostream& out) {
  const auto folds = ls::k_fold(log, settings.folds, settings.seed);
  const auto order = settings.sequential ? ls::Order::sequential : ls::Order::blocked;
  const auto epochs = [&](std::int64_t usual) { return settings.epochs > 0 ? settings.epochs : usual; };
  ls::Report report(settings.published
                        ? std::vector<ls::Report::Column>{{"RMSE", 4},
                                                          {"published", 3},
                                                          {"MAE", 4},
                                                          {"published", 3},
                                                          {"seconds a fold", 2}}
                        : std::vector<ls::Report::Column>{{"RMSE", 4}, {"MAE", 4}, {"seconds a fold", 2}},
                    "ratings");
  const auto add = [&](const char* name, const Errors& errors, std::optional<double> rmse, std::optional<double> mae) {
    if (settings.published)
      report.add(name, {errors.rmse, rmse, errors.mae, mae, errors.seconds});
    else
      report.add(name, {errors.rmse, errors.mae, errors.seconds});
  };
  add("SVD",
      cross_validate("SVD", log, folds, epochs(20), settings.progress,
                     [&](ls::Index users, ls::Index items) {
                       return ls::Svd<float, Space>(
                           {.users = users, .items = items, .order = order, .seed = settings.seed});
                     }),
      .934, .737);
  add("SVD++",
      cross_validate("SVD++", log, folds, epochs(20), settings.progress,
                     [&](ls::Index users, ls::Index items) {
                       return ls::Svdpp<float, Space>(
                           {.users = users, .items = items, .order = order, .seed = settings.seed});
                     }),
      .919, .721);
  add("NMF",
      cross_validate("NMF", log, folds, epochs(50), settings.progress,
                     [&](ls::Index users, ls::Index items) {
                       return ls::Nmf<float, Space>(
                           {.users = users, .items = items, .order = order, .seed = settings.seed});
                     }),
      .963, std::nullopt);
  report.note(std::to_string(settings.folds) + "-fold cross-validation over " + std::to_string(log.size()) +
              " ratings, predictions within the range of the ratings.");
  if (settings.published) report.note("Published: Surprise's README, its default settings, its own folds.");
  out << '\n' << report << std::endl;
}
