// SPDX-License-Identifier: Apache-2.0
#include "experiment.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string_view>

namespace {

/// Names each item as its last event does in a column of the log.
void take_titles(ls::InteractionLog& log, const std::string& column) {
  const auto titles = log.columns.get<ls::Id>(column);
  log.item_names.assign(static_cast<std::size_t>(log.item_count()), "");
  for (std::size_t event = 0; event < log.size(); ++event)
    log.item_names[static_cast<std::size_t>(log.items(event))] = log.columns.keys(column).key(titles(event));
}

/// The log of a file, as the options say that it is written.
///
/// @throws longshore::FileError for what cannot be read, or times that cannot be meant
/// @throws longshore::Interrupted if a stop is requested
ls::InteractionLog read_file(const Options& options, const std::stop_token& stop) {
  ls::ReadSettings settings{.user = options.user,
                            .item = options.item,
                            .value = options.least_value ? options.value : ls::ReadSettings::none,
                            .time = options.time == "none" ? ls::ReadSettings::none : options.time,
                            .numbering = ls::Numbering::ascending,
                            .names = !options.no_names,
                            .separator = options.separator,
                            .header = options.header,
                            .on_format =
                                [](std::string_view format) {
                                  std::cout << ls::wrap_text("It is taken for " + std::string(format) + ".")
                                            << std::endl;
                                },
                            .stop = stop};
  if (options.time_unit == "s") settings.time_unit = ls::TimeUnit::seconds;
  if (options.time_unit == "ms") settings.time_unit = ls::TimeUnit::milliseconds;
  if (options.time_unit == "us") settings.time_unit = ls::TimeUnit::microseconds;
  if (options.time_unit == "ns") settings.time_unit = ls::TimeUnit::nanoseconds;
  if (!options.title.empty()) settings.columns = {{options.title, ls::ReadSettings::ColumnKind::key}};
  ls::InteractionLog log = ls::read_log(options.data, settings);
  if (!options.title.empty()) take_titles(log, options.title);
  return options.least_value ? ls::filter_values(log, {.at_least = *options.least_value}) : log;
}

/// The name of a row without what is awkward in a file's.
std::string file_of(std::string name) {
  std::erase_if(name, [](char c) { return c == ' ' || c == '+'; });
  return name;
}

}  // namespace

std::string shown(const std::string& text, std::size_t longest) {
  const bool is_utf8 = ls::find_invalid_utf8(text) == std::string_view::npos;
  std::vector<std::string> letters;  // as the terminal gets them
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool follows = byte >= 0x80 && byte < 0xC0;
    // U+0080 to U+009F, in UTF-8 C2 and another byte, steer terminals too.
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    const auto before = static_cast<unsigned char>(i > 0 ? text[i - 1] : 0);
    const bool steers =
        byte < 0x20 || byte == 0x7F || (byte == 0xC2 && next < 0xA0) || (follows && before == 0xC2 && byte < 0xA0);
    if (steers || (!is_utf8 && byte >= 0x80)) {
      char escaped[8];
      std::snprintf(escaped, sizeof(escaped), "\\x%02x", byte);
      letters.emplace_back(escaped);
    } else if (is_utf8 && follows && !letters.empty()) {
      letters.back() += text[i];
    } else {
      letters.emplace_back(1, text[i]);
    }
  }
  std::string whole, cut;
  std::size_t columns = 0;
  for (const std::string& letter : letters) {
    columns += ls::count_letters(letter);
    whole += letter;
    if (columns + 3 <= longest) cut = whole;
    if (columns > longest) return cut + "...";
  }
  return whole;
}

Experiment::Experiment(const Options& options, const std::stop_token& stop) : keep_seen(options.keep_seen) {
  if (options.data.empty())
    synthetic.emplace(ls::SyntheticLogSettings{.seed = options.seed + 1});
  else
    read = read_file(options, stop);
  if (options.decays() && !log().has_times)
    throw std::runtime_error("decayed-mean and decayed-sum need a log with time stamps, this one has none");
  split = ls::leave_one_out(log());
  all = ls::histories(log());
  train = ls::histories(log(), split.train);
  validation = ls::evaluation_rows(all, split.validation);
  test = ls::evaluation_rows(all, split.test);
  examples = ls::examples_of(all, split.train);
  if (examples.empty() || test.size() == 0)
    throw std::runtime_error("no user of the log has four events: two to learn from, one to validate, one to test");
}

std::string Experiment::dates() const {
  if (!log().has_times) return "no times";
  const auto& times = log().times;
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  const auto date = [](ls::Seconds time) {
    const std::chrono::year_month_day day(
        std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(time))));
    char text[32];
    std::snprintf(text, sizeof(text), "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return std::string(text);
  };
  return date(*first) + " to " + date(*last);
}

std::string Experiment::title(ls::Id item, std::size_t longest) const {
  const auto& names = log().item_names;
  const auto place = static_cast<std::size_t>(item);
  return place < names.size() && !names[place].empty() ? shown(names[place], longest)
                                                       : "item " + shown(log().item_ids.key(item), longest - 5);
}

LogSizes Experiment::sizes() const {
  ls::Index longest = 0;
  for (ls::Id user = 0; user < users(); ++user) longest = std::max(longest, static_cast<ls::Index>(all.length(user)));
  return {users(), items(), longest};
}

std::size_t Experiment::empty_short_views(const Options& options) const {
  ls::Batch<ls::LongShortViews::Host> batch;
  views(options, ls::Positions::separate).fill(test.examples, batch);
  const auto& windows = batch.short_term;
  std::size_t count = 0;
  for (ls::Index b = 0; b < windows.count(); ++b) count += windows.begin(b) == windows.end(b);
  return count;
}

std::size_t Experiment::repeated_targets() const {
  std::size_t count = 0;
  for (std::size_t row = 0; row < test.size(); ++row) {
    const auto history = test.history(row);
    count += std::find(history.begin(), history.end(), test.targets[row]) != history.end();
  }
  return count;
}

ls::LongShortViews Experiment::views(const Options& options, ls::Positions positions) const {
  ls::LongShortSettings settings;
  settings.long_term = {.last = options.long_steps};
  settings.short_term = {.last = options.short_steps};
  if (log().has_times) settings.short_term.session_gap = std::chrono::minutes(options.session_gap);
  settings.short_inside = !options.cut_out;
  if (options.decays()) settings.half_life = 60 * options.half_life;
  settings.positions = positions;
  settings.from_first_step = options.positions == "one-pass";  // whether training or evaluation asks
  return ls::LongShortViews(all, settings);
}

ls::Ranking Experiment::oracle(const std::stop_token& stop) const {
  const auto width = static_cast<std::size_t>(items());
  return ls::full_ranking(test.rows(!keep_seen), items(),
                          [&](std::size_t first, std::size_t count, std::span<float> scores) {
                            for (std::size_t b = 0; b < count; ++b) {
                              if (stop.stop_requested()) throw ls::Interrupted("oracle: stopped");
                              const ls::Example& example = test.examples[first + b];
                              const std::size_t event = all.offsets[static_cast<std::size_t>(example.user)] +
                                                        static_cast<std::size_t>(example.position);
                              synthetic->oracle(all.rows[event], scores.subspan(b * width, width));
                            }
                          },
                          {.stop = stop});
}

std::filesystem::path checkpoint_of(const Options& options, const std::string& name) {
  return std::filesystem::path(options.out) / ("checkpoint-" + file_of(name) + ".safetensors");
}

Trained train(const Experiment& experiment, const Options& options, const std::string& name, Curves& curves,
              std::stop_token stop) {
  const bool one_pass = options.positions == "one-pass";
  const bool softmax = options.loss == "softmax";
  const ls::LongShortBatches batches(
      experiment.views(options, one_pass ? ls::Positions::one_pass : ls::Positions::separate), experiment.examples,
      experiment.items(), experiment.train,
      {.size = options.batch,
       .with_log_q = options.loss == "sampled-softmax",
       .seed = options.seed,
       .negatives = {.count = softmax ? 0 : options.negatives}});
  Trained trained{name, assemble(options, experiment.sizes()), {}};
  const bool terminal = !options.plain && isatty(STDOUT_FILENO);
  ls::FitSettings settings;
  settings.epochs = options.epochs;
  settings.seed = options.seed;
  if (options.schedule == "cosine")
    settings.optimizer.schedule = {.kind = ls::Schedule::Kind::cosine,
                                   .total_steps = options.epochs * static_cast<std::int64_t>(batches.size())};
  settings.stop_early.patience = options.patience;
  settings.checkpoint = checkpoint_of(options, name);
  settings.resume = options.resume;
  for (const auto& [option, value] : options.named(false)) settings.configuration.emplace_back("--" + option, value);
  settings.tensorboard = std::filesystem::path(options.out) / "tensorboard" / file_of(name);
  settings.progress = {.out = &std::cout, .terminal = terminal, .name = name, .metric = "NDCG@10"};
  settings.stop = stop;
  settings.on_epoch = [&](const ls::EpochRecord& record) {
    curves.add(name, record);
    if (!options.every_epoch) return;
    try {
      const auto test = rank(experiment, options, trained.model, experiment.test, stop);
      std::cout << "test after epoch " << record.epoch << ": HR@10 " << ls::hit_rate(10)(test).value << " NDCG@10 "
                << ls::ndcg(10)(test).value << std::endl;
    } catch (const ls::Interrupted&) {  // the epoch is complete without
      std::cout << "test after epoch " << record.epoch << ": not measured, the run stops" << std::endl;
    }
  };
  const auto measure = [&](const Model& model) {
    return ls::ndcg(10)(rank(experiment, options, model, experiment.validation, stop)).value;
  };
  trained.report = ls::fit(trained.model, batches, ChosenLoss(options),
                           ls::Adam{.rate = options.rate, .weight_decay = options.l2}, settings, measure);
  curves.set(name, trained.report.epochs);
  return trained;
}
