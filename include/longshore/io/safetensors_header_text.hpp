// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/safetensors_limits.hpp>
#include <longshore/io/safetensors_metadata.hpp>
#include <longshore/io/tensor_entry.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the header of a safetensors file: lays the tensors out, writes the JSON text with room for the checksums, and
/// fills these in at the end.
///
/// Cost: O(header).
class SafetensorsHeaderText {
 public:
  /// Makes the text.
  ///
  /// @param tensors   checked; `begin` and `end` of each are set
  /// @param metadata  checked
  /// @throws ShapeError, DataError as SafetensorsWriter
  SafetensorsHeaderText(std::vector<TensorEntry>& tensors, const Metadata& metadata, const SafetensorsLimits& limits) {
    check_names(tensors, metadata, limits);
    const std::vector<std::size_t> order = lay_out(tensors, limits);
    std::string entries;
    for (const std::size_t i : order) entries += "," + entry_text(tensors[i], limits);
    text_.assign(8, '\0');
    text_ += SafetensorsKeys::opening;
    text_ += no_digits;
    text_ += text_of("\",\"", SafetensorsKeys::format, "\":\"", SafetensorsKeys::format_version, '"');
    for (const auto& [key, value] : metadata) text_ += "," + json_text(key, limits) + ":" + json_text(value, limits);
    digits_at_.resize(tensors.size());
    for (const std::size_t i : order) {
      text_ += "," + json_text(std::string(SafetensorsKeys::tensor) + tensors[i].name, limits) + ":\"";
      digits_at_[i] = text_.size();
      text_ += std::string(no_digits) + '"';
    }
    text_ += "}" + entries + "}";
    text_.append((alignment - text_.size() % alignment) % alignment, ' ');
    const std::uint64_t length = text_.size() - 8;
    expects<DataError>(length <= limits.header_bytes, caller, ": a header of ", length, " bytes, at most ",
                       limits.header_bytes);
    std::memcpy(text_.data(), &length, sizeof(length));
  }

  /// Bytes before the data: the length field, the JSON text, spaces up to a multiple of 64.
  std::uint64_t bytes() const { return text_.size(); }

  /// The bytes before the data.
  ///
  /// @param digits  the checksum of each tensor, as declared
  const std::string& finished(const std::vector<std::string>& digits) {
    for (std::size_t i = 0; i < digits.size(); ++i) text_.replace(digits_at_[i], no_digits.size(), digits[i]);
    text_.replace(8 + SafetensorsKeys::opening.size(), no_digits.size(),
                  header_checksum(std::string_view(text_).substr(8)));
    return text_;
  }

 private:
  static constexpr std::string_view caller = "SafetensorsWriter";
  static constexpr std::string_view no_digits = "0000000000000000";
  static constexpr std::size_t alignment = 64;  // bytes: a cache line, and the widest vector register

  static void check_names(const std::vector<TensorEntry>& tensors, const Metadata& metadata,
                          const SafetensorsLimits& limits) {
    expects<DataError>(tensors.size() <= limits.tensors, caller, ": ", tensors.size(), " tensors, at most ",
                       limits.tensors);
    const std::uint64_t pairs = metadata.size() + tensors.size() + 2;
    expects<DataError>(pairs <= limits.metadata_pairs, caller, ": ", pairs,
                       " metadata pairs with the checksums, at most ", limits.metadata_pairs);
    std::set<std::string_view> seen;
    for (const TensorEntry& tensor : tensors) {
      expects<DataError>(tensor.name != "__metadata__", caller, ": no tensor can be called ", in_quotes(tensor.name));
      expects<DataError>(tensor.name.size() <= limits.name_bytes, caller, ": the name ", in_quotes(tensor.name),
                         " has ", tensor.name.size(), " bytes, at most ", limits.name_bytes);
      expects<DataError>(seen.insert(tensor.name).second, caller, ": two tensors are called ", in_quotes(tensor.name));
    }
    seen.clear();
    for (const auto& [key, value] : metadata) {
      expects<DataError>(!SafetensorsKeys::reserved(key), caller, ": the metadata key ", in_quotes(key),
                         " is the library's own");
      expects<DataError>(seen.insert(key).second, caller, ": two metadata pairs have the key ", in_quotes(key));
    }
  }

  /// Gives each tensor its place, large elements first, so that all are aligned without holes.
  ///
  /// @return  the tensors' positions in the order of the data
  static std::vector<std::size_t> lay_out(std::vector<TensorEntry>& tensors, const SafetensorsLimits& limits) {
    std::vector<std::size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return facts_of(tensors[i].dtype).bytes; });
    std::uint64_t end = 0;
    for (const std::size_t i : order) {
      TensorEntry& tensor = tensors[i];
      expects(tensor.shape.size() <= limits.rank, caller, ": tensor ", in_quotes(tensor.name), " has ",
              tensor.shape.size(), " extents, at most ", limits.rank);
      const auto bytes = bytes_of(tensor.shape, facts_of(tensor.dtype).bytes);
      tensor.begin = end;
      expects(bytes && !__builtin_add_overflow(end, *bytes, &end) && end <= INT64_MAX, caller, ": tensor ",
              in_quotes(tensor.name), " has a negative extent, or its size leaves 63 bits");
      tensor.end = end;
    }
    return order;
  }

  static std::string entry_text(const TensorEntry& tensor, const SafetensorsLimits& limits) {
    std::string text =
        json_text(tensor.name, limits) + ":{\"dtype\":\"" + std::string(facts_of(tensor.dtype).name) + "\",\"shape\":[";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      if (i > 0) text += ',';
      text += std::to_string(tensor.shape[i]);
    }
    return text + "],\"data_offsets\":[" + std::to_string(tensor.begin) + "," + std::to_string(tensor.end) + "]}";
  }

  /// A text as JSON, with its quotation marks.
  static std::string json_text(const std::string& text, const SafetensorsLimits& limits) {
    std::string json;
    try {
      json = nlohmann::json(text).dump();
    } catch (const nlohmann::json::exception&) {
      throw DataError(text_of(caller, ": ", in_quotes(text), " is not UTF-8"));
    }
    expects<DataError>(json.size() - 2 <= limits.text_bytes, caller, ": ", in_quotes(text), " takes ", json.size() - 2,
                       " bytes in the header, at most ", limits.text_bytes);
    return json;
  }

  std::string text_;
  std::vector<std::size_t> digits_at_;
};

}  // namespace longshore::inline LONGSHORE_ABI
