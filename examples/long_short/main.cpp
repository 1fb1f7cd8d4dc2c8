// SPDX-License-Identifier: Apache-2.0
// Trains a long/short-term recommender and its two halves on one log, prints them beside honest floors, explains three
// recommendations and saves the model. Ctrl-C ends after the current step with a checkpoint; --resume goes on.
#include <pthread.h>
#include <signal.h>

#include <iostream>
#include <thread>

#include "curve_picture.hpp"
#include "experiment.hpp"

namespace {

/// Turns the first Ctrl-C into a stop request, and the second into an end. Made before any other thread, so that all of them
/// leave the signal to this one.
class Interrupt {
 public:
  Interrupt() {
    sigset_t signals = waited_for();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([source = stop_]() mutable {
      sigset_t waiting = waited_for();
      int which = 0;
      sigwait(&waiting, &which);
      std::cout << "\nStopping after this step; again: at once." << std::endl;
      source.request_stop();
      sigwait(&waiting, &which);
      _exit(130);
    }).detach();
  }
  std::stop_token token() const { return stop_.get_token(); }

 private:
  static sigset_t waited_for() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
  }
  std::stop_source stop_;
};

void add(ls::Report& report, const std::string& name, const ls::Ranking& ranking, std::optional<double> parameters = {},
         std::optional<double> seconds = {}) {
  report.add(name, {ls::hit_rate(10)(ranking).value, ls::ndcg(10)(ranking).value, ls::mrr()(ranking).value, parameters,
                    seconds});
}

int run(const Options& options, std::stop_token stop) {
  std::filesystem::create_directories(options.out);
  std::cout << "Reading " << (options.data.empty() ? "the synthetic log" : options.data) << std::endl;
  const Experiment experiment(options);
  const auto& log = experiment.log();
  std::cout << log.size() << " events, " << log.user_count() << " users, " << log.item_count() << " items; "
            << experiment.examples.size() << " training positions, " << experiment.test.size() << " test users\n\n";
  std::cout << ls::summary(assemble(options, experiment.users(), experiment.items())) << std::endl;

  struct Variant {
    std::string name;
    Options options;
  };
  std::vector<Variant> variants{{"long + short", options}};
  if (!options.no_halves && options.long_term != "none" && options.short_term != "none") {
    variants.push_back({"long only", options});
    variants.back().options.short_term = "none";
    variants.push_back({"short only", options});
    variants.back().options.long_term = "none";
  }
  ls::Report report({{"HR@10"}, {"NDCG@10"}, {"MRR"}, {"parameters", 0}, {"seconds", 1}}, "");
  std::vector<Curve> curves;
  std::optional<Model> whole;
  for (const Variant& variant : variants) {
    Trained trained = train(experiment, variant.options, variant.name, stop);
    if (trained.report.interrupted) {
      std::cout << "Interrupted after " << trained.report.steps << " steps; --resume goes on from the checkpoint in "
                << options.out << std::endl;
      return 130;
    }
    const auto parameters = static_cast<double>(ls::summary(trained.model).parameters());
    add(report, variant.name, trained.ranking, parameters, trained.report.seconds());
    Curve curve{variant.name, {}};
    for (const auto& record : trained.report.epochs) curve.values.push_back(record.validation);
    curves.push_back(curve);
    if (!whole) whole = std::move(trained.model);
  }
  const auto& test = experiment.test;
  ls::Floors(experiment.train, experiment.items()).for_each([&](const auto& floor) {
    add(report, std::string(floor.name()), ls::rank_baseline(floor, test.rows(), test.seen, test.seen_offsets));
  });
  if (experiment.synthetic) add(report, "oracle", experiment.oracle());
  report.note("Leave one out by time, full ranking over " + std::to_string(experiment.items()) +
              " items, seen items removed, ties pessimistic; " + std::to_string(test.size()) + " test users.");
  std::cout << '\n' << report << std::flush;

  explain(experiment, options, *whole);

  const std::filesystem::path out = options.out;
  ls::save(*whole, out / "model.safetensors",
           {{"long", options.long_term},
            {"short", options.short_term},
            {"fuser", options.fuser},
            {"scorer", options.scorer}});
  draw_curves(out / "curves.svg", "validation NDCG@10 after each epoch", curves);
  std::cout << "\nWrote model.safetensors, curves.svg, the curves as CSV and TensorBoard events to " << options.out
            << std::endl;
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = Options::parse(count, arguments);
  const Interrupt interrupt;
  try {
    Kokkos::ScopeGuard kokkos;
    return run(options, interrupt.token());
  } catch (const std::exception& error) {
    std::cerr << "long_short: " << error.what() << std::endl;
    return 1;
  }
}
