// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <set>

#include "experiment.hpp"

namespace {

struct Drawn {
  std::size_t step;
  float weight;
};

/// The steps of a branch's only window, heaviest first; empty where the branch has no attention.
template <class AnyBranch>
std::vector<Drawn> heaviest(const AnyBranch& branch, ls::Inference<Space>& context,
                            const ls::Interest<Real, Space>& candidates, const ls::Sequences<Real, Space>& history,
                            const ls::Windows<Space>& windows) {
  std::vector<Drawn> drawn;
  std::visit(
      [&](const auto& chosen) {
        if constexpr (requires { chosen.weights(context, candidates, history, windows); }) {
          const auto weights = ls::copy_to_host(chosen.weights(context, candidates, history, windows));
          const auto begin = static_cast<std::size_t>(ls::copy_to_host(windows.begin)[0]);
          for (std::size_t k = 0; k < weights.size(); ++k) drawn.push_back({begin + k, weights[k]});
        }
      },
      branch.block);
  std::stable_sort(drawn.begin(), drawn.end(), [](const Drawn& a, const Drawn& b) { return a.weight > b.weight; });
  return drawn;
}

std::string percent(float share) {
  char text[16];
  std::snprintf(text, sizeof(text), "%3.0f %%", 100 * static_cast<double>(share));
  return text;
}

}  // namespace

void explain(const Experiment& experiment, const Options& options, const Model& model) {
  const auto views = experiment.views(options, ls::Positions::separate);
  ls::Inference<Space> context;
  ls::Batch<ls::LongShortViews::Host> made;
  ls::Batch<Space> batch;
  const auto items = experiment.items();
  const std::size_t rows = experiment.test.size();
  for (const std::size_t row : std::set<std::size_t>{0, rows / 3, 2 * rows / 3}) {
    const ls::Example& example = experiment.test.examples[row];
    const auto history = experiment.test.history(row);
    views.fill({&example, 1}, made);
    ls::copy_batch(made, batch);
    std::vector<float> scores(static_cast<std::size_t>(items));
    ls::score_catalogue(context, model, batch, items, std::size_t{1} << 22, scores);
    std::vector<ls::Id> best(5);
    ls::top_items(scores, history, best);
    std::erase(best, -1);  // fewer than five are left
    std::cout << "\nuser " << experiment.log().user_ids.key(example.user) << ", " << history.size()
              << " events, the last: " << experiment.title(history.back()) << '\n';
    if (best.empty()) {
      std::cout << "  recommended  nothing: this user had every item\n";
      continue;
    }

    // The same user once more, with the best item as the candidate: how the interests were weighed for it.
    ls::Tensor<ls::Id, 2, Space> candidate(1, 1);
    ls::copy_from_host<ls::Id>({best[0]}, candidate.view());
    context.reset();
    const ls::Interest<Real, Space> seen_from(model.items(context, std::as_const(candidate).view()));
    const auto parts = model.parts(context, batch, seen_from);
    for (std::size_t k = 0; k < best.size(); ++k)
      std::cout << (k == 0 ? "  recommended  " : "               ") << k + 1 << ". " << experiment.title(best[k])
                << (best[k] == experiment.test.targets[row] ? "   <- what came next" : "") << '\n';
    if (parts.long_term && parts.short_term) {
      const auto weights =
          ls::copy_to_host(model.fuse.weights(context, seen_from, {parts.long_term, parts.short_term}));
      std::cout << "  interests    long-term " << percent(weights[0]) << ", short-term " << percent(weights[1]) << '\n';
    }
    const auto steps = ls::copy_to_host(batch.history.items);
    const auto show = [&](const char* heading, const std::vector<Drawn>& drawn) {
      for (std::size_t k = 0; k < drawn.size() && k < 3; ++k)
        std::cout << (k == 0 ? heading : "               ") << percent(drawn[k].weight) << "  "
                  << experiment.title(steps[drawn[k].step]) << '\n';
    };
    show("  attention    ", heaviest(model.short_term, context, seen_from, parts.history, batch.short_term));
    show("  long ago     ", heaviest(model.long_term, context, seen_from, parts.history, batch.long_term));
  }
  std::cout << std::flush;
}
