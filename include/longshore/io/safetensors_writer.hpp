// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/atomic_file.hpp>
#include <longshore/io/checksum.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/non_finite.hpp>
#include <longshore/io/safetensors_header_text.hpp>
#include <longshore/io/safetensors_limits.hpp>
#include <longshore/io/safetensors_metadata.hpp>
#include <longshore/io/tensor_entry.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What the safetensors writer refuses. Its limits are the reader's, so that what is written can be read.
struct SafetensorsWriterSettings {
  NonFinite non_finite = NonFinite::refuse;
  SafetensorsLimits limits = {};
};

/// Writes a safetensors file that appears whole or not at all (see AtomicFile), with a checksum for each tensor and one
/// for the header.
///
///     SafetensorsWriter writer("model.safetensors", {{.name = "weights", .dtype = Dtype::f32, .shape = {2, 3}}},
///     {{"step", "7"}}); writer.write<float>("weights", elements); writer.commit();
///
/// Tensors are declared first and may then be written one at a time, in any order, each from memory that is free
/// afterwards. In the file they lie sorted by the size of their elements, large ones first, else as declared; the data
/// begins at a multiple of 64 bytes, so that every tensor is aligned to its elements in a mapped file.
///
/// Cost: O(bytes), one pass for checksum and file.
class SafetensorsWriter {
 public:
  /// Opens the temporary file beside `path`.
  ///
  /// @param tensors   names (UTF-8, all different), types and shapes; `begin` and `end` are ignored
  /// @param metadata  texts in UTF-8; keys all different and not among the library's own (SafetensorsKeys)
  /// @throws ShapeError if a shape has a negative or too many extents or its size overflows
  /// @throws DataError if a name, key or text cannot be written
  /// @throws FileError if the file cannot be made
  SafetensorsWriter(const std::filesystem::path& path, std::vector<TensorEntry> tensors, const Metadata& metadata = {},
                    const SafetensorsWriterSettings& settings = {})
      : tensors_(std::move(tensors)), settings_(settings), header_(tensors_, metadata, settings.limits), file_(path) {
    for (std::size_t i = 0; i < tensors_.size(); ++i) position_of_.emplace(tensors_[i].name, i);
    digits_.resize(tensors_.size());
  }

  /// Writes the elements of a tensor.
  ///
  /// @param name      a declared tensor of element type `T`, not written yet
  /// @param elements  all of it, last extent contiguous
  /// @throws DataError if the tensor was not declared, was written before, or holds NaN or infinities
  /// @throws ShapeError if the number of elements is not that of the shape
  template <class T>
  void write(std::string_view name, std::span<const T> elements) {
    const TensorEntry& tensor = declared(name);
    expects<DataError>(tensor.dtype == dtype_of<T>(), caller, ": ", file_.path(), ": tensor ", in_quotes(name),
                       " is declared as ", facts_of(tensor.dtype).name, ", ", facts_of(dtype_of<T>()).name, " came");
    write_bytes(name, std::as_bytes(elements));
  }

  /// Writes the elements of a tensor of any type as bytes.
  ///
  /// @throws DataError if the tensor was not declared, was written before, or holds NaN or infinities
  /// @throws ShapeError if the number of bytes is not that of the shape
  void write_bytes(std::string_view name, std::span<const std::byte> bytes) {
    const TensorEntry& tensor = declared(name);
    std::string& digits = digits_[static_cast<std::size_t>(&tensor - tensors_.data())];
    expects<DataError>(digits.empty(), caller, ": ", file_.path(), ": tensor ", in_quotes(name), " is written already");
    expects(bytes.size() == tensor.end - tensor.begin, caller, ": ", file_.path(), ": tensor ", in_quotes(name),
            " has ", tensor.end - tensor.begin, " bytes by its shape, ", bytes.size(), " came");
    constexpr std::size_t piece = 262'144;  // bytes: fits the second-level cache
    Checksum checksum;
    for (std::size_t begin = 0; begin < bytes.size(); begin += piece) {
      const auto part = bytes.subspan(begin, std::min(piece, bytes.size() - begin));
      if (settings_.non_finite == NonFinite::refuse)
        if (const auto element = first_non_finite(tensor.dtype, part))
          throw DataError(text_of(caller, ": ", file_.path(), ": tensor ", in_quotes(name),
                                  " holds a NaN or an infinity at element ",
                                  begin / facts_of(tensor.dtype).bytes + *element));
      checksum.update(part);
      file_.write_at(header_.bytes() + tensor.begin + begin, part);
    }
    digits = checksum.digits();
  }

  /// Puts the file in place; it is on the disk when this returns.
  ///
  /// @throws DataError if a declared tensor was not written
  /// @throws FileError if a system call fails; the old file is then as it was
  void commit() {
    for (std::size_t i = 0; i < tensors_.size(); ++i)
      expects<DataError>(!digits_[i].empty(), caller, ": ", file_.path(), ": tensor ", in_quotes(tensors_[i].name),
                         " was declared but not written");
    file_.write_at(0, std::as_bytes(std::span(header_.finished(digits_))));
    file_.commit();
  }

 private:
  static_assert(std::endian::native == std::endian::little, "Files are little-endian; this machine is not.");
  static constexpr std::string_view caller = "SafetensorsWriter";

  const TensorEntry& declared(std::string_view name) const {
    const auto found = position_of_.find(name);
    expects<DataError>(found != position_of_.end(), caller, ": ", file_.path(), ": tensor ", in_quotes(name),
                       " was not declared");
    return tensors_[found->second];
  }

  std::vector<TensorEntry> tensors_;
  SafetensorsWriterSettings settings_;
  SafetensorsHeaderText header_;
  AtomicFile file_;
  std::map<std::string, std::size_t, std::less<>> position_of_;
  std::vector<std::string> digits_;  // the checksum of each tensor, once written
};

}  // namespace longshore::inline LONGSHORE_ABI
