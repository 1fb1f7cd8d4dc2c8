// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/visit.hpp>
#include <longshore/io/safetensors_writer.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What tensors are called.
struct SaveSettings {
  /// From a parameter's path to the tensor's name: for others who read the file, as `pytorch_name`. Empty: the same.
  std::function<std::string(const std::string&)> rename = {};
};

/// The entry of an array in a file: its name, type and shape.
template <class T, int Rank, class Space>
TensorEntry entry_of(const std::string& name, const View<T, Rank, Space>& array) {
  TensorEntry entry{.name = name, .dtype = dtype_of<std::remove_const_t<T>>()};
  for (int r = 0; r < Rank; ++r) entry.shape.push_back(array.extent(r));
  return entry;
}
template <class T, int Rank, class Space>
TensorEntry entry_of(const std::string& name, const Parameter<T, Rank, Space>& parameter) {
  return entry_of(name, parameter.view());
}

/// Writes the parameters of a model to a safetensors file, which Python's `safetensors` reads too. Blocks.
///
/// The file appears whole or not at all, with checksums; tensors have the names of `visit` ("items.weights"), unless
/// `settings.rename` gives others.
///
/// Cost: O(parameters); memory a host copy of one parameter at a time.
///
/// @param metadata  texts to keep beside the tensors
/// @throws FileError  if it cannot be written; the old file is then as it was
/// @throws DataError  if a parameter holds a NaN or an infinity, or two have one name
template <class Model>
void save(const Model& model, const std::filesystem::path& path, const Metadata& metadata = {},
          const SaveSettings& settings = {}) {
  const auto name_of = [&](const Path& where) {
    return settings.rename ? settings.rename(where.text()) : where.text();
  };
  std::vector<TensorEntry> entries;
  visit_parameters(
      model, [&](const Path& where, const auto& parameter) { entries.push_back(entry_of(name_of(where), parameter)); });
  SafetensorsWriter writer(path, std::move(entries), metadata);
  visit_parameters(model, [&](const Path& where, const auto& parameter) {
    using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
    const std::vector<T> elements = copy_to_host(parameter.view());
    writer.write<T>(name_of(where), std::span<const T>(elements));
  });
  writer.commit();
}

}  // namespace longshore::inline LONGSHORE_ABI
