// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/byte_source.hpp>
#include <longshore/io/checksum.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/non_finite.hpp>
#include <longshore/io/safetensors_header.hpp>
#include <longshore/io/safetensors_metadata.hpp>
#include <longshore/io/safetensors_reader_settings.hpp>
#include <longshore/io/tensor_entry.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads tensors from a safetensors file that nobody vouches for.
///
///     SafetensorsReader reader("model.safetensors");
///     std::vector<float> weights = reader.read<float>("items.weights");
///
/// Opening checks the whole header; reading a tensor checks its checksum, where the file has one, and that its values
/// are finite. Each byte of the file is read once, straight into the caller's memory. Const members may be called from
/// several threads at once.
///
/// Cost: opening O(header); reading O(bytes), once.
///
/// @throws FileError from every member: path, byte and what is wrong
class SafetensorsReader {
 public:
  /// Opens a file.
  explicit SafetensorsReader(const std::filesystem::path& path, const SafetensorsReaderSettings& settings = {})
      : SafetensorsReader(ByteSource::file(caller, path), settings) {}

  /// Opens a file that lies in memory, which must stay there as long as the reader is used.
  ///
  /// @param name  stands for the path in error texts
  explicit SafetensorsReader(std::span<const std::byte> bytes, const SafetensorsReaderSettings& settings = {},
                             std::string_view name = "memory")
      : SafetensorsReader(ByteSource::memory(caller, bytes, name), settings) {}

  /// The path of the file, or the name of the one in memory.
  std::string path() const { return source_.where().substr(caller.size() + 2); }

  /// The number of tensors.
  std::size_t size() const { return header_.size(); }

  /// A tensor's name, type, shape and place, counted in the order of the data.
  TensorEntry entry(std::size_t position) const { return header_.entry(position); }

  /// The tensor of this name, or nothing.
  std::optional<TensorEntry> find(std::string_view name) const {
    const auto position = header_.find(name);
    return position ? std::optional(entry(*position)) : std::nullopt;
  }

  /// The metadata of this key, or nothing.
  std::optional<std::string> metadata(std::string_view key) const {
    return std::optional<std::string>(header_.metadata(key));
  }

  /// The metadata as it was given to the writer, in the order of the file, without checksums.
  Metadata metadata() const { return header_.metadata(); }

  /// The byte of the file at which the data begins: TensorEntry's `begin` and `end` count from here.
  std::uint64_t data_offset() const { return data_offset_; }

  /// Reads a tensor.
  ///
  /// @param name         a tensor of element type `T`
  /// @param destination  as many elements as the tensor has; overwritten, even if this throws
  template <class T>
  void read(std::string_view name, std::span<T> destination) const {
    read_into(typed_entry<T>(name), std::as_writable_bytes(destination));
  }

  /// Reads a tensor.
  ///
  /// @return  the elements, last extent contiguous
  template <class T>
  std::vector<T> read(std::string_view name) const {
    const TensorEntry tensor = typed_entry<T>(name);
    std::vector<T> elements(static_cast<std::size_t>((tensor.end - tensor.begin) / sizeof(T)));
    read_into(tensor, std::as_writable_bytes(std::span(elements)));
    return elements;
  }

  /// Reads a tensor of any element type as bytes.
  ///
  /// @param destination  as many bytes as the tensor has; overwritten, even if this throws
  void read_bytes(std::string_view name, std::span<std::byte> destination) const {
    read_into(existing_entry(name), destination);
  }

  /// Checks every tensor without keeping it.
  void verify() const {
    std::array<std::byte, 65'536> buffer;
    for (std::size_t position = 0; position < size(); ++position) {
      const TensorEntry tensor = entry(position);
      Check check(*this, tensor);
      while (check.done < tensor.end - tensor.begin) {
        const std::uint64_t left = tensor.end - tensor.begin - check.done;
        check.read(std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()))));
      }
      check.finish();
    }
  }

 private:
  static_assert(std::endian::native == std::endian::little, "Files are little-endian; this machine is not.");
  static constexpr std::string_view caller = "SafetensorsReader";

  SafetensorsReader(ByteSource source, const SafetensorsReaderSettings& settings)
      : source_(std::move(source)), settings_(settings), header_(read_header()) {}

  SafetensorsHeader read_header() {
    const SafetensorsLimits& limits = settings_.limits;
    expects(limits.header_bytes <= UINT32_MAX && limits.rank <= UINT8_MAX && limits.name_bytes <= UINT16_MAX, caller,
            ": limits beyond 2^32 - 1 header bytes, 255 extents or 65,535 bytes of a name");
    const std::uint64_t size = source_.size();
    expects<FileError>(size >= 8, source_.where(), ": byte 0: the file has ", size,
                       " bytes, a safetensors file begins with 8 bytes of length");
    std::uint64_t length = 0;
    source_.read(0, std::as_writable_bytes(std::span(&length, 1)));
    expects<FileError>(length <= limits.header_bytes, source_.where(), ": byte 0: a header of ", length,
                       " bytes, at most ", limits.header_bytes, " are read");
    expects<FileError>(length <= size - 8, source_.where(), ": byte 0: a header of ", length, " bytes in a file of ",
                       size);
    std::string text(static_cast<std::size_t>(length), '\0');
    source_.read(8, std::as_writable_bytes(std::span(text)));
    data_offset_ = 8 + length;
    return {source_.where(), std::move(text), size - data_offset_, settings_};
  }

  /// Reads a tensor piece by piece and checks it on the way, while the bytes are in the cache.
  struct Check {
    Check(const SafetensorsReader& file, const TensorEntry& entry) : reader(file), tensor(entry) {
      if (reader.settings_.checksums != Checksums::ignored)
        expected = reader.header_.metadata(std::string(SafetensorsKeys::tensor).append(tensor.name));
    }

    void read(std::span<std::byte> piece) {
      const std::uint64_t at = reader.data_offset_ + tensor.begin + done;
      reader.source_.read(at, piece);
      if (expected) checksum.update(piece);
      if (reader.settings_.non_finite == NonFinite::refuse && !non_finite)
        if (const auto element = first_non_finite(tensor.dtype, piece))
          non_finite = at + *element * facts_of(tensor.dtype).bytes;
      done += piece.size();
    }

    /// Damage explains a value that is not finite, so the checksum comes first.
    void finish() const {
      const std::string& where = reader.source_.where();
      expects<FileError>(!expected || *expected == checksum.digits(), where, ": byte ",
                         reader.data_offset_ + tensor.begin, ": tensor ", in_quotes(tensor.name),
                         " does not match its checksum");
      expects<FileError>(!non_finite, where, ": byte ", non_finite.value_or(0), ": tensor ", in_quotes(tensor.name),
                         " holds a NaN or an infinity");
    }

    const SafetensorsReader& reader;
    const TensorEntry& tensor;
    std::optional<std::string_view> expected;
    Checksum checksum;
    std::optional<std::uint64_t> non_finite;
    std::uint64_t done = 0;
  };

  TensorEntry existing_entry(std::string_view name) const {
    auto tensor = find(name);
    expects<FileError>(tensor.has_value(), source_.where(), ": there is no tensor ", in_quotes(name));
    return *std::move(tensor);
  }

  template <class T>
  TensorEntry typed_entry(std::string_view name) const {
    TensorEntry tensor = existing_entry(name);
    expects<FileError>(tensor.dtype == dtype_of<T>(), source_.where(), ": tensor ", in_quotes(name), " holds ",
                       facts_of(tensor.dtype).name, ", the caller reads ", facts_of(dtype_of<T>()).name);
    return tensor;
  }

  void read_into(const TensorEntry& tensor, std::span<std::byte> destination) const {
    expects(destination.size() == tensor.end - tensor.begin, source_.where(), ": tensor ", in_quotes(tensor.name),
            " has ", tensor.end - tensor.begin, " bytes, the destination has ", destination.size());
    constexpr std::size_t piece = 262'144;  // bytes: fits the second-level cache
    Check check(*this, tensor);
    for (std::size_t begin = 0; begin < destination.size(); begin += piece)
      check.read(destination.subspan(begin, std::min(piece, destination.size() - begin)));
    check.finish();
  }

  ByteSource source_;
  SafetensorsReaderSettings settings_;
  std::uint64_t data_offset_ = 0;
  SafetensorsHeader header_;
};

}  // namespace longshore::inline LONGSHORE_ABI
