// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <iostream>
#include <limits>
#include <longshore/core/wrap_text.hpp>
#include <map>

namespace {

/// A number in its shortest form that reads back as the same.
std::string text(double number) {
  char letters[32];
  return std::string(letters, std::to_chars(letters, letters + sizeof(letters), number).ptr);
}
std::string text(const std::string& word) { return word; }
std::string text(bool flag) { return flag ? "true" : "false"; }
std::string text(std::optional<float> number) { return number ? text(static_cast<double>(*number)) : ""; }
template <std::integral T>
std::string text(T number) {
  return std::to_string(number);
}

/// Refuses what is no number, no finite one, or outside; CLI11's own checks let NaN pass and print 300 digits.
template <class T>
CLI::Validator within(T least, T most, bool open = false) {
  const bool all = std::is_floating_point_v<T> && least == std::numeric_limits<T>::lowest();
  const std::string kind = std::is_integral_v<T> ? "whole number" : all ? "finite number" : "number";
  std::string range = all ? "" : (open ? "above " : "from ") + text(least);
  if (most < std::numeric_limits<T>::max())
    range += " to " + text(most);
  else if (!all && !open)
    range += " on";
  return CLI::Validator(
      [=](const std::string& given) {
        T number{};
        const char* const end = given.data() + given.size();
        const auto [stop, error] = std::from_chars(given.data(), end, number);
        const bool is_number = error == std::errc() && stop == end && std::isfinite(static_cast<double>(number));
        return is_number && number <= most && (open ? number > least : number >= least)
                   ? ""
                   : given + " is no " + kind + (range.empty() ? "" : " " + range);
      },
      range);
}
template <class T>
constexpr T largest = std::numeric_limits<T>::max();

/// Breaks what --help says into lines of 80 columns, of which CLI11 takes 30 for the names.
void wrap_help(CLI::App& app) {
  app.description(longshore::wrap_text(app.get_description()));
  app.footer(longshore::wrap_text(app.get_footer(), 80, "         "));
  for (CLI::Option* option : app.get_options())
    option->description(longshore::wrap_text(option->get_description(), 50));
}

/// What a separator's name stands for; others stand for themselves.
std::string separator_of(const std::string& name) {
  const std::map<std::string, std::string> separators{{"tab", "\t"},      {"\\t", "\t"}, {"comma", ","},
                                                      {"semicolon", ";"}, {"bar", "|"},  {"space", " "}};
  return separators.contains(name) ? separators.at(name) : name;
}

/// @throws CLI::ValidationError for options that do not go together, in one sentence
void check(const Options& o) {
  const BranchChoice of_long(o.long_term), of_short(o.short_term);
  if (!of_long.exists() && !of_short.exists())
    throw CLI::ValidationError("--long none --short none", "leave nothing to train; give one of the branches");
  const std::string sizes =
      " --hidden " + std::to_string(o.hidden) + " with items of --features " + std::to_string(o.features);
  for (const bool first : {true, false}) {
    const BranchChoice& branch = first ? of_long : of_short;
    const std::string given = first ? "--long " + o.long_term : "--short " + o.short_term;
    if (!branch.sees_candidates()) continue;
    if (o.loss == "softmax")
      throw CLI::ValidationError("--loss softmax", "needs an interest that is one for all items, and " + given +
                                                       " looks at the item; take sampled-softmax");
    if (branch.width(o.features, o.hidden) != o.features)
      throw CLI::ValidationError(given, "compares states of" + sizes + "; give both the same number");
  }
  // One character, however many bytes UTF-8 has for it, or MovieLens' two.
  const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; };
  if (o.separator != "::" && std::ranges::count_if(separator_of(o.separator), begins) > 1)
    throw CLI::ValidationError("--separator", o.separator +
                                                  " is none of: tab, comma, semicolon, bar, space, ::, one "
                                                  "character");
  if (!o.value.empty() && !o.least_value)
    throw CLI::ValidationError("--value " + o.value, "is read for --least-value; give that, too, or leave both out");
  if (!of_long.exists() || !of_short.exists() || o.fuser == "concat") return;
  const int long_width = of_long.width(o.features, o.hidden), short_width = of_short.width(o.features, o.hidden);
  if (long_width != short_width)
    throw CLI::ValidationError("--fuser " + o.fuser,
                               "needs interests of one width: that of --long " + o.long_term + " has " +
                                   std::to_string(long_width) + ", that of --short " + o.short_term + " has " +
                                   std::to_string(short_width) +
                                   "; give --hidden and --features the same number, or take --fuser concat");
  if (o.scorer != "mlp" && long_width != o.features)
    throw CLI::ValidationError(
        "--fuser " + o.fuser + " --scorer " + o.scorer,
        "multiplies an interest of" + sizes + "; give both the same number, or take --fuser concat, which projects");
}

/// With what follows from the others.
Options completed(Options o) {
  const bool one_pass = o.positions == "one-pass";
  o.separator = separator_of(o.separator);
  if (o.batch == 0) o.batch = one_pass ? 4 : 256;
  if (o.rate == 0) o.rate = one_pass ? 6e-3 : 1e-3;
  return o;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Options::named(bool all) const {
  std::vector<std::pair<std::string, std::string>> list;
  const auto add = [&](const char* name, const auto& choice) { list.emplace_back(name, text(choice)); };
  add("long", long_term), add("short", short_term), add("fuser", fuser), add("scorer", scorer), add("loss", loss);
  add("table", table);
  add("positions", positions), add("features", features), add("hidden", hidden), add("dropout", dropout);
  add("deviation", deviation), add("long-steps", long_steps), add("short-steps", short_steps);
  add("session-gap", session_gap), add("half-life", half_life), add("cut-out", cut_out), add("batch", batch);
  add("negatives", negatives), add("keep-seen", keep_seen);
  add("least-value", least_value);
  if (!all) return list;
  add("rate", rate), add("schedule", schedule), add("l2", l2), add("seed", seed), add("epochs", epochs);
  add("patience", patience), add("floors", floors), add("user", user), add("item", item), add("time", time),
      add("title", title);
  add("no-names", no_names);
  add("value", value), add("time-unit", time_unit), add("separator", separator);
  std::string columns;
  for (const std::string& name : header) columns += (columns.empty() ? "" : ",") + name;
  add("header", columns);
  return list;
}

Options Options::parse(int count, char** arguments) {
  Options o;
  CLI::App app{
      "Trains a long/short-term recommender and its halves, compares them with honest floors, explains itself."};
  app.footer(std::string("ENCODER: ") + BranchChoice::encoders +
             " (followed by last)\nPOOLING: " + BranchChoice::poolings +
             " (without an encoder: of the embedded steps themselves)\n"
             "FUSER:   concat weighted mean max product gate vector-gate attention");
  const CLI::Validator branch(
      [](const std::string& name) {
        return BranchChoice::known(name)
                   ? ""
                   : name + " is none of: none, ENCODER, POOLING, ENCODER+POOLING, where ENCODER is one of: " +
                         BranchChoice::encoders + ", and POOLING one of: " + BranchChoice::poolings;
      },
      "BRANCH");
  app.add_option("--data", o.data,
                 "u.data, ratings.dat, ratings.csv, .inter, or a CSV/TSV with named columns, plain or gzipped; "
                 "without it: a synthetic log");
  app.add_option("--user", o.user, "column of the users, where its name is none of the usual ones");
  app.add_option("--item", o.item, "column of the items");
  app.add_option("--time", o.time, "column of the times; none: the order of the file is that of the events");
  app.add_option("--title", o.title, "column of the items' titles; else they come from a file beside the log, if any");
  app.add_flag("--no-names", o.no_names, "read no titles from a file beside the log");
  app.add_option("--least-value", o.least_value, "leave out events with a lower rating or other value")
      ->check(within(-largest<float>, largest<float>));
  app.add_option("--value", o.value, "column of these values, where its name is none of the usual ones");
  app.add_option("--separator", o.separator, "between the fields: tab, comma, semicolon, bar, space, or itself");
  app.add_option("--header", o.header, "names of the columns of a file without a header line: user,item,time")
      ->delimiter(',');
  app.add_option("--time-unit", o.time_unit,
                 "of times that are numbers; auto: what makes dates of 1990 to 2100 of them")
      ->check(CLI::IsMember({"auto", "s", "ms", "us", "ns"}))
      ->capture_default_str();
  app.add_option("--out", o.out,
                 "folder for model.safetensors, items.csv, curves.csv, curves.svg, tensorboard/, checkpoints")
      ->capture_default_str();
  app.add_option("--long", o.long_term, "long-term branch: none, ENCODER, POOLING or ENCODER+POOLING; see below")
      ->check(branch)
      ->capture_default_str();
  app.add_option("--short", o.short_term, "short-term branch, of the same kinds")->check(branch)->capture_default_str();
  app.add_option("--fuser", o.fuser, "how the two interests become one")
      ->check(CLI::IsMember({"concat", "weighted", "mean", "max", "product", "gate", "vector-gate", "attention"})
                  .description("FUSER"))
      ->capture_default_str();
  app.add_option("--scorer", o.scorer,
                 "how an interest scores an item; biased: the product, and what user and item are rated in general")
      ->check(CLI::IsMember({"mlp", "dot", "cosine", "biased"}))
      ->capture_default_str();
  app.add_option("--loss", o.loss, "what is minimised; softmax: over all items, without sampled negatives")
      ->check(CLI::IsMember({"bce", "bpr", "sampled-softmax", "mse", "softmax"}))
      ->capture_default_str();
  app.add_option("--positions", o.positions, "one-pass: all positions of a history at once; separate: one history each")
      ->check(CLI::IsMember({"one-pass", "separate"}))
      ->capture_default_str();
  app.add_option("--table", o.table,
                 "gradients of the item table; auto: sparse above 20000 items, unless softmax reaches all of them")
      ->check(CLI::IsMember({"auto", "dense", "sparse"}))
      ->capture_default_str();
  app.add_option("--features", o.features, "width of an item's embedding")
      ->check(within(1, 4096))
      ->capture_default_str();
  app.add_option("--hidden", o.hidden, "width of the encoders")->check(within(1, 4096))->capture_default_str();
  app.add_option("--long-steps", o.long_steps, "steps of the long view; 0: all")
      ->check(within(0, largest<int>))
      ->capture_default_str();
  app.add_option("--short-steps", o.short_steps, "steps of the short view; 0: all of the session")
      ->check(within(0, largest<int>))
      ->capture_default_str();
  app.add_option("--session-gap", o.session_gap,
                 "minutes of pause that end a session; 0: the short view knows no sessions")
      ->check(within(0, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--half-life", o.half_life, "minutes after which a step counts half in decayed-mean and -sum")
      ->check(within(0.0, largest<double>, true))
      ->capture_default_str();
  app.add_flag("--cut-out", o.cut_out, "the long view ends where the short one begins; else it holds those steps, too");
  app.add_option("--epochs", o.epochs, "at most so many")->check(within(1, 1'000'000))->capture_default_str();
  app.add_option("--patience", o.patience, "epochs without a better validation NDCG@10; 0: never stop early")
      ->check(within(0, largest<int>))
      ->capture_default_str();
  app.add_option("--batch", o.batch, "examples a batch (separate; 0: 256) or users a batch (one-pass; 0: 4)")
      ->check(within(0, largest<int>));
  app.add_option("--negatives", o.negatives, "sampled items an example")
      ->check(within(1, 10000))
      ->capture_default_str();
  app.add_option("--rate", o.rate, "learning rate of Adam; 0: 0.001, or 0.006 in one pass")
      ->check(within(0.0, largest<double>));
  app.add_option("--schedule", o.schedule, "cosine: the learning rate falls to 0 over all epochs")
      ->check(CLI::IsMember({"constant", "cosine"}))
      ->capture_default_str();
  app.add_option("--deviation", o.deviation, "standard deviation of the first item embeddings")
      ->check(within(0.0, largest<double>, true))
      ->capture_default_str();
  app.add_option("--dropout", o.dropout)->check(within(0.0, 0.99))->capture_default_str();
  app.add_option("--l2", o.l2, "weight decay")->check(within(0.0, largest<double>))->capture_default_str();
  app.add_option("--seed", o.seed, "of the first weights, the batches, and the synthetic log")
      ->check(within<std::uint64_t>(0, largest<std::uint64_t>))
      ->capture_default_str();
  app.add_option("--require-gain", o.require_gain,
                 "end with an error unless long + short has an NDCG@10 of (1 + this) times its better half's")
      ->check(within(0.0, largest<double>));
  app.add_option("--require-oracle", o.require_oracle,
                 "end with an error unless long + short reaches this share of the oracle's NDCG@10")
      ->check(within(0.0, largest<double>));
  app.add_flag("--keep-seen", o.keep_seen,
               "items that a user had before may be recommended again, and are ranked; for logs with repetitions");
  app.add_option("--floors", o.floors,
                 "rows beside the models; baselines: popularity, markov, item-knn; all: factorisations too")
      ->check(CLI::IsMember({"baselines", "all"}))
      ->capture_default_str();
  app.add_flag("--no-halves", o.no_halves, "train the whole model only");
  app.add_flag("--every-epoch", o.every_epoch, "print the test metrics after every epoch too");
  app.add_flag("--resume", o.resume, "go on from the checkpoints in the output folder");
  app.add_flag("--plain", o.plain, "plain lines instead of a moving bar");
  wrap_help(app);
  try {
    app.parse(count, arguments);
    check(o);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) std::exit(app.exit(error));  // help
    std::cerr << "long_short: " << error.what() << "; --help lists the options" << std::endl;
    std::exit(error.get_exit_code());
  }
  return completed(o);
}
