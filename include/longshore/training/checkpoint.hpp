// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/io/load.hpp>
#include <longshore/io/save.hpp>
#include <longshore/optimizers/optimizer.hpp>
#include <longshore/training/checkpoint_layout.hpp>
#include <longshore/training/training_position.hpp>
#include <longshore/version.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Writes model, best model so far, optimiser and position to one safetensors file, atomically. Blocks.
///
/// Its metadata are the rule, the fingerprint of the batches and the settings, each by name.
///
/// Tensors: `model.*` by their paths, `best.*` if `position` has a best epoch, `optimizer.*` moments,
/// `optimizer.counts`, `position.*`.
///
/// Cost: O(parameters and moments), written once; a host copy of one tensor at a time.
///
/// @param best  null where no validation tells what is best
/// @throws FileError if it cannot be written; the last checkpoint is then as it was
template <class Model, class Rule, class Space>
void save_checkpoint(const std::filesystem::path& path, const Model& model, const Model* best,
                     Optimizer<Rule, Space>& optimizer, const TrainingPosition& position) {
  const FitReport& report = position.report;
  const bool has_best = best && report.best_epoch > 0;
  using Integers = CheckpointLayout::Integers;
  using Numbers = CheckpointLayout::Numbers;
  std::vector<std::int64_t> integers(Integers::count);
  integers[Integers::epoch] = position.epoch;
  integers[Integers::batch] = position.batch;
  integers[Integers::batches] = position.batches;
  integers[Integers::seed] = static_cast<std::int64_t>(position.seed);
  integers[Integers::epochs_without_gain] = position.epochs_without_gain;
  integers[Integers::best_epoch] = has_best ? report.best_epoch : 0;
  integers[Integers::steps] = report.steps;
  integers[Integers::optimizer_steps] = optimizer.steps();
  integers[Integers::examples] = position.examples;
  std::vector<double> numbers(Numbers::count);
  numbers[Numbers::loss_sum] = position.loss_sum;
  numbers[Numbers::seconds] = position.seconds;
  numbers[Numbers::gradient_norm] = position.gradient_norm;
  numbers[Numbers::best_value] = has_best ? report.best_value : 0;
  const std::vector<double> curve = CheckpointLayout::curve(report.epochs);
  const std::vector<std::int64_t> counts = optimizer.counts();
  std::vector<TensorEntry> entries;
  std::vector<std::function<void(SafetensorsWriter&)>> writes;
  const auto add = [&]<class Elements>(TensorEntry entry, const Elements& elements) {
    writes.push_back([name = entry.name, elements](SafetensorsWriter& writer) {
      const auto list = elements();
      using T = typename std::remove_cvref_t<decltype(list)>::value_type;
      writer.write<T>(name, std::span<const T>(list));
    });
    entries.push_back(std::move(entry));
  };
  const auto add_model = [&](const std::string& prefix, const Model& of) {
    visit_parameters(of, [&](const Path& where, const auto& parameter) {
      add(entry_of(prefix + where.text(), parameter), [p = &parameter] { return copy_to_host(p->view()); });
    });
  };
  const auto add_list = [&]<class T>(const std::string& name, const std::vector<T>& list) {
    add({.name = name, .dtype = dtype_of<T>(), .shape = {static_cast<std::int64_t>(list.size())}},
        [&list] { return list; });
  };
  add_model("model.", model);
  if (has_best) add_model("best.", *best);
  optimizer.visit_moments(model, [&](const std::string& name, const auto& moment) {
    add(entry_of("optimizer." + name, moment), [moment] { return copy_to_host(moment); });
  });
  add_list("optimizer.counts", counts);
  add_list("position.integers", integers);
  add_list("position.numbers", numbers);
  add_list("position.curve", curve);
  Metadata metadata{{"rule", Rule::name}, {"version", LONGSHORE_VERSION_STRING}};
  for (const auto& [name, number] : position.batch_source) metadata.emplace_back("batches." + name, text_of(number));
  for (const auto& [name, text] : position.settings) metadata.emplace_back("setting." + name, text);
  SafetensorsWriter writer(path, std::move(entries), metadata);
  for (const auto& write : writes) write(writer);
  writer.commit();
}

/// Reads the moments of an optimiser.
///
/// @return  what puts them in place
/// @throws FileError naming what is missing, unexpected or of another shape: settings that decide what is kept, such as
///                   a momentum or frozen groups, are then others than the run's
template <class Model, class Rule, class Space>
std::vector<std::function<void()>> moments_of(const SafetensorsReader& reader, Model& model,
                                              Optimizer<Rule, Space>& optimizer) {
  std::vector<std::function<void()>> assignments;
  std::set<std::string> known{"optimizer.counts"};
  std::string wrong;
  optimizer.visit_moments(model, [&](const std::string& moment_name, const auto& moment) {
    using T = std::remove_cvref_t<decltype(*moment.data())>;
    const std::string name = "optimizer." + moment_name;
    known.insert(name);
    const auto entry = reader.find(name);
    const TensorEntry expected = entry_of(name, moment);
    if (!entry || entry->dtype != expected.dtype || entry->shape != expected.shape)
      wrong += "; " + name + (entry ? " is of another shape" : " is missing");
    else
      assignments.push_back([elements = reader.template read<T>(name), moment] { copy_from_host(elements, moment); });
  });
  for (std::size_t i = 0; i < reader.size(); ++i)
    if (const std::string name = reader.entry(i).name; name.starts_with("optimizer.") && !known.contains(name))
      wrong += "; " + in_quotes(name) + " is unexpected";
  expects<FileError>(wrong.empty(), "load_checkpoint: ", reader.path(), ": the state of ", Rule::name,
                     " is of other settings", wrong);
  return assignments;
}

/// Refuses a checkpoint whose run had other batches.
///
/// Cost: O(1).
///
/// @param expected  its `batch_source` is what the run must have had; where it is empty, nothing is known of it
/// @throws FileError naming everything that differs
inline void check_batch_source(const SafetensorsReader& reader, const TrainingPosition& expected) {
  std::string wrong;
  for (const auto& [name, number] : expected.batch_source) {
    const std::string here = text_of(number), there = reader.metadata("batches." + name).value_or("none");
    if (there != here) wrong += text_of("; ", name, ": ", in_quotes(there), " in the run, ", here, " here");
  }
  expects<FileError>(wrong.empty(), "load_checkpoint: ", reader.path(),
                     ": the run had other batches, going on with these would train something else", wrong);
}

/// Refuses a checkpoint whose run had other settings.
///
/// Cost: O(settings of both).
///
/// @param expected  its `settings` are what the run must have had, no more and no fewer; where there are none, nothing
///                  is known of them
/// @throws FileError naming everything that differs
inline void check_run_settings(const SafetensorsReader& reader, const TrainingPosition& expected) {
  if (expected.settings.empty()) return;
  constexpr std::string_view prefix = "setting.";
  std::map<std::string, std::string> there;
  for (const auto& [name, text] : reader.metadata())
    if (name.starts_with(prefix)) there[name.substr(prefix.size())] = text;
  std::string wrong;
  for (const auto& [name, here] : expected.settings) {
    const auto found = there.find(name);
    const bool is_there = found != there.end();
    if (!is_there || found->second != here)
      wrong += text_of("; ", name, ": ", is_there ? in_quotes(found->second) : "none", " in the run, ", in_quotes(here),
                       " here");
    if (is_there) there.erase(found);
  }
  for (const auto& [name, text] : there)
    wrong += text_of("; ", in_quotes(name), ": ", in_quotes(text), " in the run, none here");
  expects<FileError>(wrong.empty(), "load_checkpoint: ", reader.path(),
                     ": the run had other settings; FitSettings::resume_changed goes on with the new ones", wrong);
}

/// Reads what `save_checkpoint` wrote. Blocks.
///
/// Where `expected.settings` are empty, settings of the rule, such as its rate, may differ from those of the run: the
/// new ones hold from here on.
///
/// Cost: O(parameters and moments), read once.
///
/// @param best      untouched if the checkpoint has no best model; may be null
/// @param expected  seed, batches of an epoch, fingerprint of their source and settings that the run must have had
/// @throws FileError if the file is damaged, fits another model, or was written with another rule, other batches or
///                   other settings; nothing has changed then
template <class Model, class Rule, class Space>
TrainingPosition load_checkpoint(const std::filesystem::path& path, Model& model, Model* best,
                                 Optimizer<Rule, Space>& optimizer, const TrainingPosition& expected) {
  const SafetensorsReader reader(path, {.checksums = Checksums::required});
  const std::string file = "load_checkpoint: " + reader.path();
  const auto rule = reader.metadata("rule");
  expects<FileError>(rule.has_value(), file, ": this is no checkpoint of a training run");
  expects<FileError>(*rule == Rule::name, file, ": the run was trained with ", in_quotes(*rule), ", this one is with ",
                     Rule::name);
  const auto counts = reader.template read<std::int64_t>("optimizer.counts");
  const auto integers = reader.template read<std::int64_t>("position.integers");
  const auto numbers = reader.template read<double>("position.numbers");
  const auto curve = reader.template read<double>("position.curve");
  using Integers = CheckpointLayout::Integers;
  using Numbers = CheckpointLayout::Numbers;
  constexpr std::size_t columns = CheckpointLayout::Curve::count;
  const auto negative = [](std::int64_t x) { return x < 0; };
  const auto makes_sense = [&] {
    if (integers.size() != Integers::count || numbers.size() != Numbers::count) return false;
    for (std::size_t i = 0; i < Integers::count; ++i)
      if (i != Integers::seed && negative(integers[i])) return false;
    return std::ranges::none_of(counts, negative) && integers[Integers::batch] <= integers[Integers::batches] &&
           integers[Integers::best_epoch] <= integers[Integers::epoch] && curve.size() % columns == 0 &&
           static_cast<std::size_t>(integers[Integers::epoch]) == curve.size() / columns;
  };
  expects<FileError>(makes_sense(), file, ": the position in the run makes no sense");
  TrainingPosition position;
  position.epoch = integers[Integers::epoch];
  position.batch = integers[Integers::batch];
  position.batches = integers[Integers::batches];
  position.seed = static_cast<std::uint64_t>(integers[Integers::seed]);
  expects<FileError>(position.seed == expected.seed, file, ": the run had seed ", position.seed, ", this one has ",
                     expected.seed);
  check_run_settings(reader, expected);  // before the batches, which follow from what the user chose
  position.settings = expected.settings;
  expects<FileError>(position.batches == expected.batches, file, ": the run had ", position.batches,
                     " batches an epoch, this one has ", expected.batches);
  check_batch_source(reader, expected);
  position.batch_source = expected.batch_source;
  position.epochs_without_gain = integers[Integers::epochs_without_gain];
  position.examples = integers[Integers::examples];
  position.loss_sum = numbers[Numbers::loss_sum];
  position.seconds = numbers[Numbers::seconds];
  position.gradient_norm = numbers[Numbers::gradient_norm];
  position.report.best_epoch = best ? integers[Integers::best_epoch] : 0;
  position.report.steps = integers[Integers::steps];
  position.report.epochs = CheckpointLayout::epochs(curve);
  // Everything is read and looked at before anything changes.
  Model loaded = model;
  longshore::load(loaded, reader, {.prefix = "model."});  // not one of the model's own namespace
  const std::vector<std::function<void()>> moments = moments_of(reader, model, optimizer);
  expects<FileError>(counts.size() == optimizer.counts().size(), file, ": optimizer.counts has ", counts.size(),
                     " numbers, ", optimizer.counts().size(), " are expected");
  if (position.report.best_epoch > 0) {
    position.report.best_value = numbers[Numbers::best_value];
    longshore::load(*best, reader, {.prefix = "best."});
  }
  model = loaded;
  for (const auto& assign : moments) assign();
  optimizer.set_steps(integers[Integers::optimizer_steps], counts);
  return position;
}

}  // namespace longshore::inline LONGSHORE_ABI
