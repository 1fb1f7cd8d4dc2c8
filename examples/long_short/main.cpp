// SPDX-License-Identifier: Apache-2.0
// Trains a long/short-term recommender and its two halves on one log, prints them beside honest floors, explains three
// recommendations and saves the model. Ctrl-C ends after the step, or the block of scores, at hand, and all steps are in a
// checkpoint; --resume goes on.
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <new>
#include <optional>
#include <thread>

#include "curves.hpp"
#include "experiment.hpp"
#include "factorizations.hpp"

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
      std::cout << "\nStopping; again: at once." << std::endl;
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

/// The table of all models, and how the whole one stands among them.
class Comparison {
 public:
  void add(const std::string& name, const ls::Ranking& ranking, std::optional<double> parameters = {},
           std::optional<double> seconds = {}) {
    const double ndcg = ls::ndcg(10)(ranking).value;
    if (ndcg_.empty()) whole_ = name;
    report_.add(name, {ls::hit_rate(10)(ranking).value, ndcg, ls::mrr()(ranking).value, parameters, seconds});
    ndcg_[name] = ndcg;
  }

  /// How much more NDCG@10 the whole model has than its better half, as a share of the half's.
  std::optional<double> gain() const {
    if (!ndcg_.contains("long only") || !ndcg_.contains("short only")) return {};
    return ndcg_.at(whole_) / std::max(ndcg_.at("long only"), ndcg_.at("short only")) - 1;
  }
  /// The whole model's share of the oracle's NDCG@10.
  std::optional<double> share_of_oracle() const {
    if (!ndcg_.contains("oracle")) return {};
    return ndcg_.at(whole_) / ndcg_.at("oracle");
  }

  /// @param protocol, further  how everything was ranked, said below the table
  void print(const std::string& protocol, const std::string& further) {
    if (gain()) report_.note(whole_ + ": " + percent(*gain()) + " over its better half in NDCG@10.");
    if (share_of_oracle())
      report_.note("The oracle knows tastes and intents instead of guessing them: " + whole_ + " reaches " +
                   percent(*share_of_oracle()) + " of its NDCG@10.");
    report_.note(protocol);
    if (!further.empty()) report_.note(further);
    std::cout << '\n' << report_ << std::flush;
  }

  /// @return  whether the gains that the options require are there; if not, says so
  bool holds(const Options& options) const {
    const auto below = [](const char* what, std::optional<double> value, double required) {
      if (required < 0 || (value && *value >= required)) return false;
      std::cerr << "long_short: " << what << " is " << (value ? percent(*value) : "unknown") << ", required is "
                << percent(required) << std::endl;
      return true;
    };
    const bool small = below("the gain over the better half", gain(), options.require_gain);
    const bool far = below("the share of the oracle", share_of_oracle(), options.require_oracle);
    return !small && !far;
  }

 private:
  static std::string percent(double share) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.1f %%", 100 * share);
    return text;
  }

  ls::Report report_{{{"HR@10"}, {"NDCG@10"}, {"MRR"}, {"parameters", 0}, {"seconds", 1}}, ""};
  std::map<std::string, double> ndcg_;  // by row
  std::string whole_;                   // the first row
};

/// Writes the model with all options, and which item each row of its table is.
void save(const Experiment& experiment, const Options& options, const Model& model, const std::filesystem::path& out) {
  ls::Metadata metadata = options.named(true);
  for (auto& [name, value] : metadata)
    if (ls::find_invalid_utf8(value) != std::string_view::npos) value = ls::excerpt(value);
  ls::save(model, out / "model.safetensors", metadata);
  const auto& log = experiment.log();
  ls::CsvWriter items(out / "items.csv", {"row", "key", "title"});
  for (ls::Id item = 0; item < log.item_count(); ++item) {
    const auto place = static_cast<std::size_t>(item);
    items.row(item, log.item_ids.key(item), place < log.item_names.size() ? log.item_names[place] : std::string());
  }
}

/// What is said of users who chose an item again.
std::string repetitions(const Experiment& experiment) {
  const std::size_t repeated = experiment.repeated_targets();
  if (repeated == 0) return "";
  return std::to_string(repeated) + " of " + std::to_string(experiment.test.size()) +
         " test users chose an item that they had before; " +
         (experiment.keep_seen ? "with --keep-seen it competes with all items."
                               : "it competes with unseen items only, which is easy: --keep-seen ranks all items.");
}

/// What is said when the short view of many users is empty, since their target begins a session.
std::string new_sessions(const Experiment& experiment, const Options& options) {
  if (options.short_term == "none") return "";
  const std::size_t empty = experiment.empty_short_views(options);
  if (2 * empty < experiment.test.size()) return "";
  return "The short view of " + std::to_string(empty) + " of " + std::to_string(experiment.test.size()) +
         " test users is empty: they begin a session, after a pause of " + std::to_string(options.session_gap) +
         " minutes; with --session-gap 0 it holds their last steps, however old.";
}

/// Prints a sentence in lines that a terminal shows whole.
void say(const std::string& text) { std::cout << ls::wrap_text(text) << std::endl; }

int run(const Options& options, std::stop_token stop) {
  const std::filesystem::path out = std::filesystem::absolute(options.out).lexically_normal();
  const std::string in_folder = '"' + out.string() + '"';
  std::filesystem::create_directories(out);
  say("Reading " + (options.data.empty() ? "the synthetic log" : options.data));
  const Experiment experiment(options, stop);
  if (stop.stop_requested()) throw ls::Interrupted("long_short: stopped before training");
  const auto& log = experiment.log();
  say(ls::text_of(log.size(), " events, ", log.user_count(), " users, ", log.item_count(), " items, ",
                  experiment.dates(), "; ", experiment.examples.size(), " training positions, ", experiment.test.size(),
                  " test users"));
  const std::string repeated = repetitions(experiment);
  for (const std::string& remark : {repeated, new_sessions(experiment, options)})
    if (!remark.empty()) say(remark);
  std::cout << '\n' << ls::summary(assemble(options, experiment.sizes())) << std::endl;

  struct Variant {
    std::string name;
    Options options;
  };
  std::vector<Variant> variants{{options.name(), options}};
  if (!options.no_halves && options.long_term != "none" && options.short_term != "none") {
    variants.push_back({"long only", options});
    variants.back().options.short_term = "none";
    variants.push_back({"short only", options});
    variants.back().options.long_term = "none";
  }
  // A later --resume must not take what is left of an older run.
  bool can_resume = false;
  for (const char* name : {"long + short", "long only", "short only"}) {
    const std::filesystem::path checkpoint = checkpoint_of(options, name);
    if (!options.resume) std::filesystem::remove(checkpoint);
    can_resume |= options.resume && std::filesystem::exists(checkpoint);
  }
  if (options.resume && !can_resume)
    say("There is no checkpoint in " + in_folder + " to go on from: this run begins anew.\n");

  Comparison comparison;
  Curves curves(out / "curves.csv");
  std::optional<Model> whole;
  const auto interrupted = [&] {
    say("\nInterrupted after training; " + std::string(whole ? "model.safetensors, items.csv and " : "") +
        "curves.csv are in " + in_folder + ", --resume goes on without training again");
    return 130;
  };
  const auto& test = experiment.test;
  try {
    for (const Variant& variant : variants) {
      Trained trained = train(experiment, variant.options, variant.name, curves, stop);
      if (trained.report.interrupted) {
        say(ls::text_of("Interrupted after ", trained.report.steps, " steps; --resume goes on from the checkpoint in ",
                        in_folder));
        return 130;
      }
      if (!whole) save(experiment, options, trained.model, out);
      if (!whole) whole = trained.model;
      const auto parameters = static_cast<double>(ls::summary(trained.model).parameters());
      comparison.add(variant.name, rank(experiment, variant.options, trained.model, test, stop), parameters,
                     trained.report.seconds());
    }
    const ls::LineChart picture{{curves.panel("training loss", &ls::EpochRecord::loss),
                                 curves.panel("validation NDCG@10", &ls::EpochRecord::validation)}};
    picture.save(out / "curves.svg");
    if (stop.stop_requested()) return interrupted();
    ls::Floors(experiment.train, experiment.items(), {.stop = stop}).for_each([&](const auto& floor) {
      comparison.add(std::string(floor.name()), ls::rank_baseline(floor, test.rows(!experiment.keep_seen), test.seen,
                                                                  test.seen_offsets, {.stop = stop}));
    });
    if (options.floors == "all")
      add_factorizations(experiment, options, stop,
                         [&](const std::string& name, const ls::Ranking& ranking, double parameters, double seconds) {
                           comparison.add(name, ranking, parameters, seconds);
                         });
    if (experiment.synthetic) comparison.add("oracle", experiment.oracle(stop));
  } catch (const ls::Interrupted&) {
    return interrupted();
  }
  comparison.print(std::string("Leave one out by ") + (log.has_times ? "time" : "the order of the log") +
                       ", full ranking over " + std::to_string(experiment.items()) + " items, seen items " +
                       (experiment.keep_seen ? "kept" : "removed") + ", ties pessimistic; " +
                       std::to_string(test.size()) + " test users.",
                   repeated);
  explain(experiment, options, *whole, stop);
  if (stop.stop_requested()) return interrupted();
  say("\nWrote model.safetensors, items.csv, curves.csv, curves.svg and TensorBoard events to " + in_folder);
  return comparison.holds(options) ? 0 : 1;
}

/// An error of the library, in which settings have the names that they have as options.
std::string with_options(std::string text) {
  const std::pair<std::string, std::string> names[] = {
      {" (read_sequences takes any lines for 'user item item ...')", ""},
      {"; FitSettings::resume_changed goes on with the new ones", "; without --resume a new run begins"},
      {"; with ReadSettings::time = ReadSettings::none the column is left out", "; --time none leaves the column out"},
      {"; with ReadSettings::value = ReadSettings::none the column is left out",
       "; without --least-value the column is not read"},
      {"ReadSettings::time_unit", "--time-unit"},
      {"ReadSettings::", "--"},
      {"and ::", "and --"},
      {", ::header", ", --header"}};
  for (const auto& [name, option] : names)
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; at += option.size())
      text.replace(at, name.size(), option);
  return text;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = Options::parse(count, arguments);
  const Interrupt interrupt;
  try {
    const Kokkos::ScopeGuard kokkos(ls::quiet_kokkos());
    const int status = run(options, interrupt.token());
    if (!std::cout.flush()) throw ls::FileError("cannot write to the standard output: what was printed is lost");
    return status;
  } catch (const ls::Interrupted&) {  // later ones are caught where it is known what is done already
    std::cout << "Interrupted before training" << std::endl;
    return 130;
  } catch (const std::bad_alloc&) {
    std::cerr
        << "long_short: there is not enough memory; on a given log --features, --hidden, --batch and --negatives decide "
           "how much it takes"
        << std::endl;
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "long_short: " << with_options(error.what()) << std::endl;
    return 1;
  }
}
