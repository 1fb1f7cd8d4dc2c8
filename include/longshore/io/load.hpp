// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/visit.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/safetensors_reader.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How parameters and tensors are matched.
struct LoadSettings {
  bool allow_missing = false;     // parameters that the file does not have keep their values
  bool allow_unexpected = false;  // tensors that the model does not have are left out
  /// From a parameter's path to the tensor's name: for files that others wrote, as `pytorch_name`. Empty: the same.
  std::function<std::string(const std::string&)> rename = {};
  /// Only tensors whose name begins with this belong to the model; checkpoints keep others beside them.
  std::string prefix = {};
};

/// The prefixes behind which a file has all parameters of a model, in quotes: of a checkpoint "best." and "model.".
///
/// Cost: O(tensors parameters) looks into the file's index.
inline std::string prefixes_of(const SafetensorsReader& reader, const std::vector<std::string>& parameters) {
  std::string found;
  for (std::size_t i = 0; i < reader.size() && !parameters.empty(); ++i) {
    const std::string name = reader.entry(i).name;
    if (!name.ends_with(parameters.front()) || name.size() == parameters.front().size()) continue;
    const std::string prefix = name.substr(0, name.size() - parameters.front().size());
    const auto there = [&](const std::string& parameter) { return reader.find(prefix + parameter).has_value(); };
    if (std::ranges::all_of(parameters, there)) found += (found.empty() ? "" : ", ") + in_quotes(prefix);
  }
  return found;
}

/// Reads the parameters of a model from a safetensors file. Blocks. Real must agree; `copy_to` gives another precision.
///
/// Everything is read and checked before anything changes: after an error the model is as it was.
///
/// Cost: O(parameters), read once; memory a second copy until all of it is checked.
///
/// @param model  of the sizes that were saved, and set as it was: a file has no dropout, number of heads or activation
/// @throws FileError  naming every missing, unexpected and misshaped tensor, and prefixes with which all would be
///                    there; or what is wrong with the file
template <class Model>
void load(Model& model, const SafetensorsReader& reader, const LoadSettings& settings = {}) {
  std::string missing, unexpected, misshaped;
  const auto list = [](std::string& names, const std::string& name, const std::string& remark = {}) {
    names += (names.empty() ? "" : ", ") + name + remark;
  };
  const auto shape_text = [](const std::vector<std::int64_t>& shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + ")";
  };
  std::set<std::string> known;
  std::vector<std::string> parameters;
  std::vector<std::function<void()>> assignments;
  const auto tensor_name = [&](const Path& path) {
    return settings.prefix + (settings.rename ? settings.rename(path.text()) : path.text());
  };
  visit_parameters(model, [&](const Path& path, auto& parameter) {
    using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
    constexpr int rank = std::remove_cvref_t<decltype(parameter)>::rank;
    const std::string name = tensor_name(path);
    known.insert(name);
    parameters.push_back(name);
    const auto entry = reader.find(name);
    if (!entry) return list(missing, name);
    std::vector<std::int64_t> shape;
    for (int r = 0; r < rank; ++r) shape.push_back(parameter.extent(r));
    if (entry->shape != shape)
      return list(misshaped, name, " (file " + shape_text(entry->shape) + ", model " + shape_text(shape) + ")");
    if (entry->dtype != dtype_of<T>())
      return list(misshaped, name,
                  text_of(" (file ", facts_of(entry->dtype).name, ", model ", facts_of(dtype_of<T>()).name, ")"));
    assignments.push_back([elements = reader.template read<T>(name), view = parameter.mutable_view()] {
      copy_from_host(elements, view);
    });
  });
  for (std::size_t i = 0; i < reader.size(); ++i) {
    const std::string name = reader.entry(i).name;
    if (name.starts_with(settings.prefix) && !known.contains(name)) list(unexpected, in_quotes(name));
  }
  std::string wrong;
  if (!missing.empty() && !settings.allow_missing) wrong += "; missing: " + missing;
  if (!unexpected.empty() && !settings.allow_unexpected) wrong += "; unexpected: " + unexpected;
  if (!misshaped.empty()) wrong += "; misshaped: " + misshaped;
  if (!missing.empty() && !wrong.empty())
    if (const std::string prefixes = prefixes_of(reader, parameters); !prefixes.empty())
      wrong += "; all parameters are there behind " + prefixes + ": is this a checkpoint? Then set .prefix to that";
  expects<FileError>(wrong.empty(), "load: ", reader.path(), ": the file does not fit the model", wrong);
  for (const auto& assign : assignments) assign();
}

/// The same from a path.
template <class Model>
void load(Model& model, const std::filesystem::path& path, const LoadSettings& settings = {}) {
  load(model, SafetensorsReader(path), settings);
}

}  // namespace longshore::inline LONGSHORE_ABI
