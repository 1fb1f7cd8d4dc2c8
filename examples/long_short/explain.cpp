// SPDX-License-Identifier: Apache-2.0
// The only file that instantiates the model for inference, as loss.cpp does for training: that is what takes time to build.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <set>
#include <stop_token>
#include <utility>

#include "experiment.hpp"

namespace {

using Numbers = ls::Tensor<Real, 3, Space>;  // (1, 1 or C, H) an interest that outlives the step
using Interest = ls::Interest<Real, Space>;

constexpr ls::Index chunk = 256;  // items that are scored at a time
constexpr std::size_t terminal_width = 80;
constexpr std::size_t others = 64;  // users of whom the average one is made

/// What the average user brings instead of an interest, as the items of a chunk see it.
struct AverageUser {
  Numbers long_term, short_term;
};

/// What is said of a user's best items.
struct Effects {
  std::vector<ls::Id> best;
  double long_term = 0, short_term = 0;  // shares
};

Numbers mean_over_users(const Interest& interest) {
  const auto all = ls::copy_to_host(interest.vectors.data);  // (B, C, H)
  const ls::Index users = interest.users(), candidates = interest.candidates(), features = interest.features();
  std::vector<Real> mean(all.size() / static_cast<std::size_t>(users));
  for (std::size_t k = 0; k < all.size(); ++k) mean[k % mean.size()] += all[k] / static_cast<Real>(users);
  Numbers numbers(1, candidates, features);
  ls::copy_from_host<Real>(mean, numbers.view());
  return numbers;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof(text), "%3.0f %%", 100 * share);
  return text;
}

/// Looks into a model: which items it recommends, and what moved it.
class Explainer {
 public:
  Explainer(const Experiment& experiment, const Options& options, const Model& model, std::stop_token stop)
      : experiment_(experiment),
        options_(options),
        model_(model),
        stop_(std::move(stop)),
        views_(experiment.views(options, ls::Positions::separate)) {
    if (!whole()) return;
    // The average user of all chunks is the same where no interest depends on the item.
    const bool differs = model.long_term.sees_candidates() || model.short_term.sees_candidates();
    std::vector<ls::Example> examples;
    const std::size_t rows = experiment.test.size(), some = std::min(others, rows);
    for (std::size_t k = 0; k < some; ++k) examples.push_back(experiment.test.examples[k * rows / some]);
    for (ls::Index first = 0; first < (differs ? experiment.items() : 1); first += chunk) {
      look_at(examples, first);
      average_.push_back({mean_over_users(parts_.long_term), mean_over_users(parts_.short_term)});
    }
  }

  /// Prints why a user of the test is recommended what.
  void print(std::size_t row) {
    const auto history = experiment_.test.history(row);
    const std::string user =
        shown(experiment_.log().user_ids.key(experiment_.test.examples[row].user), terminal_width / 2);
    std::cout << '\n'
              << ls::wrap_text(ls::text_of("user ", user, ", ", history.size(), " events, the last: ",
                                           experiment_.title(history.back(), terminal_width - 7)),
                               terminal_width, "     ")
              << '\n';
    const Effects effects = effects_of(row);
    const auto& best = effects.best;
    if (best.empty()) {
      std::cout << "  recommended  nothing: this user had every item\n";
      return;
    }
    for (std::size_t k = 0; k < best.size(); ++k) {
      const std::string mark = best[k] == experiment_.test.targets[row] ? "   <- what came next" : "";
      std::cout << (k == 0 ? "  recommended  " : "               ") << k + 1 << ". "
                << experiment_.title(best[k], terminal_width - 18 - mark.size()) << mark << '\n';
    }
    if (whole() && experiment_.test.size() == 1)
      std::cout << "  interests    unknown: there is no other user to compare with\n";
    else if (whole() && effects.long_term + effects.short_term == 0)
      std::cout << "  interests    both are the average user's\n";
    else if (whole())
      print_shares("  interests    ", effects.long_term, effects.short_term);
    look_at({experiment_.test.examples[row]}, best[0], 1);  // attention as the best item sees it
    if (whole() && fuser_weighs()) {
      const auto weights = model_.fuse.weights(context_, candidates_, {parts_.long_term, parts_.short_term});
      const auto by_fuser = ls::copy_to_host(weights);
      print_shares("  fuser        ", by_fuser[0], by_fuser[1]);
    }
    print_steps("  attention    ", model_.short_term, batch_.short_term);
    print_steps("  long ago     ", model_.long_term, batch_.long_term);
  }

  /// What the numbers are.
  void print_legend() const {
    if (!whole()) return;
    const std::string interests =
        "interests: how far the scores of the five move, against the average item, when this interest is exchanged for "
        "the average user's; as shares";
    std::cout << '\n' << ls::wrap_text(interests, terminal_width, "           ") << '\n';
    if (fuser_weighs()) std::cout << "fuser:     how it weighs the two\n";
    std::cout << std::flush;
  }

 private:
  bool whole() const { return options_.name() == "long + short"; }
  /// Concatenation, maximum and product know no weights of the interests as a whole; the mean's are equal.
  bool fuser_weighs() const {
    return std::set<std::string>{"weighted", "gate", "vector-gate", "attention"}.contains(options_.fuser);
  }

  /// Makes the interests of some users, seen from the items of a chunk, that begins with the item `first`.
  ///
  /// @throws longshore::Interrupted if a stop is requested
  void look_at(const std::vector<ls::Example>& examples, ls::Id first, ls::Index most = chunk) {
    if (stop_.stop_requested()) throw ls::Interrupted("explain: stopped");
    views_.fill(examples, made_);
    ls::copy_batch(made_, batch_);
    const ls::Index count = std::min(most, experiment_.items() - first);
    std::vector<ls::Id> ids;
    for (std::size_t b = 0; b < examples.size(); ++b)
      for (ls::Index c = 0; c < count; ++c) ids.push_back(first + c);
    ids_ = ls::Tensor<ls::Id, 2, Space>(examples.size(), count);
    ls::copy_from_host<ls::Id>(ids, ids_.view());
    context_.reset();
    candidates_ = model_.items(context_, std::as_const(ids_).view());
    parts_ = model_.parts(context_, batch_, candidates_);
    context_.fence();
  }

  /// Scores the items of the chunk that was looked at, and appends them.
  void score(const Interest& long_term, const Interest& short_term, std::vector<float>& scores) {
    const Interest fused = long_term && short_term
                               ? model_.fuse(context_, candidates_, {long_term, short_term})
                               : model_.fuse(context_, candidates_, {long_term ? long_term : short_term});
    const auto some = model_.score(context_, fused, candidates_.vectors, batch_.users, std::as_const(ids_).view());
    context_.fence();
    const auto numbers = ls::copy_to_host(some.data);
    scores.insert(scores.end(), numbers.begin(), numbers.end());
  }

  Effects effects_of(std::size_t row) {
    std::vector<float> scores, without_long, without_short;  // (I)
    for (ls::Index first = 0; first < experiment_.items(); first += chunk) {
      look_at({experiment_.test.examples[row]}, first);
      score(parts_.long_term, parts_.short_term, scores);
      if (!whole()) continue;
      AverageUser& average = average_[average_.size() == 1 ? 0 : static_cast<std::size_t>(first / chunk)];
      score(Interest(ls::Cube<Real, Space>(average.long_term.view())), parts_.short_term, without_long);
      score(parts_.long_term, Interest(ls::Cube<Real, Space>(average.short_term.view())), without_short);
    }
    Effects effects{std::vector<ls::Id>(5)};
    // As the table: of the items that the user had only the target, if it is one of them, stays.
    std::vector<ls::Id> removed;
    if (!experiment_.keep_seen)
      for (const ls::Id item : experiment_.test.history(row))
        if (item != experiment_.test.targets[row]) removed.push_back(item);
    ls::top_items(scores, removed, effects.best);
    std::erase(effects.best, -1);  // fewer than five are left
    if (!whole() || effects.best.empty()) return effects;
    // How far the five move against the average item: what moves every item alike changes no order.
    const auto moved = [&](const std::vector<float>& without) {
      double all = 0, far = 0;
      for (std::size_t k = 0; k < scores.size(); ++k) all += static_cast<double>(scores[k]) - without[k];
      for (const ls::Id item : effects.best) {
        const auto k = static_cast<std::size_t>(item);
        far += std::abs(static_cast<double>(scores[k]) - without[k] - all / static_cast<double>(scores.size()));
      }
      return far;
    };
    const double by_long = moved(without_long), by_short = moved(without_short);
    if (by_long + by_short > 0) {
      effects.long_term = by_long / (by_long + by_short);
      effects.short_term = by_short / (by_long + by_short);
    }
    return effects;
  }

  static void print_shares(const char* heading, double long_term, double short_term) {
    std::cout << heading << "long-term " << percent(long_term) << ", short-term " << percent(short_term) << '\n';
  }

  /// The three steps of a branch's window that drew most of its attention, if it has one.
  void print_steps(const char* heading, const Branch& branch, const ls::Windows<Space>& windows) {
    const auto begin = static_cast<std::size_t>(ls::copy_to_host(windows.begin)[0]);
    if (begin == static_cast<std::size_t>(ls::copy_to_host(windows.end)[0]) && branch.block.index() > 0) {
      // The long view has none only where all are cut out of it.
      const bool is_long = &branch == &model_.long_term;
      const std::string why = is_long ? "none: the short view has every step, and they are cut out of this one"
                                      : "none: this view has no step, the next one begins a session";
      std::cout << ls::wrap_text(heading + why, terminal_width, "               ") << '\n';
      return;
    }
    const auto weights = ls::copy_to_host(branch.weights(context_, candidates_, parts_.history, windows));
    const auto items = ls::copy_to_host(batch_.history.items);
    double all = 0;  // 1, except for target attention, whose weights may even be negative
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (const Real weight : weights) all += std::abs(static_cast<double>(weight));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
    for (std::size_t k = 0; k < order.size() && k < 3; ++k)
      std::cout << (k == 0 ? heading : "               ") << percent(weights[order[k]] / all) << "  "
                << experiment_.title(items[begin + order[k]], terminal_width - 22) << '\n';
  }

  const Experiment& experiment_;
  const Options& options_;
  const Model& model_;
  std::stop_token stop_;
  ls::LongShortViews views_;
  std::vector<AverageUser> average_;  // of each chunk, or of all
  ls::Inference<Space> context_;
  ls::Batch<ls::LongShortViews::Host> made_;
  // What was looked at last.
  ls::Batch<Space> batch_;
  ls::Tensor<ls::Id, 2, Space> ids_;  // (B, C)
  Interest candidates_;               // (B, C, D)
  Model::Parts parts_;
};

}  // namespace

ls::Ranking rank(const Experiment& experiment, const Options& options, const Model& model,
                 const ls::EvaluationRows& rows, const std::stop_token& stop) {
  return ls::rank_model(model, experiment.views(options, ls::Positions::separate), rows, experiment.items(),
                        {.remove_seen = !experiment.keep_seen, .ranking = {.stop = stop}});
}

void explain(const Experiment& experiment, const Options& options, const Model& model, std::stop_token stop) try {
  Explainer explainer(experiment, options, model, std::move(stop));
  explainer.print_legend();
  const std::size_t rows = experiment.test.size();
  for (const std::size_t row : std::set<std::size_t>{0, rows / 3, 2 * rows / 3}) explainer.print(row);
  std::cout << std::flush;
} catch (const ls::Interrupted&) {
}
