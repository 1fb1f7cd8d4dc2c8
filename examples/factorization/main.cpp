// SPDX-License-Identifier: Apache-2.0
// Matrix factorisation, which one and when: every trainer of the library on one log, beside baselines and, on MovieLens
// 100K, beside what others published.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "ranking.hpp"
#include "ratings.hpp"

namespace {

struct Options {
  std::string data, protocol = "all";
  std::uint64_t seed = 0;
  bool quick = false, sequential = false, silent = false;
};

void run(const Options& options) {
  const ls::InteractionLog log =
      options.data.empty()
          ? ls::SyntheticLog({.users = options.quick ? 300 : 4000, .events = options.quick ? 9000 : 120'000}).log()
          : ls::read_log(options.data);
  // What Surprise and RecBole measured: all of MovieLens 100K.
  const bool published = !options.quick && log.size() == 100'000 && log.user_count() == 943 && log.item_count() == 1682;
  std::ostream* const progress = options.silent ? nullptr : &std::cout;
  std::cout << log.size() << " events, " << log.user_count() << " users, " << log.item_count() << " items" << std::endl;
  const auto wants = [&](const char* protocol) { return options.protocol == "all" || options.protocol == protocol; };
  if (wants("ratings")) {
    if (log.has_values)
      compare_ratings(log,
                      {.folds = options.quick ? std::size_t{2} : std::size_t{5},
                       .epochs = options.quick ? 3 : 0,
                       .published = published,
                       .sequential = options.sequential,
                       .seed = options.seed,
                       .progress = progress},
                      std::cout);
    else if (options.protocol == "ratings")
      throw ls::DataError("--protocol ratings: the log has no ratings");
  }
  const RankingSettings ranking{
      .quick = options.quick, .published = published, .seed = options.seed, .progress = progress};
  if (wants("leave-one-out")) compare_rankings(leave_one_out_tasks(log), ranking, std::cout);
  if (wants("random")) compare_rankings(random_tasks(log, options.seed), ranking, std::cout);
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  CLI::App app("Compares matrix factorisations with baselines and with published results.");
  app.add_option("--data", options.data, "log, such as MovieLens' u.data; else a synthetic\none, which has no ratings")
      ->check(CLI::ExistingFile);
  app.add_option("--protocol", options.protocol, "ratings (5-fold), leave-one-out, random (80/10/10)\nor all")
      ->check(CLI::IsMember({"ratings", "leave-one-out", "random", "all"}))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of splits, factors and draws")->capture_default_str();
  app.add_flag("--sequential", options.sequential, "ratings in the published order of steps, on one\nthread");
  app.add_flag("--quick", options.quick, "a few epochs of everything: whether it works, not\nhow well");
  app.add_flag("--silent", options.silent, "the tables only");
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  try {
    const Kokkos::ScopeGuard kokkos(ls::quiet_kokkos());
    run(options);
    if (!std::cout.flush()) throw ls::FileError("cannot write to the standard output: what was printed is lost");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "factorization: " << error.what() << std::endl;
    return 1;
  }
}
