// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/byte_source.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/tensor_entry.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The header of a NumPy .npy file, checked: versions 1.0, 2.0 and 3.0; float32, float64, int32, int64 and uint8 in
/// little-endian C order; exactly as much data as the shape needs.
///
/// Cost: O(header), 64 KiB at most.
/// Source: NEP 1, "A Simple File Format for NumPy Arrays". Python objects, which are programs, are refused like any
/// other type.
struct NpyHeader {
  /// The longest header that is read, in bytes behind the length field; NumPy's own readers stop at 10,000.
  static constexpr std::uint64_t most_bytes = 65'535;
  /// The most extents of an array; NumPy's own limit is 64.
  static constexpr std::size_t most_extents = 32;

  Dtype dtype = Dtype::f32;
  std::vector<std::int64_t> shape = {};  ///< extents, the last one contiguous; empty: a scalar
  std::uint64_t data_offset = 0;         ///< the byte of the file at which the data begins

  /// Reads and checks the header of a file.
  ///
  /// @throws FileError with the byte of what is wrong
  static NpyHeader read(const ByteSource& source) {
    const auto refuse_unless = [&](bool condition, std::uint64_t at, const auto&... parts) {
      expects<FileError>(condition, source.where(), ": byte ", at, ": ", parts...);
    };
    std::array<char, 8> start{};
    source.read(0, std::as_writable_bytes(std::span(start)));
    refuse_unless(std::string_view(start.data(), magic.size()) == magic, 0, "this is not an .npy file");
    const int major = std::to_integer<int>(std::byte(start[6])), minor = std::to_integer<int>(std::byte(start[7]));
    refuse_unless(major >= 1 && major <= 3 && minor == 0, 6, "the format version is ", major, ".", minor,
                  ", versions 1.0, 2.0 and 3.0 are read");
    std::uint32_t length = 0;
    const std::size_t length_bytes = major == 1 ? 2 : 4;
    source.read(8, std::as_writable_bytes(std::span(&length, 1)).first(length_bytes));
    refuse_unless(length <= most_bytes, 8, "a header of ", length, " bytes, at most ", most_bytes, " are read");
    std::string text(length, '\0');
    source.read(8 + length_bytes, std::as_writable_bytes(std::span(text)));

    NpyHeader header;
    header.data_offset = 8 + length_bytes + length;
    Reader{source.where(), text, 8 + length_bytes}.read_dictionary(header);
    const auto bytes = bytes_of(header.shape, facts_of(header.dtype).bytes);
    refuse_unless(bytes.has_value(), 8 + length_bytes, "the size of the shape leaves 63 bits");
    refuse_unless(*bytes == source.size() - header.data_offset, header.data_offset, "the shape needs ", *bytes,
                  " bytes of data, the file has ", source.size() - header.data_offset);
    return header;
  }

  /// The bytes before the data of a file of version 1.0: a multiple of 64.
  ///
  /// @throws ShapeError if there are more than `most_extents` extents
  static std::string text(Dtype dtype, std::span<const std::int64_t> shape) {
    expects(shape.size() <= most_extents, "NpyHeader: ", shape.size(), " extents, at most ", most_extents);
    std::string text = "{'descr': '" + std::string(description_of(dtype)) + "', 'fortran_order': False, 'shape': (";
    for (const std::int64_t extent : shape) text += std::to_string(extent) + (shape.size() == 1 ? "," : ", ");
    if (shape.size() > 1) text.resize(text.size() - 2);
    text += "), }";
    text.append(63 - (magic.size() + 4 + text.size()) % 64, ' ');
    text += '\n';
    const auto length = static_cast<std::uint16_t>(text.size());
    return std::string(magic) + '\1' + '\0' + static_cast<char>(length & 255) + static_cast<char>(length >> 8) + text;
  }

 private:
  static constexpr std::string_view magic = "\x93NUMPY";

  static constexpr std::array<std::pair<std::string_view, Dtype>, 5> descriptions{
      {{"<f4", Dtype::f32}, {"<f8", Dtype::f64}, {"<i4", Dtype::i32}, {"<i8", Dtype::i64}, {"|u1", Dtype::u8}}};

  static std::string_view description_of(Dtype dtype) {
    for (const auto& [name, known] : descriptions)
      if (known == dtype) return name;
    throw ShapeError("NpyHeader: .npy files hold float, double, 32- and 64-bit integers and bytes");
  }

  /// Reads the Python dictionary that the header is, and only its three keys.
  struct Reader {
    const std::string& where;
    std::string_view text;
    std::uint64_t offset;
    std::size_t at = 0;

    template <class... Parts>
    void refuse_unless(bool condition, const Parts&... parts) const {
      expects<FileError>(condition, where, ": byte ", offset + at, ": ", parts...);
    }

    char next() {
      while (at < text.size() && text[at] == ' ') ++at;
      return at < text.size() ? text[at] : '\0';
    }

    void take(char expected) {
      refuse_unless(next() == expected, "the header must have ", expected, " here");
      ++at;
    }

    std::string_view take_text() {
      const char quote = next();
      refuse_unless(quote == '\'' || quote == '"', "the header must have a text here");
      const std::size_t end = text.find(quote, at + 1);
      refuse_unless(end != std::string_view::npos, "the text that begins here does not end");
      const std::string_view found = text.substr(at + 1, end - at - 1);
      at = end + 1;
      return found;
    }

    void take_shape(std::vector<std::int64_t>& extents) {
      take('(');
      bool comma = true;
      while (next() != ')') {
        refuse_unless(comma, "the extents of the shape must have commas between them");
        refuse_unless(extents.size() < most_extents, "more than ", most_extents, " extents");
        std::int64_t extent = 0;
        const char* const end = text.data() + text.size();
        const auto is_digit = [&](std::size_t place) {
          return place < text.size() && text[place] >= '0' && text[place] <= '9';
        };
        const bool number = is_digit(at) && !(text[at] == '0' && is_digit(at + 1));  // Python has no 007 either
        const auto [rest, error] = std::from_chars(text.data() + at, end, extent);
        refuse_unless(number && error == std::errc(), "an extent must be a whole number from 0 to 2^63 - 1");
        at = static_cast<std::size_t>(rest - text.data());
        extents.push_back(extent);
        comma = next() == ',';
        if (comma) ++at;
      }
      refuse_unless(extents.size() != 1 || comma, "a shape of one extent must be written (3,)");
      take(')');
    }

    void take_dtype(Dtype& type) {
      const std::string_view description = take_text();
      for (const auto& [name, known] : descriptions)
        if (description == name) {
          type = known;
          return;
        }
      refuse_unless(false, "elements of type ", in_quotes(description),
                    ", this reader knows <f4, <f8, <i4, <i8 and |u1");
    }

    void take_order() {
      next();
      refuse_unless(!text.substr(at).starts_with("True"), "the array is in Fortran order; save it in C order, for ",
                    "example numpy.save(path, numpy.ascontiguousarray(array))");
      refuse_unless(text.substr(at).starts_with("False"), "fortran_order must be True or False");
      at += 5;
    }

    void read_dictionary(NpyHeader& header) {
      bool has_dtype = false;
      bool has_order = false;
      bool has_shape = false;
      const auto once = [&](bool& seen, std::string_view key) {
        refuse_unless(!seen, key, " comes twice");
        seen = true;
        take(':');
      };
      take('{');
      while (next() != '}') {
        const std::string_view key = take_text();
        if (key == "descr")
          once(has_dtype, key), take_dtype(header.dtype);
        else if (key == "fortran_order")
          once(has_order, key), take_order();
        else if (key == "shape")
          once(has_shape, key), take_shape(header.shape);
        else
          refuse_unless(false, "the header has the unknown key ", in_quotes(key));
        if (next() != '}') take(',');
      }
      refuse_unless(has_dtype && has_order && has_shape, "the header must have descr, fortran_order and shape");
      take('}');
      take('\n');
      refuse_unless(at == text.size(), "the header must end here");
    }
  };
};

}  // namespace longshore::inline LONGSHORE_ABI
