// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <longshore/io/load.hpp>
#include <longshore/io/save.hpp>
#include <longshore/training/checkpoint_layout.hpp>
#include <longshore/training/fit_report.hpp>
#include <longshore/version.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where a factorisation stands after an epoch, or between it and its validation: with the model, all that a resumed
/// run needs.
///
/// Cost: the curves so far.
struct FactorizationPosition {
  std::vector<std::pair<std::string, std::string>> settings = {};  // of model and data, by name
  std::int64_t epochs_without_gain = 0;
  std::optional<EpochRecord> trained = {};  // the epoch after the finished ones, if only its validation is left to do
  FitReport report;

  /// Finished epochs, validation included.
  std::int64_t epoch() const { return static_cast<std::int64_t>(report.epochs.size()); }
};

/// Writes model, best model so far and position to one safetensors file, atomically. Blocks.
///
/// Tensors: `model.*` by their paths, `best.*` if there is a best epoch, `position.*`; the curve has one row more than
/// there are finished epochs if the last one was not validated yet.
///
/// Cost: O(parameters), written once; a host copy of one tensor at a time.
///
/// @param best  null where no validation tells what is best
/// @throws FileError if it cannot be written; the last checkpoint is then as it was
template <class Model>
void save_factors(const std::filesystem::path& path, const Model& model, const Model* best,
                  const FactorizationPosition& position) {
  const bool has_best = best && position.report.best_epoch > 0;
  const std::vector<std::int64_t> integers{position.epoch(), position.epochs_without_gain,
                                           has_best ? position.report.best_epoch : 0};
  const std::vector<double> numbers{has_best ? position.report.best_value : 0};
  std::vector<EpochRecord> epochs = position.report.epochs;
  if (position.trained) epochs.push_back(*position.trained);
  const std::vector<double> curve = CheckpointLayout::curve(epochs);
  std::vector<TensorEntry> entries;
  const auto each_parameter = [&](auto&& visit) {
    visit_parameters(model, [&](const Path& where, const auto& p) { visit("model." + where.text(), p); });
    if (has_best) visit_parameters(*best, [&](const Path& where, const auto& p) { visit("best." + where.text(), p); });
  };
  each_parameter([&](const std::string& name, const auto& parameter) { entries.push_back(entry_of(name, parameter)); });
  const auto add_list = [&]<class T>(const char* name, const std::vector<T>& list) {
    entries.push_back({.name = name, .dtype = dtype_of<T>(), .shape = {static_cast<std::int64_t>(list.size())}});
  };
  add_list("position.integers", integers);
  add_list("position.numbers", numbers);
  add_list("position.curve", curve);
  Metadata metadata{{"factorizer", std::string(Model::block_name)}, {"version", LONGSHORE_VERSION_STRING}};
  for (const auto& [name, text] : position.settings) metadata.emplace_back("setting." + name, text);
  SafetensorsWriter writer(path, std::move(entries), metadata);
  each_parameter([&](const std::string& name, const auto& parameter) {
    using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
    const std::vector<T> elements = copy_to_host(parameter.view());
    writer.write<T>(name, std::span<const T>(elements));
  });
  writer.write<std::int64_t>("position.integers", std::span<const std::int64_t>(integers));
  writer.write<double>("position.numbers", std::span<const double>(numbers));
  writer.write<double>("position.curve", std::span<const double>(curve));
  writer.commit();
}

/// Reads what `save_factors` wrote. Blocks.
///
/// Cost: O(parameters), read once; memory a second copy of the model until all of it is checked.
///
/// @param best      untouched if the checkpoint has no best model; may be null
/// @param expected  the settings that the run must have had
/// @throws FileError if the file is damaged, fits another model, or was written with other settings or data; nothing
///                   has changed then
template <class Model>
FactorizationPosition load_factors(const std::filesystem::path& path, Model& model, Model* best,
                                   const std::vector<std::pair<std::string, std::string>>& expected) {
  const SafetensorsReader reader(path, {.checksums = Checksums::required});
  const std::string file = "load_factors: " + reader.path();
  const auto name = reader.metadata("factorizer");
  expects<FileError>(name.has_value(), file, ": this is no checkpoint of a factorisation");
  expects<FileError>(*name == Model::block_name, file, ": the run trained ", in_quotes(*name), ", this one trains ",
                     Model::block_name);
  std::string wrong;
  for (const auto& [setting, here] : expected) {
    const std::string there = reader.metadata("setting." + setting).value_or("none");
    if (there != here)
      wrong += text_of("; ", setting, ": ", in_quotes(there), " in the run, ", in_quotes(here), " here");
  }
  expects<FileError>(wrong.empty(), file, ": the run had other settings or data", wrong);
  const auto integers = reader.template read<std::int64_t>("position.integers");
  const auto numbers = reader.template read<double>("position.numbers");
  const auto curve = reader.template read<double>("position.curve");
  constexpr std::size_t columns = CheckpointLayout::Curve::count;
  const auto rows = static_cast<std::int64_t>(curve.size() / columns);
  expects<FileError>(integers.size() == 3 && numbers.size() == 1 && curve.size() % columns == 0 &&
                         (integers[0] == rows || integers[0] == rows - 1) && integers[0] >= 0 && integers[1] >= 0 &&
                         integers[2] >= 0 && integers[2] <= integers[0],
                     file, ": the position in the run makes no sense");
  FactorizationPosition position;
  position.settings = expected;
  position.epochs_without_gain = integers[1];
  position.report.epochs = CheckpointLayout::epochs(curve);
  position.report.steps = rows;
  if (rows > integers[0]) {
    position.trained = position.report.epochs.back();
    position.report.epochs.pop_back();
  }
  Model loaded = model;
  longshore::load(loaded, reader, {.prefix = "model."});
  if (best && integers[2] > 0) {
    position.report.best_epoch = integers[2];
    position.report.best_value = numbers[0];
    longshore::load(*best, reader, {.prefix = "best."});
  }
  model = std::move(loaded);
  return position;
}

}  // namespace longshore::inline LONGSHORE_ABI
