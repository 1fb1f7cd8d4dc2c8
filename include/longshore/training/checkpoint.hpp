// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <longshore/io/load.hpp>
#include <longshore/io/save.hpp>
#include <longshore/optimizers/optimizer.hpp>
#include <longshore/training/fit_report.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where a training run stands: with the model and the optimiser's moments, all that a resumed run needs.
struct TrainingPosition {
  std::int64_t epoch = 0;           // finished epochs
  std::int64_t batch = 0;           // finished batches of the epoch after them
  std::uint64_t seed = 0;
  std::int64_t epochs_without_gain = 0;
  double loss_sum = 0;              // over the finished batches of the current epoch
  double seconds = 0;               // spent on them
  FitReport report;
};

/// Writes model, best model so far, optimiser and position to one safetensors file, atomically. Blocks.
///
/// Tensors: `model.*` and `best.*` by their paths, `optimizer.*` moments, `optimizer.counts`, `position.*`.
///
/// @throws FileError if it cannot be written; the last checkpoint is then as it was
template <class Model, class Rule, class Space>
void save_checkpoint(const std::filesystem::path& path, const Model& model, const Model& best,
                     Optimizer<Rule, Space>& optimizer, const TrainingPosition& position) {
  std::vector<std::int64_t> integers{position.epoch, position.batch, static_cast<std::int64_t>(position.seed),
                                     position.epochs_without_gain, position.report.best_epoch, position.report.steps,
                                     optimizer.steps()};
  // -inf (no value yet) is not finite and so not writable: the flag says whether there is one.
  const bool any = position.report.best_epoch > 0;
  std::vector<double> numbers{position.loss_sum, position.seconds, any ? position.report.best_value : 0};
  std::vector<double> curve;
  for (const EpochRecord& record : position.report.epochs) {
    const bool measured = record.validation == record.validation;
    for (const double x : {static_cast<double>(record.epoch), record.loss, measured ? record.validation : 0.0,
                           measured ? 1.0 : 0.0, record.rate, record.gradient_norm, record.seconds,
                           record.examples_per_second})
      curve.push_back(x);
  }
  const auto counts = optimizer.counts();
  std::vector<TensorEntry> entries;
  const auto declare = [&](const std::string& prefix, const Model& of) {
    visit_parameters(of, [&](const Path& where, const auto& parameter) {
      entries.push_back(entry_of(prefix + where.text(), parameter));
    });
  };
  declare("model.", model);
  declare("best.", best);
  optimizer.visit_moments(model, [&](const std::string& name, const auto& moment) {
    entries.push_back({.name = "optimizer." + name,
                       .dtype = dtype_of<std::remove_cvref_t<decltype(*moment.data())>>(),
                       .shape = {moment.extent(0)}});
  });
  const auto size = [](const auto& v) { return std::vector<std::int64_t>{static_cast<std::int64_t>(v.size())}; };
  entries.push_back({.name = "optimizer.counts", .dtype = Dtype::i64, .shape = size(counts)});
  entries.push_back({.name = "position.integers", .dtype = Dtype::i64, .shape = size(integers)});
  entries.push_back({.name = "position.numbers", .dtype = Dtype::f64, .shape = size(numbers)});
  entries.push_back({.name = "position.curve", .dtype = Dtype::f64, .shape = size(curve)});
  SafetensorsWriter writer(path, std::move(entries), {{"rule", Rule::name}});
  const auto write = [&]<class T>(const std::string& name, const std::vector<T>& elements) {
    writer.write<T>(name, std::span<const T>(elements));
  };
  const auto write_model = [&](const std::string& prefix, const Model& of) {
    visit_parameters(of, [&](const Path& where, const auto& parameter) {
      write(prefix + where.text(), copy_to_host(parameter.view()));
    });
  };
  write_model("model.", model);
  write_model("best.", best);
  optimizer.visit_moments(model, [&](const std::string& name, const auto& moment) {
    write("optimizer." + name, copy_to_host(moment));
  });
  write("optimizer.counts", counts);
  write("position.integers", integers);
  write("position.numbers", numbers);
  write("position.curve", curve);
  writer.commit();
}

/// Reads what `save_checkpoint` wrote. Blocks.
///
/// @throws FileError if the file is damaged, fits another model, or was written with another rule
template <class Model, class Rule, class Space>
TrainingPosition load_checkpoint(const std::filesystem::path& path, Model& model, Model& best,
                                 Optimizer<Rule, Space>& optimizer) {
  const SafetensorsReader reader(path);
  const auto rule = reader.metadata("rule");
  expects<FileError>(rule && *rule == Rule::name, path.string(), ": this is no checkpoint of a run with ", Rule::name);
  load(model, reader, {.prefix = "model."});
  load(best, reader, {.prefix = "best."});
  optimizer.visit_moments(model, [&](const std::string& name, const auto& moment) {
    using T = std::remove_cvref_t<decltype(*moment.data())>;
    const auto elements = reader.template read<T>("optimizer." + name);
    expects<FileError>(elements.size() == moment.size(), path.string(), ": optimizer.", name, " has ", elements.size(),
                       " numbers, ", moment.size(), " are expected");
    copy_from_host(elements, moment);
  });
  optimizer.set_counts(reader.template read<std::int64_t>("optimizer.counts"));
  const auto integers = reader.template read<std::int64_t>("position.integers");
  const auto numbers = reader.template read<double>("position.numbers");
  const auto curve = reader.template read<double>("position.curve");
  constexpr std::size_t columns = 8;
  expects<FileError>(integers.size() == 7 && numbers.size() == 3 && curve.size() % columns == 0, path.string(),
                     ": the position in the run has ", integers.size(), " + ", numbers.size(), " + ", curve.size(),
                     " numbers, 7 + 3 + a multiple of 8 are expected");
  TrainingPosition position;
  position.epoch = integers[0];
  position.batch = integers[1];
  position.seed = static_cast<std::uint64_t>(integers[2]);
  position.epochs_without_gain = integers[3];
  position.report.best_epoch = integers[4];
  position.report.steps = integers[5];
  optimizer.set_steps(integers[6]);
  position.loss_sum = numbers[0];
  position.seconds = numbers[1];
  if (position.report.best_epoch > 0) position.report.best_value = numbers[2];
  for (std::size_t i = 0; i < curve.size(); i += columns) {
    EpochRecord record;
    record.epoch = static_cast<std::int64_t>(curve[i]);
    record.loss = curve[i + 1];
    if (curve[i + 3] != 0) record.validation = curve[i + 2];
    record.rate = curve[i + 4];
    record.gradient_norm = curve[i + 5];
    record.seconds = curve[i + 6];
    record.examples_per_second = curve[i + 7];
    position.report.epochs.push_back(record);
  }
  return position;
}

}  // namespace longshore::inline LONGSHORE_ABI
