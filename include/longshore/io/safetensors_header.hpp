// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/safetensors_index.hpp>
#include <longshore/io/safetensors_limits.hpp>
#include <longshore/io/safetensors_metadata.hpp>
#include <longshore/io/safetensors_parser.hpp>
#include <longshore/io/safetensors_reader_settings.hpp>
#include <longshore/io/tensor_entry.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The header of a safetensors file, checked: the tensors have different names, cover the data exactly, in order and
/// without overlap, and each is as large as its shape and type say.
///
/// Tensors of no element are allowed; they begin and end where a neighbour does.
///
/// Cost: O(header log tensors), within `SafetensorsLimits`.
class SafetensorsHeader {
 public:
  /// Parses and checks a header. Tensor data is not looked at.
  ///
  /// @param where       caller and path, the beginning of error texts
  /// @param text        the header without the length field
  /// @param data_bytes  bytes of the file behind the header
  /// @throws FileError with the byte of what is wrong
  SafetensorsHeader(std::string where, std::string text, std::uint64_t data_bytes,
                    const SafetensorsReaderSettings& settings) {
    index_.where = std::move(where);
    index_.text = std::move(text);
    const std::string checksum = checksum_of_text();
    check_text(settings.limits);
    SafetensorsParser::parse(index_, settings.limits);
    check_cover(data_bytes);
    sort_names();
    if (settings.checksums != Checksums::ignored) check_checksums(checksum, settings.checksums);
  }

  /// The number of tensors.
  std::size_t size() const { return index_.tensors.size(); }

  /// A tensor, counted in the order of the data.
  TensorEntry entry(std::size_t position) const {
    const SafetensorsIndex::Tensor& tensor = index_.tensors[position];
    return {.name = std::string(index_.name(tensor)),
            .dtype = tensor.dtype,
            .shape = shape_of(tensor),
            .begin = tensor.begin,
            .end = tensor.end};
  }

  /// The position of the tensor of this name, or nothing.
  std::optional<std::size_t> find(std::string_view name) const {
    const auto found = std::ranges::lower_bound(by_name_, name, {}, [&](std::uint32_t i) { return name_of(i); });
    if (found == by_name_.end() || name_of(*found) != name) return std::nullopt;
    return *found;
  }

  /// The metadata of this key, the library's own included, or nothing. Valid as long as the header.
  std::optional<std::string_view> metadata(std::string_view key) const {
    const auto found = std::ranges::lower_bound(by_key_, key, {}, [&](std::uint32_t i) { return key_of(i); });
    if (found == by_key_.end() || key_of(*found) != key) return std::nullopt;
    return index_.value(index_.metadata[*found]);
  }

  /// The metadata that users wrote, in the order of the file.
  Metadata metadata() const {
    Metadata pairs;
    for (const SafetensorsIndex::Pair& pair : index_.metadata)
      if (!SafetensorsKeys::reserved(index_.key(pair))) pairs.emplace_back(index_.key(pair), index_.value(pair));
    return pairs;
  }

 private:
  std::string_view name_of(std::uint32_t i) const { return index_.name(index_.tensors[i]); }
  std::string_view key_of(std::uint32_t i) const { return index_.key(index_.metadata[i]); }

  /// The checksum that the header should have; empty if it does not begin as one with a checksum.
  std::string checksum_of_text() const {
    const std::string_view text = index_.text;
    if (!text.starts_with(SafetensorsKeys::opening) || text.size() < SafetensorsKeys::opening.size() + 16) return {};
    return header_checksum(text);
  }

  void check_text(const SafetensorsLimits& limits) {
    std::string& text = index_.text;
    if (!text.starts_with('{')) index_.refuse(0, "the header must begin with {");
    // The JSON scanner takes a NUL for the end of the text, and keeps what lies between two texts in memory.
    if (const std::size_t at = text.find('\0'); at != std::string::npos) index_.refuse(at, "a NUL in the header");
    text.resize(text.find_last_not_of(' ') + 1);
    std::size_t begin = 0;
    bool inside = false;
    for (std::size_t at = 0; at <= text.size(); ++at) {
      if (at - begin > limits.text_bytes)
        index_.refuse(begin, "more than ", limits.text_bytes, " bytes without a quotation mark");
      if (at < text.size() && text[at] == '\\' && inside) {
        ++at;
      } else if (at < text.size() && text[at] == '"') {
        inside = !inside;
        begin = at + 1;
      }
    }
  }

  void check_cover(std::uint64_t data_bytes) {
    std::ranges::sort(index_.tensors, {}, [](const auto& tensor) { return std::pair(tensor.begin, tensor.end); });
    std::uint64_t end = 0;
    for (const SafetensorsIndex::Tensor& tensor : index_.tensors) {
      if (tensor.begin != end)
        index_.refuse_tensor(tensor, "begins at ", tensor.begin, " of the data, the one before ends at ", end);
      if (tensor.end < tensor.begin || tensor.end > data_bytes)
        index_.refuse_tensor(tensor, "ends at ", tensor.end, " of the data, which has ", data_bytes, " bytes");
      end = tensor.end;
    }
    if (end != data_bytes)
      throw FileError(
          text_of(index_.where, ": the tensors end at ", end, " of the data, which has ", data_bytes, " bytes"));
    for (const SafetensorsIndex::Tensor& tensor : index_.tensors) {
      const auto bytes = bytes_of(shape_of(tensor), facts_of(tensor.dtype).bytes);
      if (!bytes) index_.refuse_tensor(tensor, "has a shape whose size leaves 63 bits");
      if (*bytes != tensor.end - tensor.begin)
        index_.refuse_tensor(tensor, "has ", tensor.end - tensor.begin, " bytes, its shape and type need ", *bytes);
    }
  }

  void sort_names() {
    by_name_.resize(index_.tensors.size());
    std::iota(by_name_.begin(), by_name_.end(), 0u);
    std::ranges::sort(by_name_, {}, [&](std::uint32_t i) { return name_of(i); });
    for (std::size_t i = 1; i < by_name_.size(); ++i)
      if (name_of(by_name_[i]) == name_of(by_name_[i - 1]))
        index_.refuse_tensor(index_.tensors[by_name_[i]], "comes twice");
    by_key_.resize(index_.metadata.size());
    std::iota(by_key_.begin(), by_key_.end(), 0u);
    std::ranges::sort(by_key_, {}, [&](std::uint32_t i) { return key_of(i); });
    for (std::size_t i = 1; i < by_key_.size(); ++i)
      if (key_of(by_key_[i]) == key_of(by_key_[i - 1]))
        index_.refuse(index_.metadata[by_key_[i]].key, "the metadata key ", in_quotes(key_of(by_key_[i])),
                      " comes twice");
  }

  void check_checksums(const std::string& expected, Checksums policy) const {
    const bool ours = std::ranges::any_of(index_.metadata, [&](const SafetensorsIndex::Pair& pair) {
      return index_.key(pair).starts_with(SafetensorsKeys::prefix);
    });
    if (!ours && policy == Checksums::if_present) return;
    if (expected.empty())
      index_.refuse(0, "the header has no checksum at its beginning",
                    ours ? "; was it rewritten by another program that copied the metadata?" : ", and it is required");
    if (metadata(SafetensorsKeys::header) != expected) index_.refuse(0, "the header does not match its checksum");
    const std::string_view format = metadata(SafetensorsKeys::format).value_or("missing");
    if (format != SafetensorsKeys::format_version)
      index_.refuse(0, SafetensorsKeys::format, " is ", in_quotes(format), ", this library reads up to ",
                    SafetensorsKeys::format_version);
    for (const SafetensorsIndex::Tensor& tensor : index_.tensors)
      if (!metadata(std::string(SafetensorsKeys::tensor).append(index_.name(tensor))))
        index_.refuse_tensor(tensor, "has no checksum");
  }

  std::vector<std::int64_t> shape_of(const SafetensorsIndex::Tensor& tensor) const {
    std::vector<std::int64_t> shape(tensor.rank);
    const char* at = index_.text.data() + tensor.shape;
    const char* const end = index_.text.data() + index_.text.size();
    for (std::int64_t& extent : shape) {
      while (*at < '0' || *at > '9') ++at;  // the parser has seen `rank` numbers from here on
      at = std::from_chars(at, end, extent).ptr;
    }
    return shape;
  }

  SafetensorsIndex index_;
  std::vector<std::uint32_t> by_name_;
  std::vector<std::uint32_t> by_key_;
};

}  // namespace longshore::inline LONGSHORE_ABI
